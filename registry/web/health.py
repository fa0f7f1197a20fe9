"""Tells whoever watches the server whether it lives, and whether it can do its work."""

import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from registry.platform.db import reader
from registry.platform.trouble import DatabaseUnreachable
from registry.request import DatabaseNotMigrated, check_migrated
from registry.web.assets import FONTS
from registry.wording import say
from registry.workflows.job_book import anybody_works

SUBSETTER = "libharfbuzz-subset.so.0"  # without it every print takes seven times as long, in silence
router = APIRouter()


@router.api_route("/healthz", methods=["GET", "HEAD"])
async def healthz() -> dict[str, str]:
    """Answer while the process lives: needs neither a thread nor the database."""
    return {"status": "alive"}


@router.api_route("/readyz", methods=["GET", "HEAD"])
def readyz(request: Request) -> JSONResponse:
    """Answer 200 when everything is there, else 503 with what is missing; a missing worker is only told."""
    state = request.app.state
    missing = _database(lambda: check_migrated(state.engine)) | _fonts(state.fonts_dir) | _subsetter()
    checks = {name: missing.get(name, "ok") for name in ("database", "migrations", "fonts", "font_subsetter")}
    if "database" not in missing and "migrations" not in missing:
        checks["worker"] = _worker(state.engine)
    status = "missing" if missing else "ready"
    return JSONResponse(
        {"status": status, "checks": checks, "missing": sorted(missing)}, 503 if missing else 200
    )


def _database(check: Callable[[], None]) -> dict[str, str]:
    try:
        check()
    except DatabaseUnreachable as error:
        told = say(error.code, error.facts)
        return {"database": told, "migrations": told}
    except DatabaseNotMigrated as error:
        return {"migrations": say(error.code, error.facts)}
    return {}


def _worker(engine: Any) -> str:
    with reader(engine) as session:
        return "ok" if anybody_works(session) else say("no_worker_seen", {"command": "registry worker"})


def _fonts(folder: Path) -> dict[str, str]:
    lacking = [name for name in FONTS if not (folder / name).is_file()]
    facts = {"folder": folder, "missing": "、".join(lacking), "command": "make setup"}
    return {"fonts": say("fonts_missing", facts)} if lacking else {}


def _subsetter() -> dict[str, str]:
    try:
        ctypes.CDLL(SUBSETTER)
    except OSError:
        return {"font_subsetter": say("subsetter_missing", {"library": SUBSETTER})}
    return {}
