"""Serves the hand-written stylesheet and mark, and the fonts that the set-up installs."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

from registry.web.templates import FOLDER

FONTS = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", "NotoSerifSC-Regular.ttf", "NotoSerifSC-Bold.ttf")
LIBRARIES = ("htmx.min.js",)
_MONTH = 30 * 24 * 3600
router = APIRouter()


def files() -> StaticFiles:
    """Return the application that serves our own assets."""
    return StaticFiles(directory=FOLDER / "assets")


@router.api_route("/fonts/{name}", methods=["GET", "HEAD"])
def font(request: Request, name: str) -> FileResponse:
    """Serve one of our fonts to desks that have none of their own."""
    path = request.app.state.fonts_dir / name
    if name not in FONTS or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type="font/ttf", headers={"cache-control": f"public, max-age={_MONTH}"})


@router.api_route("/lib/{name}", methods=["GET", "HEAD"])
def library(request: Request, name: str) -> FileResponse:
    """Serve a script that the set-up installs; every page works without it."""
    path = request.app.state.fonts_dir.parent / "web" / name
    if name not in LIBRARIES or not path.is_file():
        raise HTTPException(404)
    return FileResponse(
        path, media_type="text/javascript", headers={"cache-control": f"public, max-age={_MONTH}"}
    )
