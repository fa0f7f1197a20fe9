"""The first page: one year's caps with both meters, what is most urgent, what the plans aim at."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.identity.queries import visible
from registry.identity.rules import Actor
from registry.kernel.shown import Shown
from registry.kernel.vocabulary import CapState
from registry.platform import clock
from registry.platform.sheets import MEDIA_TYPE, sheet_bytes
from registry.regions.queries import names
from registry.request import Reader, allowed
from registry.web.aims import card_rows
from registry.web.asking import asked_day, asked_places, asked_year
from registry.web.caps import CapTable, tables
from registry.web.caps_sheet import sheet_of
from registry.web.page import page
from registry.web.urgent import urgent_rows
from registry.workflows.cap_status import status
from registry.workflows.overview import Overview, overview

router = APIRouter()
_READ = "caps.read"


@router.api_route("/", methods=["GET", "HEAD"])
def dashboard(
    request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)],
    year: str = "", as_of: str = "", region: str = "",
) -> HTMLResponse:  # fmt: skip
    """Show the caps of a year (the newest with returns) as known now or at the end of a day."""
    day = asked_day(as_of, clock.today(session))
    found = overview(session, asked_places(session, actor, _READ, region), asked_year(year), day)
    seen_at_all = visible(session, actor, _READ)
    return page(
        request, session, actor, "caps/overview.html", _facts(session, found, seen_at_all, region.strip())
    )


@router.api_route("/caps.xlsx", methods=["GET", "HEAD"])
def caps_sheet(
    session: Reader,
    actor: Annotated[Actor, allowed(_READ)],
    year: str = "",
    as_of: str = "",
    region: str = "",
) -> Response:
    """Give the caps of a year as a sheet, with exact figures."""
    day = asked_day(as_of, clock.today(session))
    seen = asked_places(session, actor, _READ, region)
    found = status(session, asked_year(year), as_of=day, visible=seen, with_outlook=True)
    wanted = found[0].year.year if found else asked_year(year) or clock.today(session).year
    content = sheet_bytes(sheet_of(found, names(session), wanted, day, clock.now(session)))
    called = quote(f"规划总量调控-{wanted}{f'-截至{day}' if day else ''}.xlsx")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{called}", "cache-control": "no-store"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


def _facts(session: Session, found: Overview, seen: Collection[str] | None, region: str) -> dict[str, object]:
    called = names(session)
    shown = tables(found.caps, called, found.as_of)
    aims = found.indicators
    return {
        "year": found.year,
        "as_of": found.as_of,
        "region": region,
        "choices": [code for code in called if seen is None or code in seen],
        "tables": shown,
        "states": _tally(shown),
        "urgent": urgent_rows(found.urgent, called),
        "standing_then": found.standing,
        "aims": card_rows(aims, called, found.year) if aims else [],
        "aims_of": aims,
    }


def _tally(shown: Sequence[CapTable]) -> list[tuple[Shown, int]]:
    """Count the caps by state, in the order of the states; partial tables are judged by nobody."""
    judged = [row for table in shown if not table.is_partial for row in table.rows if not row.is_unplanned]
    judged.sort(key=lambda row: list(CapState).index(row.status.state))
    return list(Counter(row.shown for row in judged).items())
