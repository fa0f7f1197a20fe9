"""The first page: one year's caps with both meters, what is most urgent, what the plans aim at."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from registry.identity.queries import visible
from registry.identity.rules import Actor
from registry.kernel.shown import Shown
from registry.kernel.vocabulary import CapState
from registry.platform import clock
from registry.regions.queries import names
from registry.request import Reader, allowed
from registry.web.aims import card_rows
from registry.web.asking import asked_day, asked_places, asked_year
from registry.web.caps import CapTable, tables
from registry.web.page import page
from registry.web.urgent import urgent_rows
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
