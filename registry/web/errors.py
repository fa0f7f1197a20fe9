"""Turns errors into pages that say what happened, what was given and what would be accepted."""

from collections.abc import Collection
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from registry.kernel.errors import CrossSite, NotFound, RegistryError, SignInNeeded, Throttled, faults_of
from registry.request.addresses import parts_of
from registry.request.signing import recognise
from registry.web.headers import HEADERS
from registry.web.page import bare, here
from registry.web.sign_in import ask_again
from registry.web.templates import render
from registry.wording import name_of, problem, say

_BUSY_SECONDS = "5"
_LONGEST = 300  # characters of what was given that a page shows again
_SAFE = ("GET", "HEAD")
# Lets htmx show the sign-in form, which holds what was typed, in place of the page and not of a part of it.
_INSTEAD_OF_ALL = {"hx-retarget": "#main", "hx-reselect": "#main", "hx-reswap": "outerHTML"}


def install(app: FastAPI) -> None:
    """Answer every error of the application with a page."""
    app.add_exception_handler(RegistryError, refused)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(Exception, broken)


async def refused(request: Request, error: Exception) -> Response:
    """Answer a refusal of ours; whoever is not signed in is asked to sign in and brought back."""
    if not isinstance(error, RegistryError):
        raise error
    if isinstance(error, SignInNeeded):
        try:
            return await _sign_in(request)
        except CrossSite as foreign:
            error = foreign
    told = problem(error)
    alone = [fault for fault in faults_of(error) if fault.facts.get("field") is not None]
    lines = [
        line | {"value": _short(line["value"]), "name": name_of(fault.facts) or ""}
        for line, fault in zip(told["errors"], alone, strict=True)
    ]
    return _page(request, told["status"], _short(told["detail"]), lines, _retry(error, told["status"]))


async def _sign_in(request: Request) -> Response:
    by_script = "hx-request" in request.headers
    if request.method not in _SAFE:
        answer = await ask_again(request)
        answer.headers.update(_INSTEAD_OF_ALL if by_script else {})
        return answer
    if not by_script:
        return RedirectResponse(_door(here(request)), status_code=303)
    shown = parts_of(request.headers.get("hx-current-url", ""))  # the page, not the part that was asked for
    door = _door(shown.path + (f"?{shown.query}" if shown.query else ""))
    return Response(status_code=401, headers={"hx-redirect": door})


def _door(wanted: str) -> str:
    """Return where one signs in and is brought back from to the page one wanted."""
    return "/sign-in" if wanted in ("", "/") else f"/sign-in?{urlencode({'next': wanted})}"


async def http(request: Request, error: Exception) -> Response:
    """Answer an address or a method that there is not, or a body that is none."""
    if not isinstance(error, HTTPException):
        raise error
    await run_in_threadpool(recognise, request)
    if error.status_code == 404:
        told = NotFound("page", _short(request.url.path))
        return _page(request, 404, say(told.code, told.facts))
    detail = say("method_not_served", {"method": request.method, "path": _short(request.url.path)})
    if error.status_code != 405:
        detail = say("request_unreadable", {})
    return _page(request, error.status_code, detail, headers=dict(error.headers or {}))


async def unreadable(request: Request, _error: Exception) -> Response:
    """Answer a part of an address that the framework itself could not read."""
    return _page(request, 422, say("request_unreadable", {}))


async def broken(request: Request, _error: Exception) -> Response:
    """Answer a mistake of the program, and tell nothing of its inside."""
    page = _page(request, 500, "")
    page.headers.update(HEADERS)  # this answer leaves outside of the middleware
    return page


def _page(
    request: Request,
    status: int,
    detail: str,
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    facts = bare(request) | {"status": status, "detail": detail, "errors": errors or []}
    facts["readable"] = _readable(request, {line["field"] for line in errors or []})
    return render("errors/error.html", facts, status, headers)


def _readable(request: Request, wrong: Collection[str]) -> str | None:
    """Return the address of a page without the fields that are wrong; None where none of them is in it."""
    asked = request.query_params.multi_items()
    left = [(name, value) for name, value in asked if name not in wrong]
    if request.method not in _SAFE or len(left) == len(asked):
        return None
    return quote(request.url.path) + (f"?{urlencode(left)}" if left else "")


def _retry(error: RegistryError, status: int) -> dict[str, str]:
    if isinstance(error, Throttled):
        return {"retry-after": str(error.facts["retry_after"])}
    return {"retry-after": _BUSY_SECONDS} if status == 503 else {}


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
