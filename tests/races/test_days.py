"""Neighbouring days over a daily cap at once: their meters differ, and yet they are one alarm.

The row of the cap is locked after the meters. The race is run again without that lock.
"""

from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from registry.alarms import daily
from registry.alarms.models import Alarm
from registry.alarms.queries import days as days_of
from registry.identity.rules import SYSTEM
from registry.output.service import recording
from registry.output.service.recording import record
from registry.platform.db import reader
from tests.factories import COUNTY, WATER
from tests.races.books import enter, faults, number
from tests.races.rivals import at_once, errors, meet_after
from tests.races.unlocked import begin_deferred, without_row_locks
from tests.services.steps import order

DAYS = 6


def a_week_over(engine: Engine, monkeypatch) -> list[Any]:
    """Let rights of one county report 700 m³ each for days that follow one another, all at once."""
    enter(engine, 2 * DAYS, "600 m3/日", WATER)
    meet_after(monkeypatch, recording, "gather", DAYS)
    if engine.dialect.name != "sqlite":  # where whoever has written keeps the others away
        meet_after(monkeypatch, daily, "_days", DAYS)
    acts = [
        lambda session, at=at: record(session, SYSTEM, order(number(2 * at), f"2025-06-0{at + 1}", "700 m3"))
        for at in range(DAYS)
    ]
    return at_once(engine, acts)


def county_alarms(engine: Engine) -> list[tuple[str | None, int]]:
    """Return period and number of days of each alarm of the county's daily cap."""
    with reader(engine) as session:
        found = session.exec(select(Alarm).where(Alarm.region == COUNTY, Alarm.receded == False)).all()  # noqa: E712
        listed = days_of(session, [alarm.id for alarm in found])
        return [(alarm.period, len(listed[alarm.id or 0])) for alarm in found]


def test_days_that_follow_one_another_are_one_alarm(fresh, monkeypatch):
    """Lock: `locked(select(Cap))` in caps/service/judging.py; on SQLite BEGIN IMMEDIATE in platform/db.py.

    It is NO KEY UPDATE: with plain UPDATE all but one are busy, since each has a new meter of the cap.
    """
    assert errors(a_week_over(fresh, monkeypatch)) == []
    assert county_alarms(fresh) == [(f"2025-06-01/2025-06-0{DAYS}", DAYS)]
    assert faults(fresh) == []


def test_without_the_lock_they_are_several(fresh, monkeypatch):
    if fresh.dialect.name == "sqlite":
        begin_deferred(monkeypatch, fresh)
        assert errors(a_week_over(fresh, monkeypatch))
    else:
        without_row_locks(monkeypatch)
        a_week_over(fresh, monkeypatch)
        assert len(county_alarms(fresh)) > 1
