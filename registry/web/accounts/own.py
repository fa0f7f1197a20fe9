"""One's own account: roles, password, sign-ins and tokens."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.identity.queries import own_row, sign_ins_of, tokens_of
from registry.identity.rules import LONGEST_DAYS, USUAL_DAYS, Actor, read_days
from registry.identity.service import (
    Change,
    change_password,
    end_sign_in,
    end_sign_ins,
    end_token,
    make_token,
)
from registry.kernel.errors import Invalid, NotFound, RegistryError, Throttled
from registry.platform import audit
from registry.platform.db import reader
from registry.platform.idempotency import once
from registry.request import (
    Form,
    HashingTurn,
    Posted,
    Reader,
    Transaction,
    address_of,
    allowed,
    engine_of,
    signed_in_as,
)
from registry.web.accounts.shown import browser_of, done_of, number_of, person
from registry.web.forms import field_errors, status_of
from registry.web.page import page, redirect
from registry.wording.roles import DUTIES

router = APIRouter()
_OWN = "account.own"


@router.api_route("/account", methods=["GET", "HEAD"])
def account(request: Request, session: Reader, actor: Annotated[Actor, allowed(_OWN)]) -> HTMLResponse:
    """Show one's own account."""
    return _page(request, session, actor)


@router.post("/account/password")
def password(
    request: Request, actor: Annotated[Actor, allowed(_OWN)], form: Posted, _turn: HashingTurn
) -> Response:
    """Change one's own password by showing the old one."""
    engine, who = engine_of(request), person(request)
    try:
        if form["password"] != form["password_again"]:
            raise Invalid("password_differs", "password_again", "")
        given = Change(
            form["old_password"], form["password"], address_of(request), who.sign_in, form["key"] or None
        )
        change_password(engine, actor, given)
    except (Invalid, Throttled) as error:
        with reader(engine) as session:
            return _page(request, session, actor, ("password", form, error))
    return redirect("/account?done=password#done")


@router.post("/account/sign-ins/end")
def end_others(request: Request, session: Transaction, actor: Annotated[Actor, allowed(_OWN)]) -> Response:
    """End every sign-in of one's own but this one."""
    end_sign_ins(session, actor, actor.name, keep=person(request).sign_in)
    return redirect("/account?done=sign-ins#sign-ins")


@router.post("/account/sign-ins/{number}/end")
def end_one(
    request: Request, session: Transaction, actor: Annotated[Actor, allowed(_OWN)], number: str
) -> Response:
    """End one sign-in of one's own."""
    person(request)
    _check_own(session, actor, "sign_in", number)
    end_sign_in(session, actor, number_of(number, "sign_in"))
    return redirect("/account?done=sign-in#sign-ins")


@router.post("/account/tokens")
def new_token(
    request: Request, session: Transaction, actor: Annotated[Actor, allowed(_OWN)], form: Posted
) -> Response:
    """Make a token of one's own and show it on this answer, the only one that ever does."""
    person(request)
    made: list[str] = []

    def do() -> dict[str, bool]:
        made.append(make_token(session, actor, actor.name, form["label"], read_days(form["days"])))
        return {"made": True}

    content = {"label": form["label"], "days": form["days"]}
    try:
        with session.begin_nested():
            once(session, actor.name, "account.token", form["key"] or None, content, do)
    except Invalid as error:
        return _page(request, session, actor, ("token", form, error))
    return (
        _page(request, session, actor, made=made[0]) if made else redirect("/account?done=token-again#tokens")
    )


@router.post("/account/tokens/{number}/end")
def end_own_token(
    request: Request, session: Transaction, actor: Annotated[Actor, allowed(_OWN)], number: str
) -> Response:
    """End a token of one's own."""
    person(request)
    _check_own(session, actor, "token", number)
    end_token(session, actor, number_of(number, "token"))
    return redirect("/account?done=token#tokens")


def _check_own(session: Session, actor: Actor, what: str, number: str) -> None:
    """Find only what is one's own here: an administrator ends those of others on their page."""
    mine = sign_ins_of(session, actor.name, None) if what == "sign_in" else tokens_of(session, [actor.name])
    if number_of(number, what) not in {row.id for row in mine}:
        raise NotFound(what, number)


def _page(
    request: Request, session: Session, actor: Actor,
    refused: tuple[str, Form, RegistryError] | None = None, made: str = "",
) -> HTMLResponse:  # fmt: skip
    sign_ins, tokens = sign_ins_of(session, actor.name), tokens_of(session, [actor.name])
    tried, form, error = refused or ("", None, None)
    set_by = audit.newest(session, actor.name, "user.password")
    facts = {
        "row": own_row(session, actor, sign_ins, tokens),
        "set_by": set_by.actor if set_by is not None else "",
        "sign_ins": [(row, browser_of(row.agent)) for row in sign_ins],
        "present": person_of(request),
        "tokens": tokens,
        "duties": DUTIES,
        "usual_days": USUAL_DAYS,
        "longest_days": LONGEST_DAYS,
        "done": done_of(request) if not refused and not made else "",
        "made": made,
        "tried": tried,
        "typed": dict(form) if form else {},
        "errors": field_errors(error) if error else {},
    }
    return page(request, session, actor, "accounts/own.html", facts, status_of(error) if error else 200)


def person_of(request: Request) -> int | None:
    """Return the number of the sign-in that looks at the page; None for a program."""
    who = signed_in_as(request)
    return who.sign_in if who is not None else None
