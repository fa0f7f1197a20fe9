"""One cap in a year: down to the rights, returns and movements behind its meters, up to the plan's clause."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from registry.alarms.models import Alarm
from registry.caps.rules import Taken, highest_day
from registry.kernel.errors import NotFound
from registry.kernel.period import Term, Year
from registry.kernel.vocabulary import AlarmCode, CapPeriod, Kind
from registry.plans.models import CapLine, PlanDocument
from registry.platform import clock
from registry.regions.queries import below
from registry.workflows.cap_status import CapStatus, Key, accounts, books, sight_of
from registry.workflows.one_cap.reading import (
    CommitmentLine,
    DugLine,
    MovementLine,
    alarms_about,
    commitment_lines,
    dug_lines,
    movement_lines,
)

__all__ = ["CommitmentLine", "MonthOfCap", "MovementLine", "OneCap", "RightOfCap", "one_cap"]
_MONTH, _DAY = len("2025-07"), len("2025-07-14")


@dataclass(frozen=True, slots=True)
class RightOfCap:
    """One right under a cap: what it may take, None where that is unknown or nothing is on the books.

    `dug` is the sum of the year; `peak` its highest day with that day, where it reports days.
    """

    number: str
    mine: str
    region: str
    licensed: int | None
    dug: int
    uncovered: int
    returns: int
    peak: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class MonthOfCap:
    """One month: what came for it, what the year comes to with it, and what is missing.

    `peak` is the month's highest day under a daily cap: the sum over its rights.
    """

    month: int
    dug: int
    cumulated: int
    returns: int
    missing: int
    peak: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class OneCap:
    """A cap with everything behind its figures; `lines` are the figures it had, with the clause's text."""

    status: CapStatus
    as_of: date | None
    lines: tuple[tuple[CapLine, PlanDocument, str | None], ...]
    commitments: tuple[CommitmentLine, ...]
    rights: tuple[RightOfCap, ...]
    months: tuple[MonthOfCap, ...]
    movements: tuple[MovementLine, ...]
    movement_count: int
    alarms: tuple[Alarm, ...]
    raised_by: dict[tuple[str, int], list[AlarmCode]]

    @property
    def clause(self) -> str | None:
        """The text of the clause that the year's figure stands in."""
        line = self.status.figure.line
        return next((text for other, _, text in self.lines if line is not None and other.id == line.id), None)


def one_cap(
    session: Session,
    seen: Collection[str] | None,
    key: Key,
    year: int | None = None,
    as_of: date | None = None,
    movements: tuple[int, int] = (0, 50),
) -> OneCap:
    """Return one cap of the regions seen (of any for None) in a year; the default year is the newest told.

    Eight statements. `movements` are how many of the newest to skip, and how many to return.

    Raises:
        NotFound: there is no such cap among these regions.
    """
    sight = sight_of(session, as_of)
    day, moment, _ = sight
    found, newest = accounts(session, seen, moment, key)
    if not found:
        raise NotFound("cap", "/".join(key))
    account, cap = found[0], found[0].cap
    wanted = Year(year or newest or clock.today(session).year)
    places = below(session, cap.region)
    taken = commitment_lines(session, cap, places, wanted, day, moment)
    by_account = _taken(taken, cap.period, cap.mineral)
    [book] = books(session, wanted, {sight: found}, with_outlook=True, taken=by_account)
    status = book.status(account)
    dug = dug_lines(session, cap, wanted, moment)
    moved, count = movement_lines(session, cap, wanted, moment, *movements)
    alarms, causes = alarms_about(session, cap, wanted, moment)
    return OneCap(
        status, as_of,
        tuple((line, plan, account.texts.get(line.id or 0)) for line, plan in account.lines),
        tuple(taken), _rights(taken, dug, cap.kind, wanted), _months(status, dug), tuple(moved), count,
        tuple(alarms), causes,
    )  # fmt: skip


def _taken(
    lines: Sequence[CommitmentLine], period: CapPeriod, mineral: str
) -> dict[tuple[str, str, CapPeriod], list[Taken]]:
    found: dict[tuple[str, str, CapPeriod], list[Taken]] = defaultdict(list)
    for line in lines:
        found[line.region, mineral, period].append(_as_taken(line))
    return found


def _as_taken(line: CommitmentLine) -> Taken:
    return Taken(line.kind, line.amount, line.starts, line.ends)


def _rights(
    taken: Sequence[CommitmentLine], dug: Sequence[DugLine], kind: Kind, year: Year
) -> tuple[RightOfCap, ...]:
    """Return every right that is licensed for it or has dug of it, by number."""
    names: dict[str, tuple[str, str]] = {}
    licensed: dict[str, list[CommitmentLine]] = defaultdict(list)
    told: dict[str, list[DugLine]] = defaultdict(list)
    for line in taken:
        if line.right is not None:
            names[line.right] = (line.mine or "", line.region)
            licensed[line.right].append(line)
    for one in dug:
        names[one.right] = (one.mine, one.region)
        told[one.right].append(one)
    within = Term(year.first, year.last)
    return tuple(
        _right(number, names[number], _most(licensed[number], kind, within), told[number])
        for number in sorted(names)
    )


def _most(lines: Sequence[CommitmentLine], kind: Kind, within: Term) -> int | None:
    """Return what a right may take on its highest day; None where a scale is unknown, or there is none."""
    found = highest_day(kind, [_as_taken(line) for line in lines], within)
    return None if not lines or found.unknown else found.total.base


def _right(number: str, name: tuple[str, str], licensed: int | None, told: Sequence[DugLine]) -> RightOfCap:
    days = [(one.period, one.amount) for one in told if len(one.period) == _DAY]
    return RightOfCap(
        number, *name, licensed, sum(one.amount for one in told), sum(one.uncovered for one in told),
        len(told), max(days, key=lambda day: day[1], default=None),
    )  # fmt: skip


def _months(status: CapStatus, dug: Sequence[DugLine]) -> tuple[MonthOfCap, ...]:
    """Return twelve months; the peak is read from the meters, which are kept by the day under a daily cap."""
    found, running = [], 0
    for number in range(1, 13):
        month = f"{status.year.year:04d}-{number:02d}"
        came = [one for one in dug if one.period.startswith(month)]
        amount = sum(one.amount for one in came)
        running += amount
        days = [(r.period, r.used) for r in status.readings if r.period.startswith(month)]
        lacking = [name for name in status.missing_returns if name.rsplit("/", 1)[1].startswith(month)]
        peak = max(days, key=lambda day: day[1], default=None)
        found.append(MonthOfCap(number, amount, running, len(came), len(lacking), peak))
    return tuple(found)
