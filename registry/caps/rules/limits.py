"""Pure judgement of caps: thresholds, states, the highest day of what is licensed, verdicts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from registry.kernel.display import office
from registry.kernel.errors import Refused
from registry.kernel.meter import FULL
from registry.kernel.period import Term, Year
from registry.kernel.quantity import Quantity, of_kind
from registry.kernel.vocabulary import AlarmCode, CapPeriod, CapState, CommitmentKind, Kind, Severity

_MARKS = (AlarmCode.cap_near, AlarmCode.cap_warning)


class CapExceeded(Refused):
    """New demand does not fit a 约束性 cap; the way to more room is a plan amendment."""

    code = "cap_exceeded"


class PlanEnded(Refused):
    """A grant or enlargement decided after the plan's end needs a new plan or the municipality's word."""

    code = "plan_ended"


@dataclass(frozen=True, slots=True)
class Mark:
    """One line that a reading can pass: a threshold at or above, the cap itself strictly above."""

    code: AlarmCode
    hundredths: int
    nth: int = 1

    @property
    def name(self) -> str:
        """What its alarms are called by: the code, and its share where another mark has the same code."""
        return self.code if self.nth == 1 else f"{self.code}@{self.hundredths}"

    def is_passed(self, limit: Quantity, reading: Quantity) -> bool:
        """Tell whether the reading has passed this mark of the limit."""
        if self.hundredths == FULL:
            return reading > limit
        # nothing dug is never near, not even to a limit of nothing
        return reading.base > 0 and reading.base * FULL >= limit.base * self.hundredths


def marks(period: CapPeriod, thresholds: Iterable[int]) -> list[Mark]:
    """Return the marks of a cap, lowest first; a daily cap has only itself.

    `thresholds` are hundredths of a percent; the first is near, any further one a warning.
    """
    below = [] if period is CapPeriod.day else sorted(thresholds)
    named = [Mark(_MARKS[min(n, 1)], share, max(n, 1)) for n, share in enumerate(below)]
    return [*named, Mark(AlarmCode.cap_exceeded, FULL)]


def passed(limit: Quantity | None, reading: Quantity, lines: Iterable[Mark]) -> set[Mark]:
    """Return the marks that a reading has passed; an unknown limit has none."""
    return set() if limit is None else {mark for mark in lines if mark.is_passed(limit, reading)}


def state(limit: Quantity | None, reading: Quantity, lines: Sequence[Mark]) -> CapState:
    """Return the state of one meter against its limit."""
    if limit is None:
        return CapState.unknown
    codes = {mark.code for mark in passed(limit, reading, lines)}
    if AlarmCode.cap_exceeded in codes:
        return CapState.exceeded
    if AlarmCode.cap_warning in codes:
        return CapState.warning
    return CapState.near if AlarmCode.cap_near in codes else CapState.ok


_SEVERITY: dict[tuple[AlarmCode, bool], Severity] = {
    (AlarmCode.cap_near, True): Severity.info,
    (AlarmCode.cap_near, False): Severity.info,
    (AlarmCode.cap_warning, True): Severity.warning,
    (AlarmCode.cap_warning, False): Severity.info,
    (AlarmCode.cap_exceeded, True): Severity.critical,
    (AlarmCode.cap_exceeded, False): Severity.warning,
    (AlarmCode.stock_over_cap, True): Severity.critical,
    (AlarmCode.stock_over_cap, False): Severity.warning,
}


def severity(code: AlarmCode, binding: bool | None) -> Severity:
    """Return how urgent a passed mark is, from the cap's 属性; an unknown 属性 counts as 预期性."""
    return _SEVERITY[code, bool(binding)]


