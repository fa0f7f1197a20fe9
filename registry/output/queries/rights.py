"""What single rights have told and still owe, for the pages that show rights."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from registry.output.models import OutputReturn, ReturnDuty
from registry.platform.rows import table_of

_RETURN, _DUTY = table_of(OutputReturn).c, table_of(ReturnDuty).c
_TOLD = (
    select(_RETURN.right_id, _RETURN.mineral, func.sum(_RETURN.quantity), func.max(_RETURN.last_day))
    .where(
        _RETURN.right_id.in_(bindparam("rights", expanding=True)),
        _RETURN.year == bindparam("year"),
        _RETURN.superseded_at.is_(None),
        _RETURN.voided.is_(False),
    )
    .group_by(_RETURN.right_id, _RETURN.mineral)
)


class Told(NamedTuple):
    """What the standing returns of a year say together, in base units, and the last day they reach."""

    total: int
    through: date


def told_in(session: Session, right_ids: Collection[int], year: int) -> dict[tuple[int, str], Told]:
    """Return what each right has told of each mineral in a year; taken-back returns tell nothing.

    The index over right and year finds them: other years are not read.
    """
    found = session.connection().execute(_TOLD, {"rights": list(right_ids), "year": year})
    # PostgreSQL sums BIGINT into a Decimal
    return {(right, mineral): Told(int(total), through) for right, mineral, total, through in found}


class Owed(NamedTuple):
    """A return that is due and has not come."""

    mineral: str
    period: str
    due_on: date


def owed_by(session: Session, right_id: int, on: date) -> list[Owed]:
    """Return what a right owes that was due before a day, of every year, oldest first."""
    statement = (
        select(_DUTY.mineral, _DUTY.period, _DUTY.due_on)
        .where(_DUTY.right_id == right_id, _DUTY.fulfilled_at.is_(None), _DUTY.due_on < on)
        .order_by(_DUTY.period, _DUTY.mineral)
    )
    return [Owed(*row) for row in session.connection().execute(statement)]


def years_told(session: Session, right_id: int) -> list[int]:
    """Return the years of which a right has told anything, newest first."""
    statement = select(_RETURN.year).where(_RETURN.right_id == right_id).distinct()
    return sorted(session.connection().execute(statement).scalars(), reverse=True)
