"""Raises, recedes and re-opens alarms, and takes the steps people take."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, SQLModel

from registry.alarms.models import Alarm, AlarmStep
from registry.alarms.queries import locked_by_id, locked_by_keys, public, steps
from registry.alarms.rules import STEPS, Condition, Step, behind, other_limit
from registry.identity.queries import require, visible
from registry.identity.rules import Actor, SamePerson
from registry.kernel.display import office
from registry.kernel.errors import Invalid
from registry.kernel.fields import LONG, clean
from registry.kernel.quantity import Quantity, of_kind
from registry.kernel.vocabulary import AlarmAct, AlarmState, CapPeriod
from registry.platform import audit, clock, idempotency
from registry.platform.upsert import insert_once

_DAY = len("2025-02-01")


def raise_(session: Session, actor: str, condition: Condition) -> Alarm:
    """Raise the alarm of a condition, or re-open the same alarm when it had receded or was new again.

    One alarm exists per key, whatever happens at once: its insert is the lock. An alarm that is
    still standing only takes the new reading.
    """
    row = _row(condition) | {"state": AlarmState.open, "receded": False, "raised_at": clock.now(session)}
    is_new = insert_once(session, Alarm, row, ["key"])
    alarm = locked_by_keys(session, [condition.key])[condition.key]
    if is_new:
        step(session, alarm, AlarmAct.raised, actor, condition.note, condition.caused_by, condition.revision)
    else:
        _again(session, actor, alarm, condition)
    return alarm


def _again(session: Session, actor: str, alarm: Alarm, condition: Condition) -> None:
    was_receded = alarm.receded
    for name, value in _row(condition).items():
        unknown_now = value is None and name in ("reading", "kind")
        if (was_receded or name != "caused_by") and not unknown_now:
            setattr(alarm, name, value)
    if was_receded:
        alarm.state, alarm.receded = STEPS.after(alarm.state, AlarmAct.reopened), False
        step(
            session, alarm, AlarmAct.reopened, actor, condition.note, condition.caused_by, condition.revision
        )


def recede(
    session: Session, actor: str, keys: Collection[str], readings: Mapping[str, Quantity], caused_by: str,
    revision: int | None = None,
) -> None:  # fmt: skip
    """Mark the standing alarms of these keys as receded, with the reading that let them go."""
    for alarm in locked_by_keys(session, keys).values():
        if not alarm.receded:
            alarm.receded = True
            if alarm.key in readings:
                alarm.reading = readings[alarm.key].base
            step(session, alarm, AlarmAct.receded, actor, None, caused_by, revision)


def recede_to(session: Session, actor: str, now: Condition) -> None:
    """Mark the standing alarm of a condition as receded, with the figures of the moment that let it go.

    Reading and limit are told together, with what the limit rests on; a limit that has changed is noted
    with the one that had been passed.
    """
    for alarm in locked_by_keys(session, [now.key]).values():
        if alarm.receded:
            continue
        note = _other_limit(alarm, now)
        alarm.receded = True
        if now.reading is not None:
            alarm.reading = now.reading.base
        alarm.limit = now.limit.base if now.limit else None
        alarm.document, alarm.clause = now.document, now.clause
        step(session, alarm, AlarmAct.receded, actor, note, now.caused_by, now.revision)


def _other_limit(alarm: Alarm, now: Condition) -> str | None:
    if alarm.limit is None or alarm.kind is None or (now.limit and alarm.limit == now.limit.base):
        return None
    per = CapPeriod.day if len(alarm.period or "") >= _DAY else CapPeriod.year
    was, stands = of_kind(alarm.kind, alarm.limit), now.limit
    return other_limit(office(was, per), office(stands, per) if stands else None)


def step(
    session: Session, alarm: Alarm, act: AlarmAct, actor: str, note: str | None, caused_by: str | None,
    revision: int | None = None,
) -> None:  # fmt: skip
    """Write one step of an alarm with its level and reading of now, and leave it in the audit trail."""
    taken = AlarmStep(
        alarm_id=alarm.id or 0, act=act, at=clock.now(session), actor=actor, note=note,
        reading=alarm.reading, caused_by=caused_by, severity=alarm.severity, revision=revision,
    )  # fmt: skip
    session.add(taken)
    audit.note(session, alarm.region, actor, f"alarm.{act}", alarm.key, reading=alarm.reading, note=note)


def handle(session: Session, actor: Actor, alarm_id: int, act: AlarmAct, note: str) -> Alarm:
    """Acknowledge or close an alarm with a note.

    Raises:
        NotFound: no such alarm in the actor's jurisdiction.
        SamePerson: the actor's own return or act raised it or extended it, or corrected what raised it.
        WrongState: somebody has done so already, or closed it.
        Invalid: the note is empty or cannot be kept.
    """
    alarm = locked_by_id(session, alarm_id, visible(session, actor, "alarms.read"))
    require(session, actor, "alarm.handle", alarm.region)
    told = clean(note, "note", LONG, called="handling_note")
    if told is None:
        raise Invalid("note_missing", "note", note, accepted="至少一个字", called="handling_note")
    _refuse_own(session, actor, alarm)
    alarm.state = STEPS.after(alarm.state, act)
    step(session, alarm, act, actor.name, told, None)
    return alarm


def handle_once(
    session: Session, actor: Actor, alarm_id: int, act: AlarmAct, note: str, key: str | None
) -> dict[str, Any]:
    """Handle an alarm and return its public form; the same key and input get the first answer again."""

    def do() -> dict[str, Any]:
        alarm = handle(session, actor, alarm_id, act, note)
        session.flush()
        return public(session, [alarm])[0]

    return idempotency.once(session, actor.name, f"alarm.{act}", key, [alarm_id, note], do)


def _refuse_own(session: Session, actor: Actor, alarm: Alarm) -> None:
    session.flush()  # a step of this very transaction counts too
    taken = steps(session, [alarm.id]).get(alarm.id or 0, [])
    if not actor.is_system and actor.name in behind(Step(one.act, one.actor, one.caused_by) for one in taken):
        raise SamePerson(actor=actor.name)


def _row(condition: Condition) -> dict[str, object]:
    figure = condition.reading or condition.limit
    return {
        "key": condition.key, "code": condition.code, "severity": condition.severity,
        "region": condition.region, "mineral": condition.mineral, "right": condition.right,
        "side": condition.side, "period": condition.period, "kind": figure.kind if figure else None,
        "limit": condition.limit.base if condition.limit else None,
        "reading": condition.reading.base if condition.reading else None,
        "caused_by": condition.caused_by, "document": condition.document, "clause": condition.clause,
        "note": condition.note,
    }  # fmt: skip


def refresh(session: Session, readings: Mapping[str, Quantity]) -> None:
    """Give standing alarms their newest reading; no step is written, the movements tell the way."""
    if readings:
        session.flush()  # or an older reading that waits in the session would follow the newest
        table = SQLModel.metadata.tables["alarm"]
        statement = table.update().where(table.c.key == bindparam("at")).values(reading=bindparam("now"))
        rows = [{"at": at, "now": readings[at].base} for at in sorted(readings)]
        session.connection().execute(statement, rows)