@dataclass(frozen=True, slots=True)
class Demand:
    """Capacity that somebody wants or has: from `starts` until (not including) `ends`."""

    region: str
    mineral: str
    period: CapPeriod
    kind: Kind
    amount: Quantity | None
    starts: date
    ends: date | None
    reference: str
    right_id: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A dated commitment as the rules see it; an unknown amount is None."""

    commitment: CommitmentKind
    amount: int | None
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Licensed:
    """The highest day of what is licensed: used and held on that day, and how many are unknown."""

    used: Quantity
    held: Quantity
    unknown: int

    @property
    def total(self) -> Quantity:
        """Used and held together."""
        return self.used + self.held


def highest_day(kind: Kind, commitments: Iterable[Taken], within: Term) -> Licensed:
    """Return used and held on the day of `within` on which their sum is highest.

    Only days on which a commitment begins, and the first day, can be the highest.
    """
    reaching = [c for c in commitments if _reaches(c, within)]
    changes: dict[date, list[int]] = {within.start: [0, 0]}
    for taken in reaching:
        side = 0 if taken.commitment is CommitmentKind.licensed else 1
        changes.setdefault(max(taken.starts, within.start), [0, 0])[side] += taken.amount or 0
        if taken.ends is not None:
            changes.setdefault(taken.ends, [0, 0])[side] -= taken.amount or 0
    running, best = (0, 0), (0, 0)
    for _, (used, held) in sorted(changes.items()):
        running = (running[0] + used, running[1] + held)
        best = max(best, running, key=sum)
    unknown = sum(c.amount is None for c in reaching)
    return Licensed(of_kind(kind, best[0]), of_kind(kind, best[1]), unknown)


def _reaches(taken: Taken, within: Term) -> bool:
    begins_in_time = within.end is None or taken.starts <= within.end
    return begins_in_time and (taken.ends is None or taken.ends > within.start)


class Said(NamedTuple):
    """A cap and the figures of a ruling in words."""

    cap: str
    limit: str
    taken: str
    wanted: str
    room: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """One rule's answer for one cap and year, with its figures and clause.

    `taken` is None where nothing is weighed: the cap is not judged, or the plan has ended.
    """

    code: str
    result: str
    cap: str
    kind: Kind
    year: int
    limit: Quantity | None
    taken: Quantity | None
    wanted: Quantity | None
    document: str | None
    clause: str | None
    binding: bool | None = None

    @property
    def room(self) -> Quantity | None:
        """What would still fit, never below zero; None without a limit, or where nothing is weighed."""
        if self.limit is None or self.taken is None:
            return None
        return of_kind(self.limit.kind, max(self.limit.base - self.taken.base, 0))

    def said(self, places: Mapping[str, str]) -> Said:
        """Return what a sentence says of it, as an office writes it; `places` are the names of regions."""
        region, mineral, period = self.cap.split("/")
        figures = (self.limit, self.taken, self.wanted, self.room)
        amounts = (office(amount, CapPeriod(period)) for amount in figures)
        return Said(f"{places.get(region, region)}{mineral}", *amounts)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every rule's answer: the worst of them is the verdict."""

    rulings: tuple[Ruling, ...]

    @property
    def result(self) -> str:
        """pass, warning or refused."""
        results = {ruling.result for ruling in self.rulings}
        return next((worst for worst in ("refused", "warning") if worst in results), "pass")

    @property
    def first_failing(self) -> Ruling | None:
        """The earliest ruling that refused."""
        failing = (r for r in self.rulings if r.result == "refused")
        return min(failing, key=lambda r: r.year, default=None)

    @property
    def largest(self) -> Quantity | None:
        """The largest amount that no binding cap would refuse; None when none is known, or none would do."""
        if any(r.result == "refused" and r.code != "cap_room" for r in self.rulings):
            return None  # the plan has ended: no smaller amount mends that
        rooms = [r.room for r in self.rulings if r.code == "cap_room" and r.binding and r.room is not None]
        return min(rooms, key=lambda room: room.base, default=None)


def weigh(limit: Quantity | None, binding: bool | None, taken: Quantity, wanted: Quantity | None) -> str:
    """Return pass, warning or refused for a demand on top of what is taken.

    A 约束性 cap refuses what does not fit, a 预期性 one warns (decision 3); an
    unknown limit or amount can only warn, since no figure is invented.
    """
    if limit is None or wanted is None:
        return "warning"
    if taken + wanted <= limit:
        return "pass"
    return "refused" if binding else "warning"


def spans_of(starts: date, ends: date | None, horizon: int) -> Iterator[tuple[Year, Term]]:
    """Yield each year of a demand with its days there; an open end is followed for `horizon` years."""
    last = date(starts.year + horizon - 1, 12, 31) if ends is None else ends - timedelta(days=1)
    for year in map(Year, range(starts.year, last.year + 1)):
        yield year, Term(max(starts, year.first), min(last, year.last))
