"""Reads of the duties to report: what is owed, and what has not come."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, case
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from registry.output.models import OutputReturn, ReturnDuty
from registry.output.queries.returns import Key
from registry.platform.facts import facts as installation
from registry.platform.together import together
from registry.rights.models import MineralRight

# No public text was found that fixes the day (confidence D): an installation may set the fact.
_DUE_DAY = ("return_due_day", "10")


class Missing(NamedTuple):
    """A return that is missing: where, of which right and mineral, and for which month or day."""

    region: str
    right: str
    mineral: str
    period: str


def missing(
    session: Session,
    regions: Collection[str],
    minerals: Collection[str],
    year: int,
    *sights: tuple[date, datetime | None],
) -> list[list[Missing]]:
    """Return every return that was due before a day and had not come at a moment, for each day and moment.

    Looking back, it is open still, came late, or was dropped later: three indexes that hold nothing else,
    so the many that came in time cost nothing. What was opened only later was not missing then.
    """
    found = together(session, *(_missing(regions, minerals, year, *sight) for sight in sights))
    return [sorted({Missing(*row) for row in rows}, key=lambda one: one[1:]) for rows in found]


def _missing(
    regions: Collection[str], minerals: Collection[str], year: int, on: date, as_of: datetime | None
) -> list[Select[Any]]:
    columns: tuple[Any, ...] = (ReturnDuty.region, MineralRight.number, ReturnDuty.mineral, ReturnDuty.period)
    statement = (
        select_columns(*columns)
        .join(MineralRight, col(MineralRight.id) == col(ReturnDuty.right_id))
        .where(
            col(ReturnDuty.region).in_(regions),
            col(ReturnDuty.mineral).in_(minerals),
            col(ReturnDuty.due_on) < on,
            col(ReturnDuty.year) == year,
        )
    )
    still = statement.where(col(ReturnDuty.fulfilled_at).is_(None), col(ReturnDuty.dropped_at).is_(None))
    if as_of is None:
        return [still]
    late = statement.where(~col(ReturnDuty.in_time), col(ReturnDuty.fulfilled_at) >= as_of)
    dropped = statement.where(col(ReturnDuty.dropped_at) >= as_of)
    return [part.where(col(ReturnDuty.opened_at) < as_of) for part in (still, late, dropped)]


def due_day(session: Session) -> int:
    """Return the day of the following month on which a month's return is due."""
    return int(installation(session).get(*_DUE_DAY))


def first_told(session: Session, right_ids: Collection[int]) -> dict[Key, datetime]:
    """Return when each standing return of rights was first told."""
    stands = and_(col(OutputReturn.superseded_at).is_(None), col(OutputReturn.voided).is_(False))
    columns: tuple[Any, ...] = (OutputReturn.right_id, OutputReturn.mineral, OutputReturn.period)
    statement = (
        select_columns(*columns, func.min(OutputReturn.recorded_at))
        .where(col(OutputReturn.right_id).in_(right_ids))
        .group_by(*columns)
        .having(func.sum(case((stands, 1), else_=0)) > 0)
    )
    return {(right, mineral, period): at for right, mineral, period, at in session.execute(statement).all()}


def taken_back_of(session: Session, right_ids: Collection[int]) -> dict[Key, datetime]:
    """Return when each return of rights was taken back that was not told anew since."""
    columns: tuple[Any, ...] = (OutputReturn.right_id, OutputReturn.mineral, OutputReturn.period)
    statement = select_columns(*columns, col(OutputReturn.recorded_at)).where(
        col(OutputReturn.right_id).in_(right_ids),
        col(OutputReturn.superseded_at).is_(None),
        col(OutputReturn.voided).is_(True),
    )
    return {(right, mineral, period): at for right, mineral, period, at in session.execute(statement).all()}


def open_duties_of(session: Session, right_ids: Iterable[int]) -> list[ReturnDuty]:
    """Return every duty of these rights, settled or not, but those dropped."""
    statement = select(ReturnDuty).where(
        col(ReturnDuty.right_id).in_(list(right_ids)), col(ReturnDuty.dropped_at).is_(None)
    )
    return list(session.exec(statement).all())


def duty_of(session: Session, right_id: int, mineral: str, period: str) -> ReturnDuty | None:
    """Return the duty to tell one return, the newest where it was opened anew; None where none is owed."""
    statement = select(ReturnDuty).where(
        ReturnDuty.right_id == right_id,
        ReturnDuty.mineral == mineral,
        ReturnDuty.period == period,
        col(ReturnDuty.dropped_at).is_(None),
    )
    return session.exec(statement.order_by(col(ReturnDuty.opened).desc())).first()


def open_periods(session: Session, right_id: int, on: date) -> list[tuple[str, str]]:
    """Return mineral and period of every return that a right owed before a day and has not told."""
    statement = select(ReturnDuty.mineral, ReturnDuty.period).where(
        ReturnDuty.right_id == right_id,
        ReturnDuty.due_on < on,
        col(ReturnDuty.fulfilled_at).is_(None),
        col(ReturnDuty.dropped_at).is_(None),
    )
    return list(session.exec(statement.order_by(ReturnDuty.period, ReturnDuty.mineral)).all())


def overdue(session: Session, on: date) -> list[tuple[str, str, str, str, date]]:
    """Return (region, right, mineral, period, due day) of every open duty past its due day."""
    columns = (ReturnDuty.region, MineralRight.number, ReturnDuty.mineral, ReturnDuty.period)
    statement = (
        select(*columns)
        .add_columns(col(ReturnDuty.due_on))
        .join(MineralRight, col(MineralRight.id) == col(ReturnDuty.right_id))
        .where(
            col(ReturnDuty.fulfilled_at).is_(None),
            col(ReturnDuty.dropped_at).is_(None),
            col(ReturnDuty.due_on) < on,
        )
        .order_by(MineralRight.number, ReturnDuty.mineral, ReturnDuty.period)
    )
    return [tuple(row) for row in session.execute(statement).all()]
