"""Reads what was written into the book since a moment line by line, the newest first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    and_,
    func,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from registry.alarms.models import Alarm, AlarmStep
from registry.kernel.vocabulary import AlarmAct, GreenLevel, Kind, OperatingState, Severity
from registry.plans.models import PlanDocument
from registry.workflows.changes.counting import (
    RETURN,
    RETURNS,
    RIGHT,
    RIGHTS,
    first,
    later,
    plans_written,
    rights_written,
    taken,
)

_EARLIER = RETURNS.alias("earlier")


class ReturnsTold(NamedTuple):
    """How many returns of a mineral were told for the first time, and for how many rights."""

    mineral: str
    returns: int
    rights: int


class ReturnChanged(NamedTuple):
    """One return that was corrected or taken back, with the figure before it."""

    number: str
    mine: str
    mineral: str
    period: str
    revision: int
    kind: Kind
    quantity: int
    before: int | None
    voided: bool
    was_voided: bool | None
    reason: str | None
    actor: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class RightChanged:
    """Something new about a right; `what` is added, version, state or green, `word` what it became.

    `begins` is the day from which it holds; `stands` whether nothing was recorded in its place since.
    """

    number: str
    mine: str
    region: str
    what: str
    word: str
    begins: date | None
    stands: bool
    recorded_at: datetime


class StepTaken(NamedTuple):
    """One step of an alarm, with its level at that step and at the one before, where they are known."""

    alarm: Alarm
    act: AlarmAct
    at: datetime
    actor: str
    note: str | None
    severity: Severity | None
    before: Severity | None
    mine: str | None


def returns_told(session: Session, regions: Collection[str] | None, since: datetime) -> list[ReturnsTold]:
    """Return how many first returns were told since a moment for each mineral, in any order."""
    mineral = RETURN.mineral
    statement = (
        select(mineral, func.count(), func.count(RETURN.right_id.distinct()))
        .join(RIGHTS, RIGHT.id == RETURN.right_id)
        .where(*first(regions, since))
        .group_by(mineral)
    )
    return [ReturnsTold(*row) for row in session.execute(statement).all()]


def returns_changed(
    session: Session, regions: Collection[str] | None, since: datetime, skipped: int, most: int
) -> list[ReturnChanged]:
    """Return `most` of the corrections and voidings since a moment behind the `skipped` newest."""
    same = and_(
        _EARLIER.c.right_id == RETURN.right_id, _EARLIER.c.mineral == RETURN.mineral,
        _EARLIER.c.period == RETURN.period, _EARLIER.c.revision == RETURN.revision - 1,
    )  # fmt: skip
    told = RETURN
    columns: tuple[Any, ...] = (
        RIGHT.number, RIGHT.mine, told.mineral, told.period, told.revision, told.kind, told.quantity,
        _EARLIER.c.quantity, told.voided, _EARLIER.c.voided, told.reason, told.actor, told.recorded_at,
    )  # fmt: skip
    statement = (
        select(*columns)
        .select_from(RETURNS)
        .join(RIGHTS, RIGHT.id == told.right_id)
        .outerjoin(_EARLIER, same)
        .where(*later(regions, since))
        .order_by(told.recorded_at.desc(), told.id.desc())
        .offset(skipped)
        .limit(most)
    )
    return [ReturnChanged(*row) for row in session.execute(statement).all()]


def rights_changed(
    session: Session, regions: Collection[str] | None, since: datetime, skipped: int, most: int
) -> list[RightChanged]:
    """Return `most` lines of what became new about rights since a moment behind the `skipped` newest.

    A right that is itself new is one line: what was recorded with it is not told again.
    """
    every = rights_written(regions, since)
    order = every.c.recorded_at.desc(), every.c.number, every.c.what, every.c.place.desc()
    rows = session.execute(select(*every.c).order_by(*order).offset(skipped).limit(most)).all()
    return [_right(row) for row in rows]


def _right(row: Any) -> RightChanged:
    word = row.word
    if row.what == "state":
        word = OperatingState(word).label
    elif row.what == "green":
        word = GreenLevel(word).label
    return RightChanged(
        row.number, row.mine, row.region, row.what, word, row.begins, bool(row.stands), row.recorded_at
    )


def steps_taken(
    session: Session, regions: Collection[str] | None, since: datetime, skipped: int, most: int
) -> list[StepTaken]:
    """Return `most` of the steps of alarms since a moment behind the `skipped` newest."""
    step: tuple[Any, ...] = (
        AlarmStep.act, AlarmStep.at, AlarmStep.actor, AlarmStep.note, AlarmStep.severity, _level_before(),
    )  # fmt: skip
    statement = (
        select(Alarm, *step, RIGHT.mine)
        .join(AlarmStep, col(AlarmStep.alarm_id) == col(Alarm.id))
        .outerjoin(RIGHTS, RIGHT.number == col(Alarm.right))
        .where(*taken(regions, since))
        .order_by(col(AlarmStep.at).desc(), col(AlarmStep.id).desc())
        .offset(skipped)
        .limit(most)
    )
    return [StepTaken(*row) for row in session.execute(statement).all()]


def _level_before() -> Any:
    """Return the level at the step before that of the statement around it."""
    earlier = aliased(AlarmStep)
    statement = select(col(earlier.severity)).where(
        col(earlier.alarm_id) == col(AlarmStep.alarm_id), col(earlier.id) < col(AlarmStep.id)
    )
    newest = statement.order_by(col(earlier.id).desc()).limit(1)
    return newest.correlate(AlarmStep).scalar_subquery()


def plans_changed(session: Session, regions: Collection[str] | None, since: datetime) -> list[PlanDocument]:
    """Return the plan documents entered, confirmed or withdrawn since a moment, the newest first."""
    order = col(PlanDocument.entered_at).desc(), col(PlanDocument.id).desc()
    statement = select(PlanDocument).where(*plans_written(regions, since)).order_by(*order)
    return list(session.execute(statement).scalars())
