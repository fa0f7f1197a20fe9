"""The state of every cap in a year: both meters, coverage, and what each figure rests on."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlmodel import Session

from registry.caps.queries import Coverage, Reading, commitments, coverage, marks_on, readings
from registry.caps.rules import Licensed, Mark, Taken, highest_day, state
from registry.kernel.display import BASE_UNIT, in_base_unit
from registry.kernel.period import Term, Year
from registry.kernel.quantity import Quantity, of_kind, ratio
from registry.kernel.vocabulary import CapPeriod, CapState
from registry.minerals.queries import catalogue_order
from registry.output.queries import missing, newest_year
from registry.plans.models import Cap
from registry.plans.queries import CapFigure, caps_over, figure, lines_of
from registry.platform import clock
from registry.regions.queries import all_regions, below

_WORST = (CapState.exceeded, CapState.warning, CapState.near, CapState.ok)


@dataclass(frozen=True, slots=True)
class CapStatus:
    """One cap in one year at a moment."""

    figure: CapFigure
    mineral_code: str | None
    year: Year
    licensed: Licensed
    readings: Sequence[Reading]
    coverage: Coverage
    missing_returns: Sequence[str]
    marks: Sequence[Mark]

    @property
    def cap(self) -> Cap:
        """The account."""
        return self.figure.cap

    @property
    def limit(self) -> Quantity | None:
        """The limit in force in the year."""
        return self.figure.limit

    @property
    def is_partial(self) -> bool:
        """Whether counties that the cap covers keep their book elsewhere."""
        return bool(self.coverage.missing)

    @property
    def used(self) -> Quantity:
        """What was dug: the year's sum, or the highest day under a daily cap."""
        if self.cap.period is CapPeriod.day:
            return of_kind(self.cap.kind, max((r.used for r in self.readings), default=0))
        return of_kind(self.cap.kind, sum(r.used for r in self.readings))

    @property
    def uncovered(self) -> Quantity:
        """What was dug in the year without a permit that covers it."""
        return of_kind(self.cap.kind, sum(r.uncovered for r in self.readings))

    @property
    def data_through(self) -> date | None:
        """The last day of the latest period reported."""
        return max((r.through for r in self.readings), default=None)

    @property
    def state(self) -> CapState:
        """The worse of both meters; partial below full coverage, unknown without a figure."""
        if self.limit is None:
            return CapState.unknown
        if self.is_partial:
            return CapState.partial
        both = {state(self.limit, reading, self.marks) for reading in (self.used, self.licensed.total)}
        return next(worst for worst in _WORST if worst in both)

    @property
    def days_over(self) -> list[Reading]:
        """The days above a daily limit."""
        if self.limit is None or self.cap.period is CapPeriod.year:
            return []
        return [r for r in self.readings if r.used > self.limit.base]

    @property
    def mean(self) -> Quantity | None:
        """The mean of the reported days, rounded half-even to the base unit."""
        if not self.readings:
            return None
        return of_kind(self.cap.kind, round(Fraction(sum(r.used for r in self.readings), len(self.readings))))

    def free(self, taken: Quantity) -> Quantity | None:
        """What is left of the limit, negative when it is passed; None without limit or when partial."""
        if self.limit is None or self.is_partial:
            return None
        return of_kind(self.cap.kind, self.limit.base - taken.base)

    def ratio(self, taken: Quantity) -> Decimal | None:
        """What is taken of the limit, 4 places half-even; None without limit or when partial."""
        if self.limit is None or self.is_partial:
            return None
        return ratio(taken, self.limit)


def status(
    session: Session,
    year: int | None = None,
    region: str | None = None,
    as_of: date | None = None,
    visible: Collection[str] | None = None,
) -> list[CapStatus]:
    """Return every cap of a region and below, by region and mineral code; those without a code last.

    `as_of` answers with what the book said at the end of that local day. The default year is the
    newest with returns, else this year.
    """
    wanted = Year(year or newest_year(session) or clock.today(session).year)
    regions = [r.code for r in all_regions(session)] if region is None else below(session, region)
    caps = caps_over(session, [r for r in regions if visible is None or r in visible])
    order = catalogue_order(session)
    caps.sort(key=lambda cap: (cap.region, order[cap.mineral], cap.period))
    return _Book(session, caps, wanted, as_of).statuses(order)


