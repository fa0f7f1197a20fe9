"""Days, months, years and terms; every period knows its first and last day."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from registry.kernel.errors import Invalid


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """One local calendar day."""

    first: date

    @property
    def last(self) -> date:
        """The day itself."""
        return self.first

    @property
    def year(self) -> int:
        """The calendar year."""
        return self.first.year

    def __str__(self) -> str:
        """Return YYYY-MM-DD."""
        return self.first.isoformat()


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One calendar month."""

    year: int
    month: int

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def days(self) -> Iterator[Day]:
        """Yield each day of the month."""
        return (Day(self.first + timedelta(days=n)) for n in range(self.last.day))

    def next(self) -> "Month":
        """Return the month after this one."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    def __str__(self) -> str:
        """Return YYYY-MM."""
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, slots=True, order=True)
class Year:
    """One calendar year."""

    year: int

    @property
    def first(self) -> date:
        """The first of January."""
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """The last of December."""
        return date(self.year, 12, 31)

    def __str__(self) -> str:
        """Return YYYY."""
        return f"{self.year:04d}"


Period = Day | Month | Year


@dataclass(frozen=True, slots=True)
class Term:
    """A span of days, both ends included; an open end means until further notice."""

    start: date
    end: date | None = None

    def covers(self, period: "Period | Term") -> bool:
        """Tell whether the whole period lies inside."""
        first, last = _ends(period)
        return self.start <= first and (self.end is None or (last is not None and last <= self.end))

    def touches(self, period: "Period | Term") -> bool:
        """Tell whether at least one day is shared."""
        first, last = _ends(period)
        return (last is None or self.start <= last) and (self.end is None or first <= self.end)


def _ends(period: "Period | Term") -> tuple[date, date | None]:
    return (period.start, period.end) if isinstance(period, Term) else (period.first, period.last)


def month_of(day: date) -> Month:
    """Return the month a day lies in."""
    return Month(day.year, day.month)


def months_between(first: date, last: date) -> Iterator[Month]:
    """Yield every month that has a day in [first, last]."""
    month = month_of(first)
    while month.first <= last:
        yield month
        month = month.next()


def months_before(day: date, count: int) -> date:
    """Return the day `count` months earlier; the 31st falls back to the month's last day."""
    index = day.year * 12 + day.month - 1 - count
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def parse_day(text: str, field: str = "date") -> date:
    """Return a day of the years 1900 to 2999 written YYYY-MM-DD."""
    try:
        if re.fullmatch(r"(19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}", text.strip()):
            return date.fromisoformat(text.strip())
    except ValueError:
        pass
    raise Invalid("not_a_date", field, text, accepted="如 2025-07-14")


def parse_period(text: str, field: str = "period") -> Day | Month:
    """Return a month (2025-07) or a day (2025-07-14) of the years 1900 to 2999.

    Raises:
        Invalid: any other form, or a day that the calendar does not have.
    """
    plain = text.strip()
    if matched := re.fullmatch(r"(19[0-9]{2}|2[0-9]{3})-(0[1-9]|1[0-2])", plain):
        return Month(int(matched[1]), int(matched[2]))
    if re.fullmatch(r"(19[0-9]{2}|2[0-9]{3})-[0-9]{2}-[0-9]{2}", plain):
        try:
            return Day(date.fromisoformat(plain))
        except ValueError:
            pass
    raise Invalid("not_a_period", field, text, accepted="如 2025-07, 2025-07-14")


def parse_year(text: str, field: str = "year") -> Year:
    """Return a four-digit year between 1900 and 2999."""
    if re.fullmatch(r"(19|2[0-9])[0-9]{2}", text.strip()):
        return Year(int(text))
    raise Invalid("not_a_year", field, text, accepted="如 2025")
