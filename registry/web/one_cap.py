"""The page of one cap: up to the plan's clause, down to rights, returns and movements."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from registry.identity.queries import visible
from registry.identity.rules import Actor
from registry.kernel.display import office_unit
from registry.kernel.errors import NotFound
from registry.kernel.month_chart import month_chart
from registry.kernel.vocabulary import CapPeriod
from registry.platform import clock
from registry.request import Reader, allowed
from registry.web.asking import asked_day, asked_year
from registry.web.cap_alarms import alarm_lines
from registry.web.cap_lines import (
    commitment_rows,
    day_rows,
    month_rows,
    movement_rows,
    right_rows,
    threshold_rows,
)
from registry.web.caps import cap_address, cap_row
from registry.web.page import page
from registry.web.paging import Paging, offset, read_page
from registry.workflows.one_cap import OneCap, one_cap

router = APIRouter()
_READ = "caps.read"
_MOVEMENTS = 20  # to a page: they stand below everything else


@router.api_route("/caps/{region}/{mineral}/{period}", methods=["GET", "HEAD"])
def cap(
    request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)],
    region: str, mineral: str, period: str,
) -> HTMLResponse:  # fmt: skip
    """Show one cap in a year (the newest with returns) as known now or at the end of a day."""
    asked = request.query_params
    kind = CapPeriod.read(period)
    if kind is None or not (region + mineral).isprintable():
        raise NotFound("cap", f"{region}/{mineral}/{period}")
    day = asked_day(asked.get("as_of", ""), clock.today(session))
    number = read_page(asked.get("page", ""))
    found = one_cap(
        session, visible(session, actor, _READ), (region, mineral, kind), asked_year(asked.get("year", "")),
        day, (offset(number, _MOVEMENTS), _MOVEMENTS),
    )  # fmt: skip
    return page(request, session, actor, "caps/one.html", _facts(found, asked, number))


def _facts(found: OneCap, asked: Mapping[str, str], number: int) -> dict[str, object]:
    one, year = found.status, found.status.year.year
    path, _, _ = cap_address(one.cap, year, None).partition("?")
    query = {"year": str(year), "as_of": asked.get("as_of", "")}
    is_daily = one.cap.period is CapPeriod.day
    amounts = [(month.peak[1] if month.peak else 0) if is_daily else month.dug for month in found.months]
    sums = [None if is_daily or not month.returns else month.cumulated for month in found.months]
    return {
        "found": found,
        "one": one,
        "row": cap_row(one, found.as_of),
        "year": year,
        "as_of": found.as_of,
        "path": path,
        "chart": month_chart(
            amounts, sums, one.limit.base if one.limit else None, [m.hundredths for m in one.marks]
        ),
        "thresholds": threshold_rows(one),
        "unit": office_unit(one.cap.kind, one.cap.period),
        "year_unit": office_unit(one.cap.kind, CapPeriod.year),
        "months": month_rows(found),
        "days": day_rows(one) if is_daily else [],
        "rights": right_rows(found),
        "commitments": commitment_rows(found),
        "movements": movement_rows(found),
        "cap_alarms": alarm_lines(found),
        "missing": [name.rsplit("/", 2) for name in one.missing_returns],
        "paging": Paging(path, query, number, found.movement_count, _MOVEMENTS),
    }
