"""Alarms under a daily limit: consecutive days over it form one alarm with a list of days.

The caller holds a lock on the subject (the cap's row, or the right's), so that two neighbouring
days recorded at once cannot start two alarms.
"""

from dataclasses import replace
from datetime import date, timedelta

from sqlmodel import Session, col, select

from registry.alarms.models import Alarm, AlarmDay
from registry.alarms.rules import Condition
from registry.alarms.service import raise_, recede, recede_to, step
from registry.kernel.quantity import Quantity
from registry.kernel.vocabulary import AlarmAct


def over(session: Session, actor: str, condition: Condition, day: date, reading: Quantity) -> Alarm:
    """Add a day to the alarm of its neighbours, or begin one; `condition.key` is the subject without day."""
    near = _days(session, condition.key, [day - timedelta(1), day, day + timedelta(1)])
    standing = next((d for d in near if d.day == day and d.over), None)
    listed = standing or _list(session, actor, condition, day, near, reading)
    listed.reading = reading.base
    session.flush()
    alarm = session.get_one(Alarm, listed.alarm_id)
    raise_(session, actor, replace(condition, key=alarm.key, period=alarm.period))
    _retell(session, alarm)
    return alarm


def _list(
    session: Session, actor: str, condition: Condition, day: date, near: list[AlarmDay], reading: Quantity
) -> AlarmDay:
    """List a day as over: with its neighbours, else where it was listed before, else in a new alarm."""
    known = next((d for d in near if d.day == day), None)
    homes = [d for d in near if d.over] or [d for d in (known,) if d]
    if homes:
        alarm = session.get_one(Alarm, homes[0].alarm_id)
        if homes[-1].alarm_id != alarm.id:
            _merge(session, actor, alarm, session.get_one(Alarm, homes[-1].alarm_id), condition)
        if not alarm.receded:
            # the step tells its own day and level; the alarm is retold from all of them
            alarm.reading, alarm.severity = reading.base, condition.severity
            step(session, alarm, AlarmAct.extended, actor, str(day), condition.caused_by, condition.revision)
    else:
        alarm = raise_(session, actor, replace(condition, key=f"{condition.key}:{day}", period=str(day)))
    listed = known or AlarmDay(alarm_id=alarm.id or 0, subject=condition.key, day=day, reading=0)
    listed.alarm_id, listed.over = alarm.id or 0, True
    session.add(listed)
    return listed


def _merge(session: Session, actor: str, into: Alarm, other: Alarm, condition: Condition) -> None:
    """Hand the days of a later alarm to the earlier one, which now reaches it."""
    for listed in session.exec(select(AlarmDay).where(AlarmDay.alarm_id == other.id)).all():
        listed.alarm_id = into.id or 0
    recede(session, actor, [other.key], {}, condition.caused_by or into.key, condition.revision)
    other.note = f"并入预警 {into.id}"


def back(session: Session, actor: str, now: Condition, day: date, reading: Quantity) -> None:
    """Take a day off its alarm because it is no longer over; the last one lets the alarm recede.

    `now.key` is the subject without day.
    """
    for listed in _days(session, now.key, [day]):
        listed.over, listed.reading = False, reading.base
        session.flush()
        alarm = session.get_one(Alarm, listed.alarm_id)
        if not _retell(session, alarm):
            recede_to(session, actor, replace(now, key=alarm.key, reading=reading))


def _retell(session: Session, alarm: Alarm) -> int:
    """Set reading and period of an alarm from its days; return how many are still over."""
    statement = select(AlarmDay).where(AlarmDay.alarm_id == alarm.id, col(AlarmDay.over).is_(True))
    standing = session.exec(statement.order_by(col(AlarmDay.day))).all()
    if standing:
        first, last = standing[0].day, standing[-1].day
        alarm.period = str(first) if first == last else f"{first}/{last}"
        alarm.reading = max(day.reading for day in standing)
    return len(standing)


def _days(session: Session, subject: str, days: list[date]) -> list[AlarmDay]:
    statement = select(AlarmDay).where(AlarmDay.subject == subject, col(AlarmDay.day).in_(days))
    return list(session.exec(statement.order_by(col(AlarmDay.day))).all())
