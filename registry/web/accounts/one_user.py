"""One user in an administrator's care."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from registry.identity.queries import manageable_user, sign_ins_of, tokens_of, user_row
from registry.identity.rules import Actor
from registry.kernel.errors import RegistryError
from registry.platform import audit
from registry.request import Form, Reader, allowed
from registry.web.accounts.people import MANAGE, region_choices, role_choices
from registry.web.accounts.shown import browser_of, done_of
from registry.web.forms import field_errors, status_of
from registry.web.page import page
from registry.wording.roles import DUTIES

router = APIRouter()


@router.api_route("/users/{name}", methods=["GET", "HEAD"])
def one(
    request: Request, session: Reader, actor: Annotated[Actor, allowed(MANAGE)], name: str
) -> HTMLResponse:
    """Show one user: roles, sign-ins and tokens, and what may be done with the account."""
    return user_page(request, session, actor, name)


def user_page(
    request: Request, session: Session, actor: Actor, name: str,
    refused: tuple[Form, RegistryError] | None = None, made: str = "",
) -> HTMLResponse:  # fmt: skip
    """Return the page of a user, with what was refused or with the password just made.

    Raises:
        NotFound, Forbidden: no such user in the actor's jurisdiction, or in the actor's care.
    """
    user, _ = manageable_user(session, actor, name)
    form, error = refused or (None, None)
    set_by = audit.newest(session, name, "user.password")
    facts = {
        "row": user_row(session, actor, user),
        "is_own": actor.name == name,
        "set_by": set_by.actor if set_by is not None else "",
        "sign_ins": [(row, browser_of(row.agent)) for row in sign_ins_of(session, name)],
        "tokens": tokens_of(session, [name]),
        "roles": role_choices(),
        "regions": region_choices(session, actor),
        "duties": DUTIES,
        "done": done_of(request) if not refused and not made else "",
        "made": made,
        "typed": dict(form) if form else {},
        "errors": field_errors(error) if error else {},
    }
    return page(request, session, actor, "accounts/one.html", facts, status_of(error) if error else 200)
