"""Calls the API as a program with a token does, and holds every answer against the description of the API."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema_rs
from starlette.testclient import TestClient

from registry.api.description import describe
from registry.app import create_app
from registry.settings import Settings

PREFIX = "/api/v1"
JSON, PROBLEM, PDF = "application/json", "application/problem+json", "application/pdf"


@cache
def description() -> dict[str, Any]:
    """Return the description of the API."""
    app = create_app(Settings(database_url="sqlite://"))
    app.state.engine.dispose()
    return describe(app)


@dataclass(frozen=True)
class Caller:
    """Somebody who calls the API."""

    client: TestClient
    headers: dict[str, str]

    def get(self, path: str, **given: Any) -> Any:
        """Ask for something under /api/v1."""
        return self.call("get", path, **given)

    def post(self, path: str, body: Any = None, key: str | None = None, **given: Any) -> Any:
        """Send something to an address under /api/v1."""
        headers = given.pop("headers", {}) | ({"Idempotency-Key": key} if key is not None else {})
        if body is not None:
            given["json"] = body
        return self.call("post", path, headers=headers, **given)

    def call(self, method: str, path: str, **given: Any) -> Any:
        """Send a request and check its answer."""
        headers = self.headers | given.pop("headers", {})
        answer = self.client.request(method, PREFIX + path, headers=headers, **given)
        check(method, path.partition("?")[0], answer)
        return answer

    def every(self, path: str, limit: int = 2, **params: Any) -> list[Any]:
        """Read a list page by page to its end."""
        found: list[Any] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.get(path, params={**params, "limit": limit, **cursor}).json()
            assert len(page["items"]) <= limit
            found += page["items"]
            if page["next_cursor"] is None:
                return found
            assert len(page["items"]) == limit
            cursor = {"cursor": page["next_cursor"]}


def check(method: str, path: str, answer: Any) -> None:
    """Fail where an answer is not as the description of the API says."""
    media_type = answer.headers["content-type"].partition(";")[0]
    assert answer.headers["cache-control"] == "no-store", path
    if media_type == PROBLEM:
        check_problem(answer)
    operation = _operation(method, path)
    if operation is None:
        assert answer.status_code in (404, 405), path
        return
    told = operation["responses"].get(str(answer.status_code))
    assert told is not None, f"{method} {path} answers {answer.status_code}, of which nothing is said"
    for name, header in told.get("headers", {}).items():
        assert not header.get("required") or name in answer.headers, (path, name)
    assert media_type in told["content"], (path, media_type)
    if media_type != PDF:
        validate(told["content"][media_type]["schema"], answer.json())


def check_problem(answer: Any) -> None:
    """Fail where a problem document does not say what it has to say, or says too much."""
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["type"] == f"urn:registry:{told['code']}"
    assert re.search("[\u4e00-\u9fff]", told["detail"])
    assert not re.search(r"Traceback|sqlalchemy|psycopg|\.py\b", answer.text)
    for one in told["errors"]:
        assert one["field"]
        assert one["rule"]


def validate(schema: dict[str, Any], value: Any) -> None:
    """Hold a value against a part of the description."""
    whole = schema | {"components": description()["components"]}
    jsonschema_rs.validator_for(whole).validate(value)


def _operation(method: str, path: str) -> dict[str, Any] | None:
    for template, operations in description()["paths"].items():
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, PREFIX + path) and method in operations:
            found: dict[str, Any] = operations[method]
            return found
    return None


def no_store(answer: Any) -> bool:
    """Tell whether nobody on the way keeps the answer."""
    return bool(answer.headers["cache-control"] == "no-store")
