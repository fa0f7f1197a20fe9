"""What an address asks of a page of caps: a year, a day to look back to, a region."""

from collections.abc import Collection
from datetime import date

from sqlmodel import Session

from registry.identity.queries import readable
from registry.identity.rules import Actor
from registry.kernel.errors import Invalid
from registry.kernel.period import parse_day, parse_year


def asked_year(text: str) -> int | None:
    """Return the year asked for, None where none is.

    Raises:
        Invalid: it is no year.
    """
    return parse_year(text).year if text.strip() else None


def asked_day(text: str, today: date, field: str = "as_of") -> date | None:
    """Return the day asked for, None where none is; a day to come is not known yet.

    Raises:
        Invalid: it is no day, or still to come.
    """
    if not text.strip():
        return None
    day = parse_day(text, field)
    if day > today:
        raise Invalid("day_in_future", field, text, accepted=f"≤ {today}")
    return day


def asked_places(session: Session, actor: Actor, permission: str, region: str) -> Collection[str] | None:
    """Return the regions of a page: all that the actor may read, or those at and below the one asked for.

    Raises:
        NotFound: the region does not exist, or the actor may read nothing of it.
    """
    return readable(session, actor, permission, region.strip() or None)
