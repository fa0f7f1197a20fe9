"""Signing in and out.

What somebody typed into a form while their sign-in ended is kept in the page that asks them to sign in
again, and offered to be sent once more.
"""

import hmac
import json
import secrets
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from registry.identity.queries import SignedIn, signed_in
from registry.identity.rules import LONGEST_DAY, SignInFailed
from registry.identity.service import end_sign_in, sign_in
from registry.kernel.errors import CrossSite, RegistryError, Throttled
from registry.platform.db import reader
from registry.platform.facts import is_demonstration
from registry.request import Form, Posted, Transaction, cookie_name, engine_of
from registry.request.posting import posted
from registry.request.signing import CSRF_FIELD, refuse_foreign, someone
from registry.web.forms import field_errors, status_of
from registry.web.page import bare, here, is_local, redirect
from registry.web.templates import render

router = APIRouter()
_FORM_COOKIE = "registry-form"
_MOST_KEPT = 100_000  # characters of a form that are carried over a sign-in


@router.api_route("/sign-in", methods=["GET", "HEAD"])
def show(request: Request) -> HTMLResponse:
    """Show the form for name and password."""
    return _form(request, {"next": request.query_params.get("next", "")})


@router.post("/sign-in")
def enter(request: Request, form: Posted) -> Response:
    """Open a sign-in, and go where somebody wanted to go."""
    try:
        _check_form(request, form)
        engine, address = engine_of(request), request.client.host if request.client else "-"
        agent = request.headers.get("user-agent", "")
        opened = sign_in(engine, form["username"].strip(), form["password"], address, agent)
    except (SignInFailed, Throttled, CrossSite) as error:
        return _form(request, form, error)
    answer = _go_on(request, form, opened.secret)
    _set(request, answer, cookie_name(request), opened.secret, LONGEST_DAY.days * 86400 + LONGEST_DAY.seconds)
    return answer


@router.post("/sign-out")
def leave(request: Request, session: Transaction, who: Annotated[SignedIn, Depends(someone)]) -> Response:
    """End one's own sign-in."""
    if who.sign_in is not None:
        end_sign_in(session, who.actor, who.sign_in)
    answer = redirect("/sign-in")
    answer.delete_cookie(cookie_name(request), path="/")
    return answer


async def ask_again(request: Request) -> HTMLResponse:
    """Return the sign-in page for a form that came without a sign-in, with all that was typed.

    Raises:
        CrossSite: the form came from another site; nothing of it is kept.
    """
    refuse_foreign(request)
    form = await posted(request)
    kept = [(name, value) for name, value in form.fields if name != CSRF_FIELD]
    given = {"kept_action": here(request), "kept": json.dumps(kept, ensure_ascii=False)}
    if len(given["kept"]) > _MOST_KEPT:
        given = {}
    lost = [upload.name for _, upload in form.uploads]
    return await run_in_threadpool(_form, request, given | {"lost": "、".join(lost)}, None, 401)


def _form(
    request: Request, given: Any, error: RegistryError | None = None, status: int = 200
) -> HTMLResponse:
    planted = request.cookies.get(_FORM_COOKIE, "") or secrets.token_urlsafe(24)
    with reader(engine_of(request)) as session:
        demonstration = is_demonstration(session)
    values = {name: given.get(name, "") for name in ("username", "next", "kept_action", "kept", "lost")}
    facts = {
        "values": values,
        "errors": field_errors(error) if error else {},
        "csrf_token": _mark(request, planted),
        "is_demonstration": demonstration,
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
        who = signed_in(session, secret)
    facts = {"action": action, "fields": _read_kept(form["kept"]), "lost": form["lost"]}
    return render("identity/continue.html", bare(request) | facts | {"csrf_token": who.csrf if who else ""})


def _read_kept(text: str) -> list[tuple[str, str]]:
    try:
        found = json.loads(text)
    except ValueError:
        return []
    pairs = found if isinstance(found, list) else []
    return [(str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list) and len(pair) == 2]


def _set(request: Request, answer: Response, name: str, value: str, seconds: int | None) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.app.state.is_https,
    )
