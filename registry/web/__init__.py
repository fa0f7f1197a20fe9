"""The web pages: server-rendered, usable without a script."""

from fastapi import APIRouter, Depends, FastAPI

from registry.request import printable
from registry.settings import Settings
from registry.web import (
    accounts,
    alarms,
    assets,
    audit,
    changes,
    documents,
    errors,
    health,
    imports,
    indicators,
    jobs,
    minerals,
    one_cap,
    outputs,
    overview,
    plans,
    rights,
    sign_in,
    verify,
)
from registry.web.headers import SecureHeaders
from registry.web.limits import BodyLimit

# One router an area; an area adds its own line.
ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    assets.router,
    sign_in.router,
    overview.router,
    one_cap.router,
    indicators.router,
    changes.router,
    alarms.router,
    rights.router,
    outputs.router,
    imports.router,
    plans.router,
    minerals.router,
    documents.router,
    verify.router,
    jobs.router,
    accounts.router,
    audit.router,
)


def install(app: FastAPI, settings: Settings) -> None:
    """Give an application its pages, their errors, assets and headers."""
    app.state.fonts_dir = settings.fonts_dir
    app.state.secret_key = settings.secret_key
    app.state.is_https = settings.public_url.startswith("https://")
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(printable)])
    app.mount("/assets", assets.files(), name="assets")
    app.add_middleware(BodyLimit)
    app.add_middleware(SecureHeaders)
    errors.install(app)
