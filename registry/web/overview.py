"""The page of caps and alarms: one year's caps with both meters, and what was raised about them."""

from collections import Counter
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from registry.identity.rules import Actor
from registry.kernel.errors import Invalid
from registry.kernel.period import parse_day, parse_year
from registry.kernel.vocabulary import CapState
from registry.output.queries import newest_year
from registry.platform import clock
from registry.regions.queries import all_regions
from registry.request import Reader, allowed
from registry.web import alarms, caps
from registry.web.page import page
from registry.workflows.cap_status import status

router = APIRouter()


@router.api_route("/", methods=["GET", "HEAD"])
def overview(
    request: Request,
    session: Reader,
    actor: Annotated[Actor, allowed("caps.read")],
    year: str = "",
    as_of: str = "",
) -> HTMLResponse:
    """Show the caps of a year (the newest with returns) as known now or at the end of a day."""
    today = clock.today(session)
    day = _known_day(as_of, today) if as_of else None
    shown = parse_year(year).year if year else newest_year(session) or today.year
    return page(request, session, actor, "caps/overview.html", _facts(session, shown, day))


def _known_day(text: str, today: date) -> date:
    day = parse_day(text, "as_of")
    if day > today:
        raise Invalid("day_in_future", "as_of", text, accepted=f"≤ {today}")
    return day


def _facts(session: Session, year: int, as_of: date | None) -> dict[str, object]:
    names = {region.code: region.name for region in all_regions(session)}
    tables = caps.tables(status(session, year, as_of=as_of), names)
    raised = alarms.about(session, year, as_of)
    judged = [row for table in tables if not table.is_partial for row in table.rows if not row.is_unplanned]
    judged.sort(key=lambda row: list(CapState).index(row.status.state))
    states = Counter(row.shown for row in judged)
    return {
        "year": year,
        "as_of": as_of,
        "tables": tables,
        "states": list(states.items()),
        "alarms": raised,
    }
