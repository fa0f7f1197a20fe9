"""Who is behind a request, and whether the route is for them.

A person shows the secret of a sign-in in a cookie, a program a token in a header. A request that changes
something and comes with a cookie has to come from one of our own pages: the browser says where it comes from
(Sec-Fetch-Site, Origin), and the form or the script brings the mark of its sign-in.
"""

import hmac
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from typing import Annotated, Any

from fastapi import BackgroundTasks, Depends, Request

from registry.identity.queries import SignedIn, require_anywhere, signed_in, token_holder
from registry.identity.rules import Actor
from registry.identity.service import mark_seen
from registry.kernel.errors import Busy, CrossSite, RegistryError, SignInNeeded
from registry.platform.db import glance
from registry.request.addresses import parts_of
from registry.request.database import engine_of
from registry.request.posting import posted

CSRF_FIELD, CSRF_HEADER = "csrf_token", "x-csrf-token"
_SAFE = ("GET", "HEAD", "OPTIONS")
_AT_ONCE = 12  # fewer than the connections of a pool
_OURS = ("same-origin", "none")


def cookie_name(request: Request) -> str:
    """Return the name of the cookie: under HTTPS one that no other host and no plain page can set."""
    return "__Host-registry" if request.app.state.is_https else "registry"


def address_of(request: Request) -> str:
    """Return the IP address that a request comes from; what a proxy says is believed only where it is one."""
    told = request.client.host if request.client else ""
    try:
        return str(ip_address(told))
    except ValueError:
        return "-"


def _identified(request: Request) -> SignedIn:
    token, secret = _bearer(request), request.cookies.get(cookie_name(request))
    if token is None and secret is None:
        raise SignInNeeded
    with glance(engine_of(request)) as session:
        found = signed_in(session, secret or "") if token is None else token_holder(session, token)
    if found is None:
        raise SignInNeeded
    request.state.signed_in = found
    return found


def _who(request: Request, background: BackgroundTasks) -> SignedIn:
    """Return who is behind a request; that they were seen is written once the answer has left.

    Written before, it would wait on SQLite for the very transaction that the request has begun.
    """
    found = _identified(request)
    background.add_task(_note_seen, engine_of(request), found)
    return found


def _note_seen(engine: Any, found: SignedIn) -> None:
    with suppress(Busy):  # the next request tells it again
        mark_seen(engine, found)


def recognise(request: Request) -> None:
    """Find out who is behind a request that no route took, so that its error page leads on; else nobody."""
    with suppress(RegistryError):
        _identified(request)


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def refuse_foreign(request: Request) -> None:
    """Let a request pass that does not come from a page of another site.

    Raises:
        CrossSite: the browser says that it does.
    """
    if request.headers.get("sec-fetch-site", "none") not in _OURS:
        raise CrossSite
    origin = request.headers.get("origin")
    if origin is not None and parts_of(origin).netloc != request.headers.get("host"):
        raise CrossSite


async def _guarded(
    request: Request, who: Annotated[SignedIn, Depends(_who, scope="function", max_concurrency=_AT_ONCE)]
) -> SignedIn:
    if request.method in _SAFE or who.sign_in is None:
        return who
    refuse_foreign(request)
    given = request.headers.get(CSRF_HEADER) or (await posted(request))[CSRF_FIELD]
    if not hmac.compare_digest(given.encode(errors="replace"), who.csrf.encode()):
        raise CrossSite
    return who


someone = _guarded  # for the few routes that any signed-in person may use, whatever their roles


def allowed(permission: str) -> Any:
    """Return the dependency that gives the actor to a route, if one of the actor's roles permits it.

    What the actor may do it to is judged by the service or the query: it knows the region.

    Raises:
        SignInNeeded: nobody is signed in.
        CrossSite: the request changes something and does not come from our pages.
        Forbidden: no role of the actor permits it anywhere.
    """
    return Depends(_Permitted(permission))


class _Permitted:
    """A dependency that can be asked which permission it stands for."""

    def __init__(self, permission: str) -> None:
        self.permission = permission

    async def __call__(self, who: Annotated[SignedIn, Depends(_guarded)]) -> Actor:
        """Return the actor."""
        require_anywhere(who.actor, self.permission)
        return who.actor


def permission_of(dependency: Callable[..., Any]) -> str | None:
    """Return the permission that a dependency stands for, or None where it is another one."""
    return dependency.permission if isinstance(dependency, _Permitted) else None


def signed_in_as(request: Request) -> SignedIn | None:
    """Return who is behind a request whose route has asked for the actor."""
    found: SignedIn | None = getattr(request.state, "signed_in", None)
    return found
