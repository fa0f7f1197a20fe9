"""Returns that are due and have not come, mine by mine and month by month, for a reminder (催报)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sqlmodel import Session

from registry.identity.queries import visible
from registry.identity.rules import Actor
from registry.kernel.vocabulary import CapPeriod
from registry.output.queries import MissingLine, missing_lines
from registry.platform import clock


@dataclass(frozen=True, slots=True)
class MissingMonth:
    """One month of a right's mineral of which something is missing: the month itself, or days of it."""

    mineral: str
    month: str
    days: tuple[date, ...]
    due_on: date
    late: int
    taken_back: bool

    @property
    def runs(self) -> tuple[tuple[date, date], ...]:
        """The missing days as spans of days without a gap."""
        return tuple(_runs(self.days))


@dataclass(frozen=True, slots=True)
class MissingMine:
    """One right with everything that it still has to tell."""

    number: str
    mine: str
    region: str
    township: str | None
    holder: str | None
    months: tuple[MissingMonth, ...]

    @property
    def returns(self) -> int:
        """How many returns are missing: a month counts one, of a right that reports days each day."""
        return sum(max(len(month.days), 1) for month in self.months)

    @property
    def years(self) -> tuple[int, ...]:
        """The years of which something is missing."""
        return tuple(sorted({int(month.month[:4]) for month in self.months}))

    @property
    def latest(self) -> int:
        """The most days that one of them is late."""
        return max(month.late for month in self.months)


@dataclass(frozen=True, slots=True)
class Missing:
    """Everything that is missing on a day."""

    today: date
    mines: tuple[MissingMine, ...]
    months: tuple[str, ...]

    @property
    def returns(self) -> int:
        """How many returns are missing."""
        return sum(mine.returns for mine in self.mines)


def missing_returns(session: Session, actor: Actor, month: str = "", right: str = "") -> Missing:
    """Return what is due before today and has not come, of the rights that the actor may see.

    `month` and `right` narrow what is listed; `months` names every month of which something is missing.
    """
    today, seen = clock.today(session), visible(session, actor, "output.read")
    lines = missing_lines(session, seen, today)
    months = sorted({line.period[:7] for line in lines}, reverse=True)
    wanted = [
        line
        for line in lines
        if line.period.startswith(month) and (right in line.number or right in line.mine)
    ]
    return Missing(today, tuple(_mines(wanted, today)), tuple(months))


def _mines(lines: Sequence[MissingLine], today: date) -> Iterable[MissingMine]:
    for number, group in groupby(lines, key=lambda line: line.number):
        of_mine = list(group)
        one = of_mine[0]
        months = tuple(_months(of_mine, today))
        yield MissingMine(number, one.mine, one.region, one.township, one.holder, months)


def _months(lines: Sequence[MissingLine], today: date) -> Iterable[MissingMonth]:
    for (mineral, month), group in groupby(lines, key=lambda line: (line.mineral, line.period[:7])):
        of_month = list(group)
        days = tuple(date.fromisoformat(line.period) for line in of_month if line.grain is CapPeriod.day)
        due = min(line.due_on for line in of_month)
        taken_back = any(line.opened > 1 for line in of_month)
        yield MissingMonth(mineral, month, days, due, (today - due).days, taken_back)


def _runs(days: Sequence[date]) -> Iterable[tuple[date, date]]:
    """Yield spans of days without a gap; the days are in order."""
    for _, group in groupby(enumerate(days), key=lambda pair: pair[1] - timedelta(days=pair[0])):
        span = [day for _, day in group]
        yield span[0], span[-1]
