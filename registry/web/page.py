"""A page for somebody who is signed in: what was asked for, inside the frame that every page has."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session

from registry.alarms.queries import standing
from registry.identity.queries import SignedIn, visible
from registry.identity.rules import Actor
from registry.platform import clock
from registry.platform.facts import is_demonstration
from registry.regions.queries import names as region_names
from registry.request import signed_in_as
from registry.web.navigation import GROUPS, current
from registry.web.templates import render


def page(
    request: Request,
    session: Session,
    actor: Actor,
    template: str,
    facts: Mapping[str, Any],
    status: int = 200,
) -> HTMLResponse:
    """Return a page inside the frame; the frame costs three statements.

    Templates find in it: `actor`, `can(permission)`, `csrf_token`, `standing` (alarms to settle), `today`,
    `is_demonstration`, `region_names` by code, and `here`, the address of the page with its query.
    """
    names = region_names(session)
    homes = sorted({region for _, region in actor.roles}, reverse=True)
    around = {
        "standing": standing(session, visible(session, actor, "alarms.read")),
        "today": clock.today(session),
        "is_demonstration": is_demonstration(session),
        "region_names": names,
        "places": [names[code] for code in homes if code in names],
    }
    return render(template, bare(request) | around | dict(facts), status)


def bare(request: Request) -> dict[str, Any]:
    """Return what a page knows without the database: where it is, and who has asked."""
    who = signed_in_as(request)
    return {
        "actor": who.actor if who else None,
        "csrf_token": who.csrf if who else "",
        "can": lambda permission: who is not None and may(who, permission),
        "groups": [[entry for entry in group if who and may(who, entry.permission)] for group in GROUPS],
        "current": current(request.url.path),
        "here": here(request),
    }


def may(who: SignedIn, permission: str) -> bool:
    """Tell whether somebody may do something somewhere; where exactly is judged when it is done."""
    return who.actor.is_system or bool(who.actor.regions_permitting(permission))


def here(request: Request) -> str:
    """Return the address of a page with its query, as one may come back to it."""
    query = f"?{request.url.query}" if request.url.query else ""
    return quote(request.url.path, safe="/%:@!$&'()*+,;=~-._") + query


def redirect(address: str) -> RedirectResponse:
    """Return the answer to a form: go and look at the result, so that a reload repeats nothing."""
    return RedirectResponse(quote(address, safe="/?&=%:@+,;~-._!$'()*#"), status_code=303)


def is_local(address: str) -> bool:
    """Tell whether an address leads to a page of ours: anything else never becomes a redirection."""
    return (
        address.startswith("/")
        and not address.startswith("//")
        and address.isprintable()
        and "\\" not in address
        and len(address) <= 2000
    )