class _Book:
    """What all caps of one answer share, read once."""

    def __init__(self, session: Session, caps: Sequence[Cap], year: Year, as_of: date | None) -> None:
        self.caps, self.year = caps, year
        moment = None if as_of is None else clock.end_of_day(as_of)
        day = as_of or clock.today(session)
        places = {cap.region for cap in caps}
        self.below = {place: set(below(session, place)) for place in places}
        everywhere = set().union(*self.below.values()) if places else set()
        minerals = {cap.mineral for cap in caps}
        self.lines = lines_of(session, caps, moment)
        self.marks = marks_on(session, year.last)
        self.readings = readings(session, caps, year.year, moment)
        self.coverage = coverage(session, places)
        self.taken = commitments(session, everywhere, minerals, day, moment)
        self.missing = self._missing(session, everywhere, minerals, day, as_of, moment)

    def _missing(
        self,
        session: Session,
        regions: set[str],
        minerals: set[str],
        day: date,
        as_of: date | None,
        moment: datetime | None,
    ) -> dict[tuple[str, str], list[str]]:
        # Looking back to the end of a day, what was due on that day itself is missing too.
        before = day if as_of is None else day + timedelta(days=1)
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for region, right, mineral, period in missing(
            session, regions, minerals, self.year.year, before, moment
        ):
            found[region, mineral].append(f"{right}/{mineral}/{period}")
        return found

    def statuses(self, order: dict[str, tuple[bool, str, str]]) -> list[CapStatus]:
        return [self._status(cap, order[cap.mineral][1] or None) for cap in self.caps]

    def _status(self, cap: Cap, code: str | None) -> CapStatus:
        found = figure(cap, self.lines.get(cap.id or 0, []), self.year)
        taken: list[Taken] = []
        lacking: list[str] = []
        for place in self.below[cap.region]:
            taken += self.taken.get((place, cap.mineral, cap.period), [])
            lacking += self.missing.get((place, cap.mineral), [])
        within = Term(self.year.first, self.year.last)
        licensed = highest_day(cap.kind, taken, within)
        return CapStatus(
            found, code, self.year, licensed, self.readings.get(cap.id or 0, []),
            self.coverage[cap.region], sorted(lacking), self.marks[cap.period],
        )  # fmt: skip


def public(found: CapStatus) -> dict[str, Any]:
    """Return one cap as the contract's `caps status --json` prints it."""
    cap, line, unit = found.cap, found.figure.line, BASE_UNIT[found.cap.kind]
    printed = (
        {"value": line.printed_value, "unit": line.printed_unit} if line and line.printed_value else None
    )
    returns = sum(r.returns for r in found.readings)
    told: dict[str, Any] = {
        "cap": cap.name, "region": cap.region, "mineral": cap.mineral, "mineral_code": found.mineral_code,
        "period": cap.period, "year": found.year.year, "binding": found.figure.binding, "printed": printed,
        "approximate": bool(line and line.approximate),
        "limit": {"value": in_base_unit(found.limit), "unit": unit} if found.limit else None,
        "source": {
            "document": found.figure.document.title if found.figure.document else None,
            "number": found.figure.document.number if found.figure.document else None,
            "clause": line.clause if line else None,
        },
        "carried_forward": found.figure.carried_forward,
        "coverage": {
            "regions": {
                "expected": len(found.coverage.expected), "reported": len(found.coverage.reported),
                "missing": found.coverage.missing,
            },
            "returns": {
                "expected": returns + len(found.missing_returns), "reported": returns,
                "missing": list(found.missing_returns),
            },
        },
        "meters": {"licensed": _licensed(found), "output": _output(found)},
        "unit": unit, "state": found.state,
    }  # fmt: skip
    return told | (_daily(found) if cap.period is CapPeriod.day else {})


def _licensed(found: CapStatus) -> dict[str, Any]:
    total, known = found.licensed.total, found.licensed.unknown == 0
    return {
        "held": in_base_unit(found.licensed.held), "used": in_base_unit(found.licensed.used),
        "free": in_base_unit(found.free(total)) if known else None,
        "ratio": _ratio(found.ratio(total)) if known else None, "unknown": found.licensed.unknown,
    }  # fmt: skip


def _output(found: CapStatus) -> dict[str, Any]:
    through = found.data_through
    return {
        "used": in_base_unit(found.used), "free": in_base_unit(found.free(found.used)),
        "ratio": _ratio(found.ratio(found.used)), "uncovered": in_base_unit(found.uncovered),
        "data_through": through.isoformat() if through else None,
    }  # fmt: skip


def _daily(found: CapStatus) -> dict[str, Any]:
    def on(reading: Reading | None) -> dict[str, Any] | None:
        return (
            None
            if reading is None
            else {
                "day": reading.period,
                "used": in_base_unit(of_kind(found.cap.kind, reading.used)),
            }
        )

    peak = max(found.readings, key=lambda r: r.used, default=None)
    latest = max(found.readings, key=lambda r: r.period, default=None)
    return {
        "peak": on(peak), "latest": on(latest), "days_over": len(found.days_over),
        "days_missing": len({one.rsplit("/", 1)[1] for one in found.missing_returns}),
        "mean": in_base_unit(found.mean),
    }  # fmt: skip


def _ratio(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.4f}"
