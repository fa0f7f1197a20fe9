"""Caps as a page shows them: figures as an office writes them, and what each of them rests on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from registry.caps.queries import Reading
from registry.caps.rules import state
from registry.kernel.display import base_rate, office_unit, percent, trimmed
from registry.kernel.meter import FULL, Meter
from registry.kernel.quantity import Quantity, of_kind, quotient
from registry.kernel.shown import Shown, short, state_shown
from registry.kernel.vocabulary import CapPeriod, CapState
from registry.plans.models import Cap
from registry.workflows.cap_status import CapStatus, meter_of

_SHOWN = 30  # missing returns that a row lists; the others are counted


def cap_address(cap: Cap, year: int, as_of: date | None) -> str:
    """Return the address of the page of one cap in a year, as known at the end of a day."""
    asked = f"?year={year}" + (f"&as_of={as_of}" if as_of else "")
    return f"/caps/{cap.region}/{quote(cap.mineral, safe='')}/{cap.period}{asked}"


@dataclass(frozen=True, slots=True)
class Side:
    """One meter in words: what is taken, its share of the limit, and what is left or too much."""

    taken: str | None
    state: CapState
    share: str | None = None
    left: str | None = None
    over: str | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """What a daily cap adds: the highest day, the latest day, the mean, days over and days missing."""

    peak: str | None
    latest: str | None
    latest_used: str
    mean: str
    over: tuple[str, ...]
    missing: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """Where the year will end at the pace of so many reported months, and its share of the limit.

    `total` is rounded, since more digits than an estimate has would only look exact.
    """

    total: str
    share: str | None
    months: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class CapRow:
    """One cap's row."""

    status: CapStatus
    address: str
    meter: Meter | None
    licensed: Side
    output: Side
    held: str | None
    base: str | None
    uncovered: str | None
    returns: int
    missing: tuple[str, ...]
    missing_more: int
    days: Days | None
    ahead: Ahead | None
    shown: Shown

    @property
    def is_unplanned(self) -> bool:
        """Whether no plan speaks of this cap yet in that year; another thing than a plan without figure."""
        return self.status.figure.line is None


@dataclass(frozen=True, slots=True)
class Source:
    """A plan document and the clauses of it that a table's figures rest on."""

    plan: int
    title: str
    number: str | None
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CapTable:
    """The caps of one region."""

    region: str
    name: str
    rows: tuple[CapRow, ...]
    is_partial: bool
    counties: int
    counties_reporting: int
    sources: tuple[Source, ...]
    thresholds: tuple[str, ...]

    @property
    def returns(self) -> int:
        """Returns that have come."""
        return sum(row.returns for row in self.rows)

    @property
    def missing(self) -> int:
        """Returns that are due and have not come."""
        return sum(len(row.status.missing_returns) for row in self.rows)

    @property
    def month(self) -> date | None:
        """The last day of the newest month of which anything has come; None before any has."""
        return max((row.status.data_through for row in self.rows if row.status.data_through), default=None)

    @property
    def looks_ahead(self) -> bool:
        """Whether any of its meters shows an expected year end."""
        return any(row.meter is not None and row.ahead is not None for row in self.rows)


def tables(found: Sequence[CapStatus], names: dict[str, str], as_of: date | None) -> list[CapTable]:
    """Return the caps by region: those whose book is complete here first, partial ones after them."""
    regions = {one.cap.region for one in found}
    made = [
        _table(code, names[code], [one for one in found if one.cap.region == code], as_of) for code in regions
    ]
    return sorted(made, key=lambda table: (table.is_partial, table.region))


def _table(region: str, name: str, found: Sequence[CapStatus], as_of: date | None) -> CapTable:
    cover = found[0].coverage
    return CapTable(
        region, name, tuple(cap_row(one, as_of) for one in found), found[0].is_partial, len(cover.expected),
        len(cover.reported), _sources(found), _thresholds(found),
    )  # fmt: skip


def _thresholds(found: Sequence[CapStatus]) -> tuple[str, ...]:
    """Return the shares at which somebody is told, below the cap itself; daily caps have none."""
    shares = sorted({mark.hundredths for one in found for mark in one.marks if mark.hundredths < FULL})
    return tuple(f"{trimmed(quotient(share, 100, 2))}%" for share in shares)


