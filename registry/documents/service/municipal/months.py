"""The months of every cap: what came in each, what the year comes to, and the drawing of it."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from registry.kernel.display import office_unit
from registry.kernel.month_chart import month_chart
from registry.kernel.quantity import of_kind
from registry.kernel.shown import short
from registry.kernel.vocabulary import CapPeriod
from registry.workflows.cap_status import CapStatus, readings_with_months
from reports.municipal import CapMonth, CapYear

_MONTHS = range(1, 13)
_HEIGHT = 112  # of a drawing 720 wide: five stand on a page with their tables


def cap_years(
    session: Session, found: Sequence[CapStatus], year: int, names: Mapping[str, str]
) -> tuple[CapYear, ...]:
    """Return the months of the caps that anything came for, in the order of the caps."""
    told = [one for one in found if one.readings]
    if not told:
        return ()
    [(_, months)] = readings_with_months(session, [one.cap for one in told], year, None)
    return tuple(_cap_year(one, months.get(one.cap.id or 0, {}), names) for one in told)


def _cap_year(one: CapStatus, dug: Mapping[int, int], names: Mapping[str, str]) -> CapYear:
    cap, daily = one.cap, one.cap.period is CapPeriod.day
    by_month = _peaks(one) if daily else dict(dug)
    amounts = [by_month.get(month, 0) for month in _MONTHS]
    last = max(by_month, default=0)
    sums = [None if daily or month > last else sum(amounts[:month]) for month in _MONTHS]
    lacking = [name.rsplit("/", 1)[1] for name in one.missing_returns]
    unit = office_unit(cap.kind, cap.period)

    def told(base: int | None) -> str | None:
        return None if base is None else short(of_kind(cap.kind, base), unit)

    limit = one.limit.base if one.limit and not one.is_partial else None
    return CapYear(
        region=names[cap.region],
        mineral=cap.mineral,
        unit=unit,
        daily=daily,
        limit=told(limit),
        months=tuple(
            CapMonth(
                month=month,
                amount=told(by_month.get(month)),
                cumulative=told(sums[month - 1]),
                missing=sum(int(period[5:7]) == month for period in lacking),
            )
            for month in _MONTHS
        ),
        chart=month_chart(amounts, sums, limit, [mark.hundredths for mark in one.marks], _HEIGHT),
    )


def _peaks(one: CapStatus) -> dict[int, int]:
    """Return the highest day of each month that a day came for."""
    found: dict[int, int] = {}
    for reading in one.readings:
        month = int(reading.period[5:7])
        found[month] = max(found.get(month, 0), reading.used)
    return found
