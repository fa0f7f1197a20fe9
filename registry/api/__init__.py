"""The JSON API: the same services as pages and command line, for other systems."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request

from registry.api import alarms, audit, caps, documents, errors, jobs, me, outputs, plans, reserves, rights
from registry.api.description import PREFIX, describe

# One router an area; an area adds its own line.
ROUTERS: tuple[APIRouter, ...] = (
    me.router,
    caps.router,
    plans.router,
    rights.router,
    outputs.router,
    reserves.router,
    alarms.router,
    documents.router,
    documents.permits,
    jobs.router,
    audit.router,
)
_about = APIRouter()


def install(app: FastAPI) -> None:
    """Give an application its API; call it after the pages, whose errors it takes over under /api."""
    for router in (_about, *ROUTERS):
        app.include_router(router, prefix=PREFIX)
    app.state.description = None
    errors.install(app)


@_about.get("/openapi.json", include_in_schema=False)
def openapi(request: Request) -> dict[str, Any]:
    """Give the description of the API: public, it tells nothing of the book."""
    app = request.app
    app.state.description = app.state.description or describe(app)
    found: dict[str, Any] = app.state.description
    return found
