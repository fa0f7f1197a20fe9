"""Signing in and out.

What somebody typed into a form while their sign-in ended is kept in the page that asks them to sign in
again, and offered to be sent once more.
"""

import hmac
import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from registry.identity.queries import SignedIn, signed_in
from registry.identity.rules import LONGEST_DAY, SignInFailed
from registry.identity.service import end_sign_in, sign_in
from registry.kernel.errors import CrossSite, RegistryError, Throttled
from registry.platform.db import reader
from registry.platform.facts import is_demonstration
from registry.request import Form, HashingTurn, Posted, Transaction, address_of, cookie_name, engine_of
from registry.request.posting import posted
from registry.request.signing import CSRF_FIELD, refuse_foreign, someone
from registry.web import kept
from registry.web.forms import field_errors, status_of
from registry.web.page import bare, is_local, redirect
from registry.web.templates import render

router = APIRouter()
_FORM_COOKIE = "registry-form"
_SECONDS = LONGEST_DAY.days * 86400 + LONGEST_DAY.seconds
_LEAVE = "/sign-out"


@router.api_route("/sign-in", methods=["GET", "HEAD"])
def show(request: Request) -> HTMLResponse:
    """Show the form for name and password."""
    return _form(request, {"next": request.query_params.get("next", "")})


@router.post("/sign-in")
def enter(request: Request, form: Posted, _turn: HashingTurn) -> Response:
    """Open a sign-in, and go where somebody wanted to go; the sign-in held before ends."""
    try:
        _check_form(request, form)
        opened = sign_in(
            engine_of(request),
            form["username"].strip(),
            form["password"],
            address_of(request),
            request.headers.get("user-agent", ""),
            request.cookies.get(cookie_name(request)),
        )
    except (SignInFailed, Throttled, CrossSite) as error:
        return _form(request, form, error)
    answer = _go_on(request, form, opened.secret)
    _set(request, answer, cookie_name(request), opened.secret, _SECONDS)
    return answer


@router.post(_LEAVE)
def leave(request: Request, session: Transaction, who: Annotated[SignedIn, Depends(someone)]) -> Response:
    """End one's own sign-in."""
    if who.sign_in is not None:
        end_sign_in(session, who.actor, who.sign_in)
    answer = redirect("/sign-in")
    _set(request, answer, cookie_name(request), "", 0)
    return answer


async def ask_again(request: Request) -> Response:
    """Return the sign-in page for a form that came without a sign-in, with all that was typed.

    Raises:
        CrossSite: the form came from another site; nothing of it is kept.
    """
    refuse_foreign(request)
    if request.url.path == _LEAVE:  # whoever wants to leave has left
        return redirect("/sign-in")
    given = kept.keep(request, await posted(request))
    return await run_in_threadpool(_form, request, given, None, 401)


def _form(
    request: Request, given: Mapping[str, str], error: RegistryError | None = None, status: int = 200
) -> HTMLResponse:
    planted = request.cookies.get(_FORM_COOKIE, "") or secrets.token_urlsafe(24)
    held = request.cookies.get(cookie_name(request))
    with reader(engine_of(request)) as session:
        demonstration = is_demonstration(session)
        who = signed_in(session, held) if held else None
    facts = {
        "values": {name: given.get(name, "") for name in ("username", "next", *kept.FIELDS)},
        "carried": ("next", *kept.FIELDS),
        "errors": field_errors(error) if error else {},
        "csrf_token": _mark(request, planted),
        "is_demonstration": demonstration,
        "present": who.actor.name if who else "",
        "actor": None,
    }
    headers = {"retry-after": str(error.facts["retry_after"])} if isinstance(error, Throttled) else {}
    answer = render(
        "identity/sign_in.html", bare(request) | facts, status_of(error) if error else status, headers
    )
    _set(request, answer, _FORM_COOKIE, planted, None)
    return answer


def _mark(request: Request, planted: str) -> str:
    """Return what the form carries to show that it came from the page that planted the cookie."""
    key: str = request.app.state.secret_key
    return hmac.new(key.encode(), planted.encode(), sha256).hexdigest()


def _check_form(request: Request, form: Form) -> None:
    refuse_foreign(request)
    planted = request.cookies.get(_FORM_COOKIE, "")
    if not planted or not hmac.compare_digest(
        form[CSRF_FIELD].encode(errors="replace"), _mark(request, planted).encode()
    ):
        raise CrossSite


def _go_on(request: Request, form: Form, secret: str) -> Response:
    """Return the way on: the kept form to be sent once more, else the page that was wanted."""
    action = form["kept_action"]
    if not is_local(action):
        return redirect(form["next"] if is_local(form["next"]) else "/")
    with reader(engine_of(request)) as session:
        who, demonstration = signed_in(session, secret), is_demonstration(session)
    facts = {
        "is_demonstration": demonstration,
        "action": action,
        "fields": kept.kept_fields(form),
        "lost": form["lost"],
        "csrf_token": who.csrf if who else "",
        "name": who.actor.name if who else "",
    }
    return render("identity/continue.html", bare(request) | facts)


def _set(request: Request, answer: Response, name: str, value: str, seconds: int | None) -> None:
    """Set a cookie of ours; without any seconds left the browser forgets it."""
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.app.state.is_https,
    )
