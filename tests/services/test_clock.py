"""The time of the registry: Chongqing's calendar, and the stored clock of a demonstration."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from registry.platform import clock
from registry.platform.db import reader, transaction
from registry.platform.facts import facts, is_demonstration, set_fact
from registry.settings import settings

JULY = datetime(2025, 7, 14, 16, 30, tzinfo=UTC)  # half past midnight of the 15th in Chongqing


@pytest.fixture
def told_today(monkeypatch):
    """Give a way to set REGISTRY_TODAY."""

    def tell(day: str | None) -> None:
        if day is None:
            monkeypatch.delenv("REGISTRY_TODAY", raising=False)
        else:
            monkeypatch.setenv("REGISTRY_TODAY", day)
        settings.cache_clear()

    tell(None)
    yield tell
    monkeypatch.undo()
    settings.cache_clear()


class TestRealClock:
    def test_is_the_moment_in_utc(self, session, told_today):
        before = datetime.now(UTC)
        assert before <= clock.now(session) <= datetime.now(UTC)
        assert clock.now(session).tzinfo is UTC
        assert not is_demonstration(session)

    def test_nobody_but_a_demonstration_may_choose_the_day(self, session, told_today):
        told_today("2020-01-01")
        assert clock.now(session) > datetime(2025, 1, 1, tzinfo=UTC)
        set_fact(session, "clock", JULY.isoformat())
        assert clock.now(session) != JULY


class TestDemonstration:
    def test_stands_where_it_was_set(self, session, told_today):
        clock.set_demonstration_clock(session, JULY)
        assert is_demonstration(session)
        assert [clock.now(session) for _ in range(2)] == [JULY, JULY]
        assert clock.today(session) == date(2025, 7, 15)
        clock.set_demonstration_clock(session, JULY + timedelta(days=200))
        assert clock.now(session) == JULY + timedelta(days=200)

    def test_a_moment_of_another_zone_is_the_same_moment(self, session, told_today):
        clock.set_demonstration_clock(
            session, datetime(2025, 7, 15, 0, 30, tzinfo=timezone(timedelta(hours=8)))
        )
        assert clock.now(session) == JULY
        assert clock.now(session).utcoffset() == timedelta(0)

    def test_the_environment_may_choose_another_day(self, session, told_today):
        clock.set_demonstration_clock(session, JULY)
        told_today("2026-01-31")
        assert clock.today(session) == date(2026, 1, 31)
        assert clock.now(session) == datetime(2026, 1, 31, 1, tzinfo=UTC)

    def test_whoever_comes_later_sees_it(self, fresh, told_today):
        with transaction(fresh) as session:
            clock.set_demonstration_clock(session, JULY)
        with reader(fresh) as session:
            assert clock.now(session) == JULY

    @pytest.mark.parametrize("leave", [Session.rollback, Session.close], ids=["rollback", "close"])
    def test_a_clock_that_was_undone_is_forgotten(self, fresh, told_today, leave):
        with Session(fresh) as session:
            clock.set_demonstration_clock(session, JULY)
            assert clock.now(session) == JULY
            leave(session)
            assert facts(session) == {}

    def test_a_clock_undone_with_a_savepoint_is_forgotten(self, session, told_today):
        clock.set_demonstration_clock(session, JULY)
        savepoint = session.begin_nested()
        clock.set_demonstration_clock(session, JULY + timedelta(days=1))
        assert clock.now(session) > JULY
        savepoint.rollback()
        assert clock.now(session) == JULY


days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


class TestLocalDays:
    @pytest.mark.parametrize(
        ("moment", "day"),
        [
            ("2025-12-31T15:59:59.999999+00:00", "2025-12-31"),
            ("2025-12-31T16:00:00+00:00", "2026-01-01"),
            ("2026-01-01T00:00:00+08:00", "2026-01-01"),
            ("2025-02-28T16:00:00+00:00", "2025-03-01"),
        ],
    )
    def test_the_day_turns_at_midnight_in_chongqing(self, moment, day):
        assert clock.local_day(datetime.fromisoformat(moment)).isoformat() == day

    @given(days, st.times())
    def test_a_local_day_and_time_is_a_moment_of_that_day(self, day, at):
        moment = clock.at_local(day, at)
        assert moment.utcoffset() == timedelta(0)
        assert clock.local_day(moment) == day
        assert clock.at_local(day, time(0)) <= moment < clock.end_of_day(day)

    @given(days)
    def test_the_end_of_a_day_is_the_first_moment_after_it(self, day):
        end = clock.end_of_day(day)
        assert clock.local_day(end) == day + timedelta(days=1)
        assert clock.local_day(end - timedelta(microseconds=1)) == day
