"""What single rights have told and still owe, for the pages that show rights."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session

from registry.output.models import OutputReturn, ReturnDuty
from registry.platform.rows import table_of

_RETURN, _DUTY = table_of(OutputReturn).c, table_of(ReturnDuty).c


class Owed(NamedTuple):
    """A return that is due and has not come."""

    mineral: str
    period: str
    due_on: date


def owed_by(session: Session, right_id: int, on: date) -> list[Owed]:
    """Return what a right owes that was due before a day, of every year, oldest first."""
    statement = (
        select(_DUTY.mineral, _DUTY.period, _DUTY.due_on)
        .where(
            _DUTY.right_id == right_id,
            _DUTY.fulfilled_at.is_(None),
            _DUTY.dropped_at.is_(None),
            _DUTY.due_on < on,
        )
        .order_by(_DUTY.period, _DUTY.mineral)
    )
    return [Owed(*row) for row in session.connection().execute(statement)]


def years_told(session: Session, right_id: int) -> list[int]:
    """Return the years of which a right has told anything, newest first."""
    statement = select(_RETURN.year).where(_RETURN.right_id == right_id).distinct()
    return sorted(session.connection().execute(statement).scalars(), reverse=True)
