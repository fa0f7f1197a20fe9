"""Renders our pages: escaped, every text marked for the catalogue, an unknown name an error."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from registry.identity.rules import SYSTEM
from registry.kernel.display import chinese_date
from registry.platform import clock
from registry.wording.marks import _

FOLDER = Path(__file__).resolve().parent.parent.parent / "templates" / "web"
SHARED = FOLDER.parent / "shared"  # what pages and papers draw alike


def render(
    name: str, facts: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """Return a page; what the register says is never kept in a shared cache."""
    content = _environment().get_template(name).render(facts)
    return HTMLResponse(content, status, {"cache-control": "no-store", **(headers or {})})


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([FOLDER, SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    install: Callable[..., None] = getattr(environment, "install_null_translations")  # noqa: B009 (the extension adds it)
    install(newstyle=True)
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals |= {"asset": asset, "lib": lib, "new_key": new_key}
    environment.filters |= {
        "chinese_date": chinese_date,
        "grouped": grouped,
        "local_day": local_day,
        "local_time": local_time,
        "person": person,
    }
    return environment


@cache
def asset(name: str) -> str:
    """Return the address of an asset with its fingerprint, so that a changed one is fetched anew."""
    content = (FOLDER / "assets" / name).read_bytes()
    return f"/assets/{name}?v={sha256(content).hexdigest()[:12]}"


@cache
def lib(name: str) -> str:
    """Return the address of a script of the set-up; a new lock file is a new address."""
    lock = (FOLDER.parent.parent / "package-lock.json").read_bytes()
    return f"/lib/{name}?v={sha256(lock).hexdigest()[:12]}"


def new_key() -> str:
    """Return the one-time key of a form: sent twice, it is done once."""
    return token_urlsafe(12)


def grouped(number: str) -> str:
    """Return a decimal string with its thousands grouped, every digit kept."""
    return f"{Decimal(number):,}"


def local_day(moment: str) -> str:
    """Return the local calendar day of a moment written in ISO form."""
    return clock.local_day(datetime.fromisoformat(moment)).isoformat()


def local_time(moment: str | datetime) -> str:
    """Return the local day and time of a moment, to the minute."""
    known = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return known.astimezone(clock.LOCAL).strftime("%Y-%m-%d %H:%M")


def person(name: str | None) -> str:
    """Return who did something: a person by name, the program itself in words; nobody is a dash."""
    return _("系统") if name == SYSTEM.name else name or "—"
