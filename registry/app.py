"""Builds the web application from its settings, nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from registry import api, web
from registry.platform.db import connect
from registry.request import attach
from registry.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Return the application on the database of the settings; it opens no connection yet."""
    app = FastAPI(
        title="registry", lifespan=_life, openapi_url=None, docs_url=None, redoc_url=None,
        redirect_slashes=False,  # such a redirection leads wherever the Host header of the request says
    )  # fmt: skip
    attach(app, connect(settings.database_url))
    web.install(app, settings)
    api.install(app)
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.engine.dispose()