def cap_row(one: CapStatus, as_of: date | None) -> CapRow:
    """Return a cap with both meters in words."""
    per = one.cap.period
    return CapRow(
        status=one,
        address=cap_address(one.cap, one.year.year, as_of),
        meter=meter_of(one),
        licensed=_side(one, one.licensed.total, is_known=one.licensed.unknown == 0 and _has_data(one)),
        output=_side(one, one.used if one.readings else None),
        held=_office(one.licensed.held, per) if one.licensed.held.base else None,
        base=base_rate(one.limit, per),
        uncovered=_office(one.uncovered, per) if one.uncovered.base else None,
        returns=sum(reading.returns for reading in one.readings),
        missing=tuple(one.missing_returns[:_SHOWN]),
        missing_more=max(len(one.missing_returns) - _SHOWN, 0),
        days=_days(one) if per is CapPeriod.day else None,
        ahead=_ahead(one),
        shown=state_shown(one.state, is_planned=one.figure.line is not None, has_data=_has_data(one)),
    )


def _has_data(one: CapStatus) -> bool:
    return bool(one.readings) or one.licensed.total.base > 0


def _office(quantity: Quantity | None, per: CapPeriod) -> str:
    """Return figure and unit short enough for a column."""
    if quantity is None:
        return "—"
    unit = office_unit(quantity.kind, per)
    return f"{short(quantity, unit)} {unit}"


def _about(quantity: Quantity, per: CapPeriod) -> str:
    """Return figure and unit to three digits, or whole where it has more before the point."""
    unit = office_unit(quantity.kind, per)
    digits = len(str(quantity.base))
    return f"{short(of_kind(quantity.kind, round(quantity.base, -max(digits - 3, 0))), unit)} {unit}"


def _side(one: CapStatus, taken: Quantity | None, *, is_known: bool = True) -> Side:
    """Return one meter in words; share and rest are left out where they cannot be known."""
    if taken is None:
        return Side(None, one.state)
    told = _office(taken, one.cap.period)
    if one.limit is None or one.is_partial:
        return Side(told, one.state)
    free = of_kind(taken.kind, abs(one.limit.base - taken.base))
    is_over = taken.base > one.limit.base
    rest = _office(free, one.cap.period) if is_known or is_over else None
    return Side(
        told,
        state(one.limit, taken, one.marks),
        share=percent(one.ratio(taken)) if is_known else None,
        left=None if is_over else rest,
        over=rest if is_over else None,
    )


def _ahead(one: CapStatus) -> Ahead | None:
    if one.outlook is None:
        return None
    total = of_kind(one.cap.kind, one.outlook.total)
    share = one.ratio(total)
    return Ahead(
        _about(total, one.cap.period),
        None if share is None else percent(share),
        one.outlook.months,
        one.limit is not None and total > one.limit,
    )


def _days(one: CapStatus) -> Days:
    def figure(reading: Reading | None) -> str:
        return _office(of_kind(one.cap.kind, reading.used) if reading else None, CapPeriod.day)

    peak = max(one.readings, key=lambda r: r.used, default=None)
    latest = max(one.readings, key=lambda r: r.period, default=None)
    return Days(
        peak=peak.period if peak and peak.used else None,
        latest=latest.period if latest else None,
        latest_used=figure(latest),
        mean=_office(one.mean, CapPeriod.day),
        over=tuple(reading.period for reading in one.days_over),
        missing=len({name.rsplit("/", 1)[1] for name in one.missing_returns}),
    )


def _sources(found: Iterable[CapStatus]) -> tuple[Source, ...]:
    clauses: dict[tuple[int, str, str | None], dict[str, None]] = {}
    for one in found:
        if one.figure.document and one.figure.line:
            at = (one.figure.document.id or 0, one.figure.document.title, one.figure.document.number)
            clauses.setdefault(at, {})[one.figure.line.clause] = None
    return tuple(Source(*plan, tuple(named)) for plan, named in clauses.items())
