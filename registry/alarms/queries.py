"""Reads of alarms, and their public form."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from registry.alarms.models import Alarm, AlarmDay, AlarmStep
from registry.kernel.display import BASE_UNIT, in_base_unit
from registry.kernel.errors import NotFound
from registry.kernel.quantity import LARGEST, of_kind
from registry.kernel.vocabulary import AlarmState
from registry.platform.db import locked
from registry.platform.keys import among
from registry.platform.rows import table_of


def alarms(
    session: Session,
    regions: Collection[str] | None = None,
    *,
    open_only: bool = False,
    right: str | None = None,
) -> list[Alarm]:
    """Return alarms, newest first; `open_only` leaves out those closed or receded."""
    statement = select(Alarm).order_by(col(Alarm.raised_at).desc(), col(Alarm.id).desc())
    if regions is not None:
        statement = statement.where(col(Alarm.region).in_(regions))
    if open_only:
        statement = statement.where(Alarm.state != AlarmState.closed, col(Alarm.receded).is_(False))
    if right is not None:
        statement = statement.where(Alarm.right == right)
    return list(session.exec(statement).all())


def standing(session: Session, regions: Collection[str] | None) -> int:
    """Count the alarms of these regions (of all for None) that somebody still has to settle."""
    given = {} if regions is None else {"regions": regions}
    found: int = (
        session.connection().execute(_STANDING if regions is None else _STANDING_IN, given).scalar_one()
    )
    return found


# Every page asks for it.
_ALARM = table_of(Alarm).c
_STANDING = select_columns(func.count()).where(_ALARM.state != AlarmState.closed, _ALARM.receded.is_(False))
_STANDING_IN = _STANDING.where(among(_ALARM.region, "regions"))


def alarm_numbered(session: Session, alarm_id: int, regions: Collection[str] | None) -> Alarm:
    """Return one alarm that lies in the given regions.

    Raises:
        NotFound: there is none.
    """
    found = session.get(Alarm, alarm_id) if 0 < alarm_id <= LARGEST else None
    if found is None or (regions is not None and found.region not in regions):
        raise NotFound("alarm", alarm_id)
    return found


def locked_by_keys(session: Session, keys: Collection[str]) -> dict[str, Alarm]:
    """Lock the alarms of these keys, in key order."""
    if not keys:
        return {}
    statement = select(Alarm).where(col(Alarm.key).in_(keys)).order_by(Alarm.key)
    return {alarm.key: alarm for alarm in locked(session, statement)}


def locked_by_id(session: Session, alarm_id: int, regions: Collection[str] | None) -> Alarm:
    """Lock one alarm that lies in the given regions."""
    found = locked(session, select(Alarm).where(Alarm.id == alarm_id)) if abs(alarm_id) <= LARGEST else []
    if not found or (regions is not None and found[0].region not in regions):
        raise NotFound("alarm", alarm_id)
    return found[0]


def steps(session: Session, ids: Collection[int | None]) -> dict[int, list[AlarmStep]]:
    """Return the steps of alarms in their order."""
    by_alarm: dict[int, list[AlarmStep]] = defaultdict(list)
    statement = select(AlarmStep).where(col(AlarmStep.alarm_id).in_(ids)).order_by(col(AlarmStep.id))
    for step in session.exec(statement).all():
        by_alarm[step.alarm_id].append(step)
    return by_alarm


def newest_step(session: Session) -> int:
    """Return the number of the newest step of any alarm."""
    return session.exec(select(func.max(AlarmStep.id))).first() or 0


def steps_caused_by(
    session: Session, causes: Collection[str], after: int = 0
) -> list[tuple[AlarmStep, Alarm]]:
    """Return what these acts did to alarms, in order, each with its alarm; only steps `after` a number."""
    statement = (
        select(AlarmStep, Alarm)
        .join(Alarm, col(Alarm.id) == col(AlarmStep.alarm_id))
        .where(col(AlarmStep.caused_by).in_(causes), col(AlarmStep.id) > after)
        .order_by(col(AlarmStep.id))
    )
    return list(session.exec(statement).all())


def days(session: Session, ids: Collection[int | None]) -> dict[int, list[AlarmDay]]:
    """Return the listed days of alarms under a daily limit."""
    by_alarm: dict[int, list[AlarmDay]] = defaultdict(list)
    statement = select(AlarmDay).where(col(AlarmDay.alarm_id).in_(ids)).order_by(col(AlarmDay.day))
    for day in session.exec(statement).all():
        by_alarm[day.alarm_id].append(day)
    return by_alarm


def public(session: Session, found: Sequence[Alarm]) -> list[dict[str, Any]]:
    """Return alarms as the contract prints them, quantities as decimal strings in t or m3."""
    ids = [alarm.id for alarm in found]
    all_steps, all_days = steps(session, ids), days(session, ids)
    return [_public(a, all_steps.get(a.id or 0, []), all_days.get(a.id or 0, [])) for a in found]


def figure_of(alarm: Alarm, base: int | None) -> str | None:
    """Return a figure of an alarm, grams or litres, as a decimal string in t or m³; None where unknown."""
    return None if base is None or alarm.kind is None else in_base_unit(of_kind(alarm.kind, base))


def _public(alarm: Alarm, taken: Sequence[AlarmStep], listed: Sequence[AlarmDay]) -> dict[str, Any]:
    figure = partial(figure_of, alarm)
    known = alarm.limit is not None and alarm.reading is not None
    excess = (alarm.reading or 0) - (alarm.limit or 0) if known else None
    return {
        "id": alarm.id, "code": alarm.code, "severity": alarm.severity, "state": alarm.state,
        "receded": alarm.receded, "region": alarm.region, "mineral": alarm.mineral, "right": alarm.right,
        "meter": alarm.side, "period": alarm.period, "limit": figure(alarm.limit),
        "reading": figure(alarm.reading), "excess": figure(excess),
        "unit": BASE_UNIT[alarm.kind] if alarm.kind else None, "caused_by": alarm.caused_by,
        "document": alarm.document, "clause": alarm.clause, "note": alarm.note,
        "raised_at": alarm.raised_at.isoformat(),
        "days": [{"day": d.day.isoformat(), "reading": figure(d.reading), "over": d.over} for d in listed],
        "steps": [
            {
                "act": s.act, "at": s.at.isoformat(), "actor": s.actor, "note": s.note,
                "reading": figure(s.reading), "caused_by": s.caused_by, "severity": s.severity,
                "revision": s.revision,
            }
            for s in taken
        ],
    }  # fmt: skip
