"""Reads the book and tells the state of every cap in a year: now, as of a day, or both."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlmodel import Session

from registry.caps.queries import (
    Commitments,
    Coverage,
    Reading,
    commitments,
    coverage_of,
    readings,
    surroundings,
)
from registry.caps.rules import Mark, Outlook, Taken, highest_day, outlook
from registry.kernel.period import Month, Term, Year
from registry.kernel.vocabulary import CapPeriod
from registry.output.queries import Missing, due_day, missing
from registry.output.rules import due_on
from registry.plans.models import Cap
from registry.plans.queries import figure
from registry.platform import clock
from registry.regions.queries import below, below_each
from registry.workflows.cap_status.reading import Account, Told, accounts, readings_with_months
from registry.workflows.cap_status.state import CapStatus

_MONTHS = 12


def status(
    session: Session,
    year: int | None = None,
    region: str | None = None,
    as_of: date | None = None,
    visible: Collection[str] | None = None,
    *,
    with_outlook: bool = False,
) -> list[CapStatus]:
    """Return every cap of a region and below, by region and mineral code; those without a code last.

    `as_of` answers with what the book said at the end of that local day. The default year is the
    newest with returns, else this year. `with_outlook` also tells where the year will end.
    """
    regions = visible if region is None else set(below(session, region))
    if regions is not None and visible is not None:
        regions = {code for code in regions if code in visible}
    sight = sight_of(session, as_of)
    found, newest = accounts(session, regions, sight.moment)
    wanted = Year(year or newest or clock.today(session).year)
    [book] = books(session, wanted, {sight: found}, with_outlook=with_outlook)
    return book.statuses()


class Sight(NamedTuple):
    """A look at the book: on `day`, at what was known at a moment (now for None) and was due before a day."""

    day: date
    moment: datetime | None
    before: date


def sight_of(session: Session, as_of: date | None = None) -> Sight:
    """Return the look at the book now, or back to the end of a day."""
    if as_of is None:
        today = clock.today(session)
        return Sight(today, None, today)
    # Looking back to the end of a day, what was due on that day itself is missing too.
    return Sight(as_of, clock.end_of_day(as_of), as_of + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Book:
    """What all caps of one answer share, as it stood at one moment.

    `keeping` are the counties whose book is kept here. `months` tell what came month by month, where the
    year may be looked ahead of; of the first `due` months every return is due.
    """

    accounts: Sequence[Account]
    year: Year
    below: Mapping[str, Collection[str]]
    marks: Mapping[CapPeriod, Sequence[Mark]]
    keeping: Collection[str]
    coverage: Mapping[str, Coverage]
    readings: Mapping[int, Sequence[Reading]]
    taken: Commitments
    missing: Mapping[tuple[str, str], Sequence[str]]
    months: Mapping[int, Mapping[int, int]]
    due: int

    def statuses(self) -> list[CapStatus]:
        """Return the state of each account."""
        return [self.status(account) for account in self.accounts]

    def status(self, account: Account) -> CapStatus:
        """Return the state of one account."""
        cap = account.cap
        taken: list[Taken] = []
        lacking: list[str] = []
        for place in self.below[cap.region]:
            taken += self.taken.get((place, cap.mineral, cap.period), [])
            lacking += self.missing.get((place, cap.mineral), [])
        licensed = highest_day(cap.kind, taken, Term(self.year.first, self.year.last))
        readings = self.readings.get(cap.id or 0, [])
        return CapStatus(
            figure(cap, account.lines, self.year), account.code, self.year, licensed, readings,
            self.coverage[cap.region], sorted(lacking), self.marks[cap.period],
            self._outlook(account, readings, lacking),
        )  # fmt: skip

    def _outlook(
        self, account: Account, readings: Sequence[Reading], lacking: Sequence[str]
    ) -> Outlook | None:
        """Return where the year ends; below full coverage the pace of some counties says nothing of all."""
        cap = account.cap
        if cap.period is CapPeriod.day or self.coverage[cap.region].missing:
            return None
        absent = {int(name.rsplit("/", 1)[1][5:7]) for name in lacking}
        used = sum(reading.used for reading in readings)
        return outlook(used, self.months.get(cap.id or 0, {}), self.due, absent)


def books(
    session: Session,
    year: Year,
    sights: Mapping[Sight, Sequence[Account]],
    *,
    taken: Commitments | None = None,
    with_outlook: bool = False,
) -> list[Book]:
    """Return what some caps share in a year at each sight, in four statements for however many sights.

    `taken` are the commitments where the caller has read them. `with_outlook` also tells where the year
    will end.
    """
    caps = list({account.cap.id: account.cap for found in sights.values() for account in found}.values())
    minerals = {cap.mineral for cap in caps}
    under = {place: set(codes) for place, codes in below_each(session, {cap.region for cap in caps}).items()}
    everywhere = set().union(*under.values())
    marks, keeping = surroundings(session, year.last, *(sight.moment for sight in sights))
    dues = [_months_due(session, year, sight) if with_outlook else _MONTHS for sight in sights]
    told = _told(session, caps, year, sights, dues)
    counted = (
        commitments(session, everywhere, minerals, *((sight.day, sight.moment) for sight in sights))
        if taken is None
        else [taken] * len(sights)
    )
    lacking = missing(
        session, everywhere, minerals, year.year, *((sight.before, sight.moment) for sight in sights)
    )
    return [
        Book(
            found, year, under, marks, keeping[at], coverage_of(session, under, keeping[at]), told[at][0],
            counted[at], _by_place(lacking[at]), told[at][1], dues[at],
        )
        for at, found in enumerate(sights.values())
    ]  # fmt: skip


def _months_due(session: Session, year: Year, sight: Sight) -> int:
    """Return of how many months, from January on, every return is due."""
    day = due_day(session)
    return sum(due_on(Month(year.year, n), day) < sight.before for n in range(1, _MONTHS + 1))


def _told(
    session: Session, caps: Sequence[Cap], year: Year, sights: Collection[Sight], dues: Collection[int]
) -> list[Told]:
    """Return the readings, and the months too where the year may be looked ahead of."""
    moments = [sight.moment for sight in sights]
    if any(0 < due < _MONTHS for due in dues):
        return readings_with_months(session, caps, year.year, *moments)
    return [(found, {}) for found in readings(session, caps, year.year, *moments)]


def _by_place(lacking: Sequence[Missing]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in lacking:
        found[one.region, one.mineral].append(f"{one.right}/{one.mineral}/{one.period}")
    return found
