"""Reads the book once and tells the state of every cap in a year, now or as of a day."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import union_all
from sqlmodel import Session

from registry.caps.queries import (
    Reading,
    commitments,
    coverage_of,
    read_readings,
    reading_statements,
    surroundings,
)
from registry.caps.rules import Outlook, Taken, highest_day, outlook
from registry.kernel.period import Month, Term, Year
from registry.kernel.vocabulary import CapPeriod
from registry.output.queries import due_day, missing
from registry.output.rules import due_on
from registry.plans.queries import figure
from registry.platform import clock
from registry.regions.queries import below, below_each
from registry.workflows.cap_status.reading import Account, accounts, readings_with_months
from registry.workflows.cap_status.state import CapStatus

Commitments = Mapping[tuple[str, str, CapPeriod], Sequence[Taken]]
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
    found, newest = accounts(session, regions, None if as_of is None else clock.end_of_day(as_of))
    wanted = Year(year or newest or clock.today(session).year)
    return Book(session, found, wanted, as_of, with_outlook=with_outlook).statuses()


class Book:
    """What all caps of one answer share, read once."""

    def __init__(
        self,
        session: Session,
        found: Sequence[Account],
        year: Year,
        as_of: date | None,
        *,
        with_outlook: bool = False,
        taken: Commitments | None = None,
    ) -> None:
        """Read it; `taken` are the commitments where the caller has read them."""
        self.session, self.accounts, self.year = session, found, year
        self.moment = None if as_of is None else clock.end_of_day(as_of)
        self.day = as_of or clock.today(session)
        # Looking back to the end of a day, what was due on that day itself is missing too.
        self.before = self.day if as_of is None else self.day + timedelta(days=1)
        places = {account.cap.region for account in found}
        self.below = {place: set(codes) for place, codes in below_each(session, places).items()}
        everywhere = set().union(*self.below.values()) if places else set()
        minerals = {account.cap.mineral for account in found}
        self.marks, self.keeping = surroundings(session, year.last, self.moment)
        self.coverage = coverage_of(session, places, self.keeping)
        self.due = self._months_due() if with_outlook else _MONTHS
        self.readings, self.months = self._read()
        self.taken = taken
        if taken is None:
            self.taken = commitments(session, everywhere, minerals, self.day, self.moment)
        self.missing: dict[tuple[str, str], list[str]] = defaultdict(list)
        for region, right, mineral, period in missing(
            session, everywhere, minerals, year.year, self.before, self.moment
        ):
            self.missing[region, mineral].append(f"{right}/{mineral}/{period}")

    def _months_due(self) -> int:
        """Return of how many months, from January on, every return is due."""
        day = due_day(self.session)
        return sum(due_on(Month(self.year.year, n), day) < self.before for n in range(1, _MONTHS + 1))

    def _read(self) -> tuple[Mapping[int, list[Reading]], Mapping[int, Mapping[int, int]]]:
        """Return the readings, and the months too where the year may be looked ahead of."""
        caps = [account.cap for account in self.accounts]
        if 0 < self.due < _MONTHS:
            return readings_with_months(self.session, caps, self.year.year, self.moment)
        ids = [cap.id or 0 for cap in caps]
        statement = union_all(*reading_statements(ids, self.year.year, self.moment))
        return read_readings(self.session.execute(statement).all()), {}

    def statuses(self) -> list[CapStatus]:
        """Return the state of each account."""
        return [self.status(account) for account in self.accounts]

    def status(self, account: Account) -> CapStatus:
        """Return the state of one account."""
        cap = account.cap
        taken: list[Taken] = []
        lacking: list[str] = []
        for place in self.below[cap.region]:
            taken += (self.taken or {}).get((place, cap.mineral, cap.period), [])
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
