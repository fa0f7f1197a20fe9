"""The only place that reads the time; a demonstration database carries its own clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from registry.kernel.period import parse_day
from registry.platform.facts import facts, is_demonstration, set_fact
from registry.settings import settings

LOCAL = ZoneInfo("Asia/Shanghai")
_CLOCK = "clock"


def now(session: Session) -> datetime:
    """Return the moment in UTC; in a demonstration the stored clock, which only the demonstration moves."""
    if not is_demonstration(session):
        return datetime.now(UTC)
    if settings().today:
        return at_local(parse_day(settings().today or "", "REGISTRY_TODAY"), time(9))
    return datetime.fromisoformat(facts(session)[_CLOCK])


def wall() -> datetime:
    """Return the moment in UTC of this machine, for what really waits: sign-ins, leases, throttles.

    What the book records takes `now`: the clock of a demonstration stands still.
    """
    return datetime.now(UTC)


def today(session: Session) -> date:
    """Return the local calendar day (Asia/Shanghai)."""
    return local_day(now(session))


def set_demonstration_clock(session: Session, moment: datetime) -> None:
    """Mark the database as a demonstration and set its clock."""
    set_fact(session, "demonstration", "yes")
    set_fact(session, _CLOCK, moment.astimezone(UTC).isoformat())


def at_local(day: date, at: time) -> datetime:
    """Return a local day and time as a moment in UTC."""
    return datetime.combine(day, at, tzinfo=LOCAL).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """Return the first moment after a local day: what was recorded before it was known at its end."""
    return at_local(day + timedelta(days=1), time(0))


def local_day(moment: datetime) -> date:
    """Return the local calendar day of a moment."""
    return moment.astimezone(LOCAL).date()
