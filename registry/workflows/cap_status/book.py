"""Reads the book once and tells the state of every cap in a year, now or as of a day."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session

from registry.caps.queries import commitments, coverage, marks_on, readings
from registry.caps.rules import Taken, highest_day
from registry.kernel.period import Term, Year
from registry.minerals.queries import catalogue_order
from registry.output.queries import missing, newest_year
from registry.plans.models import Cap
from registry.plans.queries import caps_over, figure, lines_of
from registry.platform import clock
from registry.regions.queries import all_regions, below, below_each
from registry.workflows.cap_status.state import CapStatus


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
        self.below = {place: set(codes) for place, codes in below_each(session, places).items()}
        everywhere = set().union(*self.below.values()) if places else set()
        minerals = {cap.mineral for cap in caps}
        self.lines = lines_of(session, caps, moment)
        self.marks = marks_on(session, year.last)
        self.readings = readings(session, caps, year.year, moment)
        self.coverage = coverage(session, places, moment)
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
