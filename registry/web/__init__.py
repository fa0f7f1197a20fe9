"""The web pages: server-rendered, readable without a script."""

from fastapi import FastAPI

from registry.settings import Settings
from registry.web import assets, errors, health, overview
from registry.web.headers import SecureHeaders


def install(app: FastAPI, settings: Settings) -> None:
    """Give an application its pages, their errors, assets and headers."""
    app.state.fonts_dir = settings.fonts_dir
    app.include_router(health.router)
    app.include_router(overview.router)
    app.include_router(assets.router)
    app.mount("/assets", assets.files(), name="assets")
    app.add_middleware(SecureHeaders)
    errors.install(app)
