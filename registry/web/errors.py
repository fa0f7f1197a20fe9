"""Turns errors into pages that say what happened, what was given and what would be accepted."""

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from registry.kernel.errors import RegistryError
from registry.web.headers import HEADERS
from registry.web.templates import render
from registry.wording import problem

_RETRY_AFTER = {"retry-after": "5"}
_LONGEST = 300  # characters of what was given that a page shows again


def install(app: FastAPI) -> None:
    """Answer every error of the application with a page."""
    app.add_exception_handler(RegistryError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


def _page(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> HTMLResponse:
    facts = {"status": status, "detail": detail, "errors": errors or []}
    return render("errors/error.html", facts, status, _RETRY_AFTER if status == 503 else {})


def _refused(_request: Request, error: Exception) -> HTMLResponse:
    if not isinstance(error, RegistryError):
        raise error
    told = problem(error)
    lines = [line | {"value": _short(line["value"])} for line in told["errors"]]
    return _page(told["status"], _short(told["detail"]), lines)


def _http(request: Request, error: Exception) -> HTMLResponse:
    if not isinstance(error, HTTPException):
        raise error
    return _page(error.status_code, _short(request.url.path))


def _broken(_request: Request, _error: Exception) -> HTMLResponse:
    page = _page(500, "")
    page.headers.update(HEADERS)  # this answer leaves outside of the middleware
    return page


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
