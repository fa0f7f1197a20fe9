"""Reads what was written into the book since a moment: returns, rights, steps of alarms, plans."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, union_all
from sqlmodel import Session, col

from registry.alarms.models import Alarm, AlarmStep
from registry.greenmine.models import GreenSpell
from registry.kernel.vocabulary import AlarmAct, GreenLevel, Kind, OperatingState
from registry.output.models import OutputReturn
from registry.plans.models import PlanDocument
from registry.platform.rows import table_of
from registry.rights.models import MineralRight, OperatingSpell, RightVersion

_RIGHT, _RETURN = table_of(MineralRight).c, table_of(OutputReturn)
_EARLIER = _RETURN.alias("earlier")


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
    """Something new about a right; `what` is added, version, state or green, `word` what it became."""

    number: str
    mine: str
    region: str
    what: str
    word: str
    recorded_at: datetime


class StepTaken(NamedTuple):
    """One step of an alarm."""

    alarm: Alarm
    act: AlarmAct
    at: datetime
    actor: str
    note: str | None
    mine: str | None


def _seen(column: Any, regions: Collection[str] | None) -> list[ColumnElement[bool]]:
    return [] if regions is None else [column.in_(list(regions))]


def returns_told(session: Session, regions: Collection[str] | None, since: datetime) -> list[ReturnsTold]:
    """Return the first returns told since a moment, by mineral."""
    mineral = _RETURN.c.mineral
    statement = (
        select(mineral, func.count(), func.count(_RETURN.c.right_id.distinct()))
        .join(table_of(MineralRight), _RIGHT.id == _RETURN.c.right_id)
        .where(_RETURN.c.recorded_at >= since, _RETURN.c.revision == 1, *_seen(_RIGHT.region, regions))
        .group_by(mineral)
    )
    return sorted(ReturnsTold(*row) for row in session.execute(statement).all())


def returns_changed(
    session: Session, regions: Collection[str] | None, since: datetime, most: int
) -> tuple[list[ReturnChanged], int]:
    """Return the newest corrections and voidings since a moment, and how many there are in all."""
    same = and_(
        _EARLIER.c.right_id == _RETURN.c.right_id, _EARLIER.c.mineral == _RETURN.c.mineral,
        _EARLIER.c.period == _RETURN.c.period, _EARLIER.c.revision == _RETURN.c.revision - 1,
    )  # fmt: skip
    told = _RETURN.c
    columns: tuple[Any, ...] = (
        _RIGHT.number, _RIGHT.mine, told.mineral, told.period, told.revision, told.kind, told.quantity,
        _EARLIER.c.quantity, told.voided, _EARLIER.c.voided, told.reason, told.actor, told.recorded_at,
    )  # fmt: skip
    statement = (
        select(*columns, func.count().over())
        .select_from(_RETURN)
        .join(table_of(MineralRight), _RIGHT.id == told.right_id)
        .outerjoin(_EARLIER, same)
        .where(told.recorded_at >= since, told.revision > 1, *_seen(_RIGHT.region, regions))
        .order_by(told.recorded_at.desc(), told.id.desc())
        .limit(most)
    )
    rows = session.execute(statement).all()
    return [ReturnChanged(*row[:-1]) for row in rows], rows[0][-1] if rows else 0


def rights_changed(
    session: Session, regions: Collection[str] | None, since: datetime, most: int
) -> tuple[list[RightChanged], int]:
    """Return what became new about rights since a moment, the newest first, and how many lines in all.

    A right that is itself new is one line: how it began is not told again.
    """
    parts = [
        select(_RIGHT.number, _RIGHT.mine, _RIGHT.region, literal("added"), literal(""), _RIGHT.recorded_at)
        .where(_RIGHT.recorded_at >= since, _RIGHT.counted.is_(True), *_seen(_RIGHT.region, regions))
    ]  # fmt: skip
    for what, table, word in (
        ("version", table_of(RightVersion).c, "act"),
        ("state", table_of(OperatingSpell).c, "state"),
        ("green", table_of(GreenSpell).c, "level"),
    ):
        parts.append(
            select(_RIGHT.number, _RIGHT.mine, _RIGHT.region, literal(what), table[word], table.recorded_at)
            .join(table_of(MineralRight), _RIGHT.id == table.right_id)
            .where(table.recorded_at >= since, _RIGHT.recorded_at < since, *_seen(_RIGHT.region, regions))
        )
    every = union_all(*parts).subquery()
    recorded = list(every.c)[-1]
    statement = (
        select(*every.c, func.count().over()).order_by(recorded.desc(), *list(every.c)[:1]).limit(most)
    )
    rows = session.execute(statement).all()
    return [_right(*row[:-1]) for row in rows], rows[0][-1] if rows else 0


def _right(number: str, mine: str, region: str, what: str, word: str, at: datetime) -> RightChanged:
    if what == "state":
        word = OperatingState(word).label
    elif what == "green":
        word = GreenLevel(word).label
    return RightChanged(number, mine, region, what, word, at)


def steps_taken(
    session: Session, regions: Collection[str] | None, since: datetime, most: int
) -> tuple[list[StepTaken], dict[AlarmAct, int]]:
    """Return the newest steps of alarms since a moment, and how many of each act there are."""
    columns: tuple[Any, ...] = (
        Alarm,
        AlarmStep.act,
        AlarmStep.at,
        AlarmStep.actor,
        AlarmStep.note,
        _RIGHT.mine,
    )
    narrowed = (col(AlarmStep.at) >= since, *_seen(col(Alarm.region), regions))
    statement = (
        select(*columns)
        .join(AlarmStep, col(AlarmStep.alarm_id) == col(Alarm.id))
        .outerjoin(table_of(MineralRight), _RIGHT.number == col(Alarm.right))
        .where(*narrowed)
        .order_by(col(AlarmStep.at).desc(), col(AlarmStep.id).desc())
        .limit(most)
    )
    counts = (
        select(col(AlarmStep.act), func.count())
        .join(Alarm, col(AlarmStep.alarm_id) == col(Alarm.id))
        .where(*narrowed)
        .group_by(col(AlarmStep.act))
    )
    taken = [StepTaken(*row) for row in session.execute(statement).all()]
    found = {AlarmAct(act): count for act, count in session.execute(counts).all()}
    return taken, {act: found[act] for act in AlarmAct if act in found}


def plans_changed(session: Session, regions: Collection[str] | None, since: datetime) -> list[PlanDocument]:
    """Return the plan documents entered or confirmed since a moment, the newest first."""
    statement = (
        select(PlanDocument)
        .where(
            or_(col(PlanDocument.entered_at) >= since, col(PlanDocument.confirmed_at) >= since),
            *_seen(col(PlanDocument.region), regions),
        )
        .order_by(col(PlanDocument.entered_at).desc(), col(PlanDocument.id).desc())
    )
    return list(session.execute(statement).scalars())
