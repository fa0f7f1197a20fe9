"""The alarms that somebody must look at first, for a card beside something else."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session

from registry.alarms.models import Alarm
from registry.workflows.alarm_book.listing import ALARM, ORDER, RIGHT, STANDS, TABLES


def most_urgent(
    session: Session, regions: Collection[str] | None, most: int, as_of: datetime | None = None
) -> tuple[list[tuple[Alarm, str | None]], int]:
    """Return the most urgent standing alarms of regions, each with its mine, and how many stand in all.

    In one statement. With `as_of` those raised later are left out; what was done since shows as it is now.
    """
    statement = select(Alarm, RIGHT.mine, func.count().over()).select_from(TABLES).where(STANDS)
    if regions is not None:
        statement = statement.where(ALARM.region.in_(list(regions)))
    if as_of is not None:
        statement = statement.where(ALARM.raised_at < as_of)
    rows = session.execute(statement.order_by(*ORDER).limit(most)).all()
    return [(alarm, mine) for alarm, mine, _ in rows], rows[0][2] if rows else 0
