"""The description of the API: what it takes, what it gives, and every error it may answer with."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext, iter_route_contexts

from registry.api.errors import MEDIA_TYPE

PREFIX = "/api/v1"
_SIGNED_IN: list[dict[str, list[str]]] = [{"bearer": []}, {"session": []}]
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_TEXT = {"type": "string"}
_READS = {
    "401": "未登录，或令牌已失效", "403": "岗位没有此项权限", "404": "不存在，或不在管辖区内",
    "422": "内容无法识别：逐项列出字段、值、规则和可接受的内容", "429": "请求过于频繁",
    "500": "程序出错，未写入任何内容", "503": "数据库忙或没有应答，可稍后重试；未写入任何内容",
}  # fmt: skip
_WRITES = _READS | {
    "400": "请求中途断开",
    "409": "依规则不能办理",
    "413": "请求内容过大",
    "415": "请求内容不是 application/json",
}
_HEADERS: dict[str, dict[str, Any]] = {
    "401": {"WWW-Authenticate": {"required": True, "schema": _TEXT, "description": "Bearer"}},
    "429": {"Retry-After": {"required": True, "schema": {"type": "string", "pattern": "^[0-9]+$"}}},
    "503": {"Retry-After": {"required": True, "schema": {"type": "string", "pattern": "^[0-9]+$"}}},
}
_ERROR = {
    "type": "object",
    "required": ["field", "value", "rule", "accepted"],
    "properties": {
        "field": _TEXT | {"description": "字段路径", "examples": ["quantity.value"]},
        "value": _TEXT | {"description": "所填内容，过长时截短"},
        "rule": _TEXT | {"description": "被违反的规则", "examples": ["too_many_places"]},
        "accepted": _TEXT | {"description": "可接受的内容"},
    },
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457；code 稳定，detail 是给人看的中文",
    "required": ["type", "title", "status", "code", "detail", "errors"],
    "properties": {
        "type": _TEXT | {"examples": ["urn:registry:already_returned"]},
        "title": _TEXT,
        "status": {"type": "integer", "examples": [409]},
        "code": _TEXT | {"examples": ["already_returned"]},
        "detail": _TEXT,
        "errors": {"type": "array", "items": _ERROR},
    },
}
_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "registry token create 所发的访问令牌"},
    "session": {
        "type": "apiKey", "in": "cookie", "name": "registry",
        "description": "网页登录；写操作另须 X-CSRF-Token。HTTPS 下名为 __Host-registry",
    },
}  # fmt: skip
_ABOUT = (
    "规划总量调控、矿业权、产量、储量、预警的读写接口，与网页和命令行同一套办理规则。"
    "数量是十进制文字加单位；列表按 next_cursor 续读；写操作可带 Idempotency-Key。"
)


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of the routes under /api/v1."""
    routes: list[RouteContext] = [
        route for route in iter_route_contexts(app.routes) if (route.path or "").startswith(f"{PREFIX}/")
    ]
    found = get_openapi(title="registry", version="1", description=_ABOUT, routes=routes)
    for path in found["paths"].values():
        for method, operation in path.items():
            _add_errors(operation, _READS if method == "get" else _WRITES)
            operation["security"] = _SIGNED_IN
    parts = found.setdefault("components", {})
    parts["securitySchemes"] = _SCHEMES
    schemas: dict[str, Any] = parts.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    return found


def _add_errors(operation: dict[str, Any], told: dict[str, str]) -> None:
    for status, description in told.items():
        answer: dict[str, Any] = {
            "description": description,
            "content": {MEDIA_TYPE: {"schema": _PROBLEM}},
        }
        if status in _HEADERS:
            answer["headers"] = _HEADERS[status]
        operation["responses"][status] = answer
