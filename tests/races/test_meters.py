"""Many returns at once: every meter is the sum of its movements, and every mark is passed by one return.

The upsert creates, locks and adds in one statement. Each race is run again without its lock.
"""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from registry.alarms.models import Alarm
from registry.caps.models import Meter
from registry.caps.service import posting
from registry.identity.rules import SYSTEM
from registry.kernel.quantity import parse
from registry.kernel.vocabulary import MeterSide
from registry.output.service import recording
from registry.output.service.recording import record
from registry.plans.models import Cap
from registry.platform.db import reader, transaction
from tests.factories import COUNTY, LIMESTONE, WATER
from tests.races.books import enter, faults, number
from tests.races.rivals import Act, at_once, errors, meet_after, meeting
from tests.races.unlocked import begin_deferred, in_two_steps
from tests.services.steps import order

TEN = 10


def returning(at: int, period: str, text: str) -> Act:
    """Return the act of recording one return."""
    return lambda session: record(session, SYSTEM, order(number(at), period, text))


def unlock(engine: Engine, monkeypatch: pytest.MonkeyPatch, rivals: int) -> None:
    """Take the lock of the meters away."""
    if engine.dialect.name == "sqlite":
        begin_deferred(monkeypatch, engine)
    else:
        in_two_steps(monkeypatch, posting, meeting(rivals))


def meters(engine: Engine, region: str = COUNTY) -> list[Meter]:
    """Return the meters of a region's caps."""
    with reader(engine) as session:
        statement = select(Meter).join(Cap, col(Cap.id) == col(Meter.cap_id)).where(Cap.region == region)
        return list(session.exec(statement).all())


def first_returns(engine: Engine, monkeypatch: pytest.MonkeyPatch, period: str, text: str) -> list[Any]:
    """Let ten rights report one period in the same moment, when no meter of it is there yet."""
    meet_after(monkeypatch, recording, "gather", TEN)
    return at_once(engine, [returning(at, period, text) for at in range(TEN)])


class TestFirstReturns:
    @pytest.mark.parametrize(
        ("mineral", "limit", "period", "meter"),
        [(WATER, "600 m3/日", "2025-06-01", "2025-06-01"), (LIMESTONE, "1 kt/年", "2025-06", "2025")],
    )
    def test_of_a_day_or_year_make_one_meter(self, fresh, monkeypatch, mineral, limit, period, meter):
        """Lock: the upsert in caps/service/posting.py `post`; on SQLite BEGIN IMMEDIATE in platform/db.py."""
        enter(fresh, TEN, limit, mineral)
        unit = "m3" if mineral == WATER else "t"
        given = first_returns(fresh, monkeypatch, period, f"7 {unit}")
        assert errors(given) == []
        [city] = meters(fresh, "500000")
        assert (city.period, city.used, city.returns, city.seq) == (meter, parse(f"70 {unit}").base, TEN, TEN)
        assert faults(fresh) == []

    def test_without_the_lock_most_of_them_fail(self, fresh, monkeypatch):
        enter(fresh, TEN, "600 m3/日", WATER)
        unlock(fresh, monkeypatch, TEN)
        given = first_returns(fresh, monkeypatch, "2025-06-01", "7 m3")
        assert len(errors(given)) >= TEN // 2


def crossing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Let ten returns of 10.5 t reach caps of 100 t whose meters are there already."""
    meet_after(monkeypatch, recording, "gather", TEN)
    return at_once(engine, [returning(at, "2025-06", "10.5 t") for at in range(TEN)])


class TestThresholds:
    def book(self, engine):
        enter(engine, TEN, "100 t/年")
        with transaction(engine) as session:
            for at in range(2):
                record(session, SYSTEM, order(number(at), "2025-01", "0.1 t"))

    def test_each_is_passed_by_exactly_one_return(self, fresh, monkeypatch):
        """Lock: the upsert in caps/service/posting.py `post`; on SQLite BEGIN IMMEDIATE in platform/db.py."""
        self.book(fresh)
        assert errors(crossing(fresh, monkeypatch)) == []
        assert faults(fresh) == []
        with reader(fresh) as session:
            city = select(Alarm).where(Alarm.region == "500000", Alarm.side == MeterSide.output)
            found = {alarm.code: alarm for alarm in session.exec(city).all()}
        assert set(found) == {"cap_near", "cap_warning", "cap_exceeded"}
        assert len({alarm.caused_by for alarm in found.values()}) == 3
        assert {alarm.reading for alarm in found.values()} == {parse("105.2 t").base}

    def test_without_the_lock_returns_get_lost(self, fresh, monkeypatch):
        self.book(fresh)
        unlock(fresh, monkeypatch, TEN)
        assert errors(crossing(fresh, monkeypatch))


class TestSums:
    def test_many_returns_of_many_rights(self, fresh):
        """Lock: the upsert in caps/service/posting.py `post`; on SQLite BEGIN IMMEDIATE in platform/db.py.

        Each thread reports half a year of its own right in one transaction; then each corrects one month.
        """
        enter(fresh, TEN, "100 t/年")

        def half_year(at: int) -> Act:
            def act(session):
                for month in range(1, 7):
                    record(session, SYSTEM, order(number(at), f"2025-0{month}", f"{month}.5 t"))

            return act

        given = at_once(fresh, [half_year(at) for at in range(TEN)])
        assert errors(given) == []
        changes = [
            order(number(at), f"2025-0{at % 6 + 1}", "9 t", correct=True, reason="示例") for at in range(TEN)
        ]
        given = at_once(fresh, [partial(record, actor=SYSTEM, command=change) for change in changes])
        assert errors(given) == []
        assert faults(fresh) == []
        [city] = meters(fresh, "500000")
        assert (city.returns, city.seq) == (TEN * 6, TEN * 6 + 2 * TEN)
