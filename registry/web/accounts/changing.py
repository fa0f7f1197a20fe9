"""What an administrator does with an account: roles, a new password, closing and opening, ending its use."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from registry.identity.queries import locked_user
from registry.identity.rules import Actor, OwnAccount
from registry.identity.service import (
    add_user,
    end_sign_in,
    end_sign_ins,
    end_token,
    end_tokens,
    new_password,
    password_hash,
    remove_role,
    set_active,
    set_password,
)
from registry.kernel.errors import Invalid, Refused
from registry.platform.db import reader, transaction
from registry.platform.idempotency import once
from registry.request import Form, HashingTurn, Posted, Transaction, allowed, engine_of
from registry.web.accounts.one_user import user_page
from registry.web.accounts.people import MANAGE, read_role
from registry.web.accounts.shown import address_of_user, number_of, person
from registry.web.page import redirect

router = APIRouter()
Administrator = Annotated[Actor, allowed(MANAGE)]


@router.post("/users/{name}/roles")
def give_role(
    request: Request, session: Transaction, actor: Administrator, form: Posted, name: str
) -> Response:
    """Give a user one more role."""

    def do() -> None:
        locked_user(session, actor, name)  # nobody is added by an address
        add_user(session, actor, name, read_role(form["role"]), form["region"])

    return _change(request, session, actor, (name, form), do, "added")


@router.post("/users/{name}/roles/remove")
def take_role(
    request: Request, session: Transaction, actor: Administrator, form: Posted, name: str
) -> Response:
    """Take a role from a user."""

    def do() -> None:
        remove_role(session, actor, name, read_role(form["role"]), form["region"])

    return _change(request, session, actor, (name, form), do, "removed")


@router.post("/users/{name}/close")
def close(request: Request, session: Transaction, actor: Administrator, form: Posted, name: str) -> Response:
    """Close an account."""
    return _change(
        request,
        session,
        actor,
        (name, form),
        lambda: set_active(session, actor, name, active=False),
        "closed",
    )


@router.post("/users/{name}/open")
def reopen(request: Request, session: Transaction, actor: Administrator, form: Posted, name: str) -> Response:
    """Open a closed account again."""

    def do() -> None:
        set_active(session, actor, name, active=True)

    return _change(request, session, actor, (name, form), do, "open")


@router.post("/users/{name}/password")
def reset_password(
    request: Request, actor: Administrator, form: Posted, _turn: HashingTurn, name: str
) -> Response:
    """Set a random password and show it on this answer, the only one that ever does."""
    person(request)
    engine, made = engine_of(request), new_password()
    hashed = password_hash(made, name)
    was_done: list[bool] = []

    def do() -> dict[str, bool]:
        if name == actor.name:  # one's own is changed by showing the old one
            raise OwnAccount(user=name)
        set_password(session, actor, name, hashed)
        was_done.append(True)
        return {"done": True}

    try:
        with transaction(engine) as session:
            once(session, actor.name, "user.password", form["key"] or None, {"name": name}, do)
    except (Invalid, Refused) as error:
        with reader(engine) as looking:
            return user_page(request, looking, actor, name, (form, error))
    if not was_done:
        return redirect(address_of_user(name, "password-again"))
    with reader(engine) as looking:
        return user_page(request, looking, actor, name, made=made)


@router.post("/users/{name}/sign-ins/end")
def end_all_sign_ins(
    request: Request, session: Transaction, actor: Administrator, form: Posted, name: str
) -> Response:
    """End one sign-in of a user, or all of them."""

    def do() -> None:
        keep = person(request).sign_in if name == actor.name else None
        if form["number"]:
            end_sign_in(session, actor, number_of(form["number"], "sign_in"))
        else:
            end_sign_ins(session, actor, name, keep=keep)

    return _change(request, session, actor, (name, form), do, "sign-in" if form["number"] else "all")


@router.post("/users/{name}/tokens/end")
def end_all_tokens(
    request: Request, session: Transaction, actor: Administrator, form: Posted, name: str
) -> Response:
    """End one token of a user, or all of them."""

    def do() -> None:
        if form["number"]:
            end_token(session, actor, number_of(form["number"], "token"))
        else:
            end_tokens(session, actor, name)

    return _change(request, session, actor, (name, form), do, "token" if form["number"] else "tokens")


def _change(
    request: Request, session: Session, actor: Actor, given: tuple[str, Form], do: Callable[[], object],
    done: str,
) -> Response:  # fmt: skip
    """Do an act on a user; what is refused is told on the user's page."""
    person(request)
    name, form = given
    try:
        with session.begin_nested():
            do()
    except (Invalid, Refused) as error:
        return user_page(request, session, actor, name, (form, error))
    return redirect(address_of_user(name, done))
