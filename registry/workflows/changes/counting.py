"""Counts what was written into the book since a moment, and says which rows that are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlmodel import Session, col

from registry.alarms.models import Alarm, AlarmStep
from registry.greenmine.models import GreenSpell
from registry.kernel.vocabulary import AlarmAct, PlanState
from registry.output.models import OutputReturn
from registry.plans.models import PlanDocument
from registry.platform.audit import AuditEntry
from registry.platform.rows import table_of
from registry.rights.models import MineralRight, OperatingSpell, RightVersion

Condition = ColumnElement[bool]
RIGHTS, RETURNS = table_of(MineralRight), table_of(OutputReturn)
RIGHT, RETURN = RIGHTS.c, RETURNS.c
_ENTRY = table_of(AuditEntry).c
_FIRST: ColumnElement[str] = literal_column("'first'")
_LATER: ColumnElement[str] = literal_column("'later'")


@dataclass(frozen=True, slots=True)
class Tallies:
    """How much was written; `told` are first returns, `corrected` also counts those taken back."""

    told: int
    corrected: int
    rights: int
    steps: dict[AlarmAct, int]
    plans: int


def tallies(
    session: Session, regions: Collection[str] | None, plan_regions: Collection[str] | None, since: datetime
) -> Tallies:
    """Return how much was written since a moment, in one statement."""
    returns = RETURNS.join(RIGHTS, RIGHT.id == RETURN.right_id)
    kind = case((RETURN.revision == 1, _FIRST), else_=_LATER)
    steps = table_of(AlarmStep).join(table_of(Alarm), col(Alarm.id) == col(AlarmStep.alarm_id))
    whole = [
        _count("returns", returns, kind).where(*told(regions, since)).group_by(kind),
        _count("rights", rights_written(regions, since)),
        _count("plans", table_of(PlanDocument)).where(*plans_written(plan_regions, since)),
    ]
    acts = _count("steps", steps, col(AlarmStep.act)).where(*taken(regions, since))
    rows = session.execute(union_all(*whole, acts.group_by(col(AlarmStep.act)))).all()
    found = {what: count for what, _, count in rows}
    by_act = {word: count for what, word, count in rows if what == "steps"}
    by_kind = {word: count for what, word, count in rows if what == "returns"}
    return Tallies(
        by_kind.get("first", 0), by_kind.get("later", 0), found["rights"],
        {act: by_act[act] for act in AlarmAct if act in by_act}, found["plans"],
    )  # fmt: skip


def _count(what: str, table: FromClause, word: Any = None) -> Select[Any]:
    return select(literal(what), literal("") if word is None else word, func.count()).select_from(table)


def _seen(column: Any, regions: Collection[str] | None) -> list[Condition]:
    return [] if regions is None else [column.in_(list(regions))]


def told(regions: Collection[str] | None, since: datetime) -> list[Condition]:
    """Return what all revisions of returns told since a moment are asked for."""
    return [RETURN.recorded_at >= since, *_seen(RIGHT.region, regions)]


def first(regions: Collection[str] | None, since: datetime) -> list[Condition]:
    """Return what the first returns told since a moment are asked for."""
    return [*told(regions, since), RETURN.revision == 1]


def later(regions: Collection[str] | None, since: datetime) -> list[Condition]:
    """Return what the corrections and voidings of returns since a moment are asked for."""
    return [*told(regions, since), RETURN.revision > 1]


def taken(regions: Collection[str] | None, since: datetime) -> list[Condition]:
    """Return what the steps of alarms since a moment are asked for."""
    return [col(AlarmStep.at) >= since, *_seen(col(Alarm.region), regions)]


def plans_written(regions: Collection[str] | None, since: datetime) -> list[Condition]:
    """Return what the plans entered, confirmed or withdrawn since a moment are asked for."""
    named = func.coalesce(col(PlanDocument.number), col(PlanDocument.title))  # as the audit trail names it
    taken_back = exists().where(_ENTRY.record == named, _ENTRY.act == "plan.withdraw", _ENTRY.at >= since)
    written = or_(
        col(PlanDocument.entered_at) >= since,
        col(PlanDocument.confirmed_at) >= since,
        and_(col(PlanDocument.state) == PlanState.withdrawn, taken_back),
    )
    return [written, *_seen(col(PlanDocument.region), regions)]


def rights_written(regions: Collection[str] | None, since: datetime) -> Subquery:
    """Return a line for everything new about rights since a moment, with what it is and what it became."""
    named: tuple[Any, ...] = (RIGHT.number, RIGHT.mine, RIGHT.region)
    added: tuple[Any, ...] = (
        literal("added").label("what"), literal("").label("word"), cast(null(), Date).label("begins"),
        literal(True).label("stands"), RIGHT.recorded_at, RIGHT.id.label("place"),
    )  # fmt: skip
    parts: list[Select[Any]] = [
        select(*named, *added)
        .where(RIGHT.recorded_at >= since, RIGHT.counted.is_(True), *_seen(RIGHT.region, regions))
    ]  # fmt: skip
    for what, table, word, begins in (
        ("version", table_of(RightVersion).c, "act", "valid_from"),
        ("state", table_of(OperatingSpell).c, "state", "since"),
        ("green", table_of(GreenSpell).c, "level", "since"),
    ):
        stands = table.superseded_at.is_(None)
        came_later = table.recorded_at > RIGHT.recorded_at if what != "version" else table.version > 1
        parts.append(
            select(*named, literal(what), table[word], table[begins], stands, table.recorded_at, table.id)
            .join(RIGHTS, RIGHT.id == table.right_id)
            .where(
                table.recorded_at >= since,
                came_later,  # what came with the right says nothing new
                *_seen(RIGHT.region, regions),
            )
        )
    return union_all(*parts).subquery()
