"""The indicators of a plan with the mines behind each, and its reserves beside the ledgers'."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from registry.identity.queries import visible
from registry.identity.rules import Actor
from registry.kernel.display import office
from registry.kernel.errors import NotFound
from registry.output.queries import newest_year
from registry.platform import clock
from registry.regions.queries import highest, names
from registry.request import Reader, allowed
from registry.web.aims import AimRow, aim_row
from registry.web.asking import asked_places, asked_year
from registry.web.page import page
from registry.web.paging import SIZE, Paging, offset, read_page
from registry.workflows.indicators import Indicators, Mine, indicators, reserve_lines

router = APIRouter()
_READ = "caps.read"


@router.api_route("/indicators", methods=["GET", "HEAD"])
def indicator_list(
    request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)],
    year: str = "", region: str = "", show: str = "",
) -> HTMLResponse:  # fmt: skip
    """Show what the plans over a region aim at, what the book counts, and the list behind one figure."""
    seen = asked_places(session, actor, _READ, region)
    home = region.strip() or highest(session, seen)
    if home is None:
        raise NotFound("region", region)
    today = clock.today(session)
    wanted = asked_year(year) or newest_year(session) or today.year
    found = indicators(session, home, wanted, today)
    facts = _facts(session, found, wanted, show, read_page(request.query_params.get("page", "")))
    allowed_places = visible(session, actor, _READ)
    facts["choices"] = [c for c in names(session) if allowed_places is None or c in allowed_places]
    return page(request, session, actor, "caps/indicators.html", facts)


def _facts(session: Session, found: Indicators, year: int, show: str, number: int) -> dict[str, object]:
    called = names(session)
    rows = [aim_row(one, called, year, found.region) for one in found.answers]
    chosen = _chosen(rows, show)
    listed = _listed(chosen)
    query = {"year": str(year), "region": found.region, "show": chosen.key if chosen else ""}
    reserves = reserve_lines(session, found.region, year, found.day)
    return {
        "found": found,
        "year": year,
        "region": found.region,
        "own": [row for row in rows if row.answer.is_own],
        "above": [row for row in rows if not row.answer.is_own],
        "chosen": chosen,
        "mines": listed[offset(number) : offset(number) + SIZE],
        "paging": Paging("/indicators", query, number, len(listed)),
        "reserves": [(line, office(line.held)) for line in reserves],
    }


def _chosen(rows: Sequence[AimRow], show: str) -> AimRow | None:
    """Return the indicator whose list is asked for, else the first that has one."""
    counted = [row for row in rows if row.answer.counted is not None]
    asked = next((row for row in counted if row.key == show), None)
    if show and asked is None:
        raise NotFound("indicator", show)
    return asked or next(iter(counted), None)


def _listed(chosen: AimRow | None) -> list[tuple[Mine, bool | None]]:
    """Return the mines behind a figure: those counted in, then the others, last those left out (None)."""
    if chosen is None:
        return []
    answer = chosen.answer
    return [
        *((mine, True) for mine in answer.counted or ()),
        *((mine, False) for mine in answer.others),
        *((mine, None) for mine in answer.left_out),
    ]
