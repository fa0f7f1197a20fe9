"""Turns every error under /api into a problem document (RFC 9457), whatever raised it."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException

from registry.api.strict import MediaTypeNotAccepted
from registry.api.unreadable import problem_of
from registry.kernel.errors import NotFound, RegistryError, SignInNeeded, Throttled
from registry.kernel.fields import shown
from registry.wording import problem

PREFIX = "/api"
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "5"
Handler = Callable[[Request, Exception], Awaitable[Response]]
# Fields that services call by the names of a table or of the command line.
_NAMES = {
    "right_no": "right", "unit": "quantity", "lost_unit": "lost", "as-of": "as_of", "key": "Idempotency-Key",
}  # fmt: skip


_SECURE = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
}


class MethodNotServed(RegistryError):
    """The address is there, but takes other methods."""

    code = "method_not_served"


class RequestBroken(RegistryError):
    """The request ended before it was complete."""

    code = "request_unreadable"


class InternalError(RegistryError):
    """A mistake in the program itself; what it was stands in the log."""

    code = "internal_error"


_STATUS: dict[type[RegistryError], int] = {
    MethodNotServed: 405, MediaTypeNotAccepted: 415, RequestBroken: 400, InternalError: 500,
}  # fmt: skip


def install(app: FastAPI) -> None:
    """Answer errors under /api by problems; all others as the application answered them before."""
    ours: dict[type[Exception], Handler] = {
        RegistryError: refused, RequestValidationError: unreadable, HTTPException: http, Exception: broken,
    }  # fmt: skip
    for kind, handler in ours.items():
        app.add_exception_handler(kind, _under_api(handler, app.exception_handlers[kind]))


def _under_api(ours: Handler, others: Any) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        path = request.url.path
        is_ours = path == PREFIX or path.startswith(f"{PREFIX}/")
        answer: Response = await (ours if is_ours else others)(request, error)
        return answer

    return handle


async def refused(_request: Request, error: Exception) -> Response:
    """Answer a refusal of ours."""
    if not isinstance(error, RegistryError):
        raise error
    told = problem(error)
    told["status"] = _STATUS.get(type(error), told["status"])
    told["errors"] = [one | {"field": _NAMES.get(one["field"], one["field"])} for one in told["errors"]]
    return document(told, _headers(error, told["status"]))


async def unreadable(_request: Request, error: Exception) -> Response:
    """Answer input that has not the shape that the description of the API asks for."""
    if not isinstance(error, RequestValidationError):
        raise error
    return document(problem_of(error.errors()))


async def http(request: Request, error: Exception) -> Response:
    """Answer an address or a method that there is not, or a request that ended too soon."""
    if not isinstance(error, HTTPException):
        raise error
    path = shown(request.url.path)
    if error.status_code == 404:
        return await refused(request, NotFound("page", path))
    if error.status_code == 405:
        accepted = ", ".join(sorted(_methods(request)))
        answer = await refused(request, MethodNotServed(path=path, method=request.method))
        answer.headers["allow"] = accepted
        return answer
    return await refused(request, RequestBroken())


async def broken(request: Request, _error: Exception) -> Response:
    """Answer a mistake of the program, and tell nothing of its inside."""
    answer = await refused(request, InternalError())
    answer.headers.update(_SECURE)  # this answer leaves outside of whatever adds headers
    return answer


def document(told: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """Return a problem document as an answer."""
    return JSONResponse(
        told, told["status"], {"cache-control": "no-store", **(headers or {})}, media_type=MEDIA_TYPE
    )


def _headers(error: RegistryError, status: int) -> dict[str, str]:
    if isinstance(error, SignInNeeded):
        return {"www-authenticate": 'Bearer realm="registry"'}
    if isinstance(error, Throttled):
        return {"retry-after": str(error.facts["retry_after"])}
    return {"retry-after": RETRY_AFTER} if status == 503 else {}


def _methods(request: Request) -> set[str]:
    """Return every method that some route takes at this address."""
    path = request.url.path
    found: set[str] = set()
    for context in iter_route_contexts(request.app.routes):
        pattern: re.Pattern[str] | None = getattr(context, "path_regex", None)
        if pattern is not None and pattern.match(path):
            found |= set(getattr(context, "methods", None) or ())
    return found
