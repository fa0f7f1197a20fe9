"""Every route that the application really has, whichever router or application under it brings it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Mount

from registry.app import create_app
from registry.request.signing import permission_of
from registry.settings import Settings


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address; `permissions` are those that its dependencies ask for."""

    method: str
    path: str
    permissions: frozenset[str]


def all_routes() -> list[Route]:
    """Return every route of the application; nothing is opened."""
    app = create_app(Settings(database_url="sqlite://"))
    found = list(_below(app.routes, ""))
    app.state.engine.dispose()
    return found


def _below(routes: list[BaseRoute], prefix: str) -> Iterator[Route]:
    for one in iter_route_contexts(routes):
        if isinstance(one.original_route, Mount):
            inner = one.original_route.routes or []
            yield from _below(inner, prefix + one.original_route.path)
            if not inner:  # files
                yield Route("GET", f"{prefix}{one.original_route.path}/{{path}}", frozenset())
            continue
        dependant = getattr(one, "dependant", None)
        asked = frozenset(_asked(dependant)) if dependant else frozenset()
        for method in sorted(one.methods or ()):
            yield Route(method, prefix + re.sub(r":\w+}", "}", one.path or ""), asked)


def _asked(dependant: Dependant) -> Iterator[str]:
    if dependant.call is not None and (permission := permission_of(dependant.call)):
        yield permission
    for inner in dependant.dependencies:
        yield from _asked(inner)
