"""What the first page shows: the caps of a year, what is most urgent, and what the plans aim at."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from registry.alarms.models import Alarm
from registry.kernel.period import Year
from registry.platform import clock
from registry.regions.queries import highest
from registry.workflows.alarm_book import most_urgent
from registry.workflows.cap_status import CapStatus, accounts, books, sight_of
from registry.workflows.indicators import Indicators, indicators

_URGENT = 60  # enough to find the most urgent matters among alarms that repeat month by month


@dataclass(frozen=True, slots=True)
class Overview:
    """One year as known now or at the end of a day; `urgent` alarms with their mines, of `standing`."""

    year: int
    as_of: date | None
    caps: tuple[CapStatus, ...]
    urgent: tuple[tuple[Alarm, str | None], ...]
    standing: int
    indicators: Indicators | None


def overview(
    session: Session, seen: Collection[str] | None, year: int | None = None, as_of: date | None = None
) -> Overview:
    """Return what the first page shows of these regions (of all for None).

    The default year is the newest with returns, else this year. Eight statements, whatever there is to show.
    """
    sight = sight_of(session, as_of)
    found, newest = accounts(session, seen, sight.moment)
    wanted = year or newest or clock.today(session).year
    [book] = books(session, Year(wanted), {sight: found}, with_outlook=True)
    urgent, standing = most_urgent(session, seen, _URGENT, sight.moment)
    home = highest(session, seen)
    aims = home and indicators(session, home, wanted, sight.day, book.keeping)
    return Overview(wanted, as_of, tuple(book.statuses()), tuple(urgent), standing, aims or None)
