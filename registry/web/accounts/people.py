"""The list of users, and adding one."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.identity.queries import users, visible
from registry.identity.rules import Actor
from registry.identity.service import add_user
from registry.identity.wanted import FILTERS, read_wanted
from registry.kernel.errors import Invalid, Refused, RegistryError
from registry.kernel.vocabulary import Role
from registry.regions.queries import names
from registry.request import Form, Posted, Reader, Transaction, allowed
from registry.web.accounts.shown import address_of_user, person
from registry.web.forms import field_errors, status_of
from registry.web.page import page, redirect
from registry.web.paging import SIZE, Paging, offset, read_page
from registry.wording.roles import DUTIES

router = APIRouter()
MANAGE = "user.manage"


@router.api_route("/users", methods=["GET", "HEAD"])
def user_list(request: Request, session: Reader, actor: Annotated[Actor, allowed(MANAGE)]) -> HTMLResponse:
    """Show the users in one's care."""
    return _page(request, session, actor)


@router.post("/users")
def add(
    request: Request, session: Transaction, actor: Annotated[Actor, allowed(MANAGE)], form: Posted
) -> Response:
    """Add a user with a first role; a name that is there already is refused."""
    person(request)
    try:
        with session.begin_nested():
            is_new = add_user(session, actor, form["name"].strip(), read_role(form["role"]), form["region"])
    except (Invalid, Refused) as error:
        return _page(request, session, actor, (form, error))
    return redirect(address_of_user(is_new.name, "new" if is_new.password_hash is None else "added"))


def read_role(text: str) -> Role:
    """Return a role as a form gives it.

    Raises:
        Invalid: there is no such role.
    """
    known = Role.read(text)
    if known is None:
        raise Invalid("role_unknown", "role", text[:60], accepted="、".join(one.label for one in Role))
    return known


def region_choices(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Return the regions in which the actor gives roles, by code, with their names."""
    seen = visible(session, actor, MANAGE)
    return [(code, name) for code, name in names(session).items() if seen is None or code in seen]


def role_choices() -> list[tuple[str, str]]:
    """Return every role with its name."""
    return [(role.value, role.label) for role in Role]


def _page(
    request: Request, session: Session, actor: Actor, refused: tuple[Form, RegistryError] | None = None
) -> HTMLResponse:
    query = {name: request.query_params.get(name, "") for name in FILTERS}
    number, wanted = read_page(request.query_params.get("page", "")), read_wanted(query)
    rows, total = users(session, actor, wanted, offset(number), SIZE)
    form, error = refused or (None, None)
    facts = {
        "rows": rows,
        "wanted": wanted,
        "paging": Paging("/users", query, number, total),
        "roles": role_choices(),
        "regions": region_choices(session, actor),
        "duties": DUTIES,
        "typed": dict(form) if form else {},
        "errors": field_errors(error) if error else {},
    }
    return page(request, session, actor, "accounts/people.html", facts, status_of(error) if error else 200)
