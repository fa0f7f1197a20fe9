"""The duty to report: which months and days are owed, and how returns settle them."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, select

from registry.identity.rules import SYSTEM
from registry.kernel.vocabulary import CapPeriod, OperatingState
from registry.output.models import ReturnDuty
from registry.output.service import open_duties, record_many, void
from registry.platform import clock
from registry.platform.facts import set_fact
from registry.rights.queries import permits_of, spells_of
from tests.factories import (
    COUNTY,
    LIMESTONE,
    WATER,
    ZINC,
    associate,
    cap,
    mineral,
    right,
    set_clock,
    spell,
    world,
)
from tests.services.steps import correct, order, tell

MINE, WELL = "SZ-2025-0001", "SZ-2025-0002"


@pytest.fixture
def book(session):
    world(session)
    return cap(session, "100 t/年")


def duties(session, period: str = "") -> list[ReturnDuty]:
    """Return the duties that stand, or those of one period, as the database holds them."""
    return [duty for duty in ever(session, period) if duty.dropped_at is None]


def ever(session, period: str = "") -> list[ReturnDuty]:
    """Return every duty that ever was, or those of one period, in the order in which they were opened."""
    session.flush()
    statement = select(ReturnDuty).order_by(ReturnDuty.period, col(ReturnDuty.id))
    statement = statement.where(ReturnDuty.period == period) if period else statement
    return list(session.exec(statement.execution_options(populate_existing=True)).all())


def periods(session) -> list[str]:
    return [duty.period for duty in duties(session)]


class TestOpened:
    def test_every_month_from_entry_to_the_end_of_next_year(self, session, book):
        mine = right(session, MINE, recorded=date(2025, 11, 20))
        assert open_duties(session) == 14
        assert periods(session)[:3] == ["2025-11", "2025-12", "2026-01"]
        assert periods(session)[-1] == "2026-12"
        first = duties(session)[0]
        assert (first.right_id, first.region, first.mineral, first.grain) == (
            mine.id, COUNTY, LIMESTONE, CapPeriod.year,
        )  # fmt: skip
        assert (first.year, first.opened, first.fulfilled_at, first.in_time) == (2025, 1, None, False)

    def test_repeating_it_opens_nothing(self, session, book):
        right(session, MINE)
        assert (open_duties(session), open_duties(session)) == (24, 0)

    def test_a_new_year_opens_the_months_of_the_next(self, session, book):
        right(session, MINE)
        open_duties(session)
        set_clock(session, date(2026, 1, 1))
        assert open_duties(session) == 12
        assert periods(session)[-1] == "2027-12"

    def test_only_these_rights_when_asked(self, session, book):
        mine, _ = right(session, MINE), right(session, WELL)
        assert open_duties(session, [mine.id or 0]) == 24
        assert open_duties(session, []) == 0

    def test_nothing_is_owed_before_the_first_permit(self, session, book):
        right(session, MINE, valid=(date(2026, 10, 5), date(2030, 1, 1)))
        open_duties(session)
        assert periods(session) == ["2026-10", "2026-11", "2026-12"]

    def test_an_expired_permit_ends_no_duty(self, session, book):
        right(session, MINE, valid=(date(2020, 1, 1), date(2025, 1, 31)))
        assert open_duties(session) == 24

    def test_the_month_after_december_is_due_in_january(self, session, book):
        right(session, MINE, recorded=date(2025, 11, 20))
        open_duties(session)
        assert [duty.due_on for duty in duties(session)[:2]] == [date(2025, 12, 10), date(2026, 1, 10)]

    def test_an_office_may_set_another_due_day(self, session, book):
        set_fact(session, "return_due_day", "5")
        right(session, MINE)
        open_duties(session)
        assert duties(session)[0].due_on == date(2025, 2, 5)

    def test_an_associated_mineral_is_not_owed(self, session, book):
        mineral(session, ZINC, "32010")
        associate(session, right(session, MINE), ZINC)
        open_duties(session)
        assert {duty.mineral for duty in duties(session)} == {LIMESTONE}

    def test_a_mine_that_a_plan_only_names_owes_nothing(self, session, book):
        right(session, MINE).counted = False
        session.flush()
        assert open_duties(session) == 0


class TestProducing:
    @pytest.mark.parametrize("state", [s for s in OperatingState if s is not OperatingState.producing])
    def test_who_does_not_produce_owes_nothing(self, session, book, state):
        right(session, MINE, state=state)
        assert open_duties(session) == 0

    def test_a_month_produced_in_part_is_owed(self, session, book):
        mine = right(session, MINE)
        spell(session, mine, OperatingState.stopped, date(2025, 3, 31))
        spell(session, mine, OperatingState.producing, date(2025, 6, 30))
        open_duties(session)
        assert periods(session)[:5] == ["2025-01", "2025-02", "2025-03", "2025-06", "2025-07"]

    def test_stopping_drops_what_is_not_owed_any_more_and_keeps_what_was_settled(self, session, book):
        mine = right(session, MINE)
        open_duties(session)
        tell(session, MINE, "2025-05", "5 t")
        spell(session, mine, OperatingState.stopped, date(2025, 3, 1))
        assert open_duties(session) == 0
        assert periods(session) == ["2025-01", "2025-02", "2025-05"]

    def test_what_is_dropped_stays_with_its_moments_and_is_opened_anew_beside_it(self, session, book):
        mine = right(session, MINE)
        open_duties(session)
        opened = clock.now(session)
        set_clock(session, date(2025, 7, 1))
        spell(session, mine, OperatingState.stopped, date(2025, 3, 1))
        open_duties(session)
        stopped = clock.now(session)
        set_clock(session, date(2025, 8, 1))
        spell(session, mine, OperatingState.producing, date(2025, 5, 1))
        open_duties(session)
        [april], [old, new] = ever(session, "2025-04"), ever(session, "2025-05")
        assert (april.opened_at, april.dropped_at) == (opened, stopped)
        assert (old.opened, old.opened_at, old.dropped_at) == (1, opened, stopped)
        assert (new.opened, new.opened_at, new.dropped_at) == (1, clock.now(session), None)

    def test_a_return_that_comes_during_a_stop_settles_nothing_that_was_dropped(self, session, book):
        mine = right(session, MINE)
        open_duties(session)
        spell(session, mine, OperatingState.stopped, date(2025, 3, 1))
        open_duties(session)
        tell(session, MINE, "2025-05", "5 t")
        [may] = ever(session, "2025-05")
        assert (may.fulfilled_at, may.dropped_at) == (None, clock.now(session))

    def test_a_return_taken_back_in_a_month_of_stop_is_not_owed(self, session, book):
        mine = right(session, MINE)
        open_duties(session)
        tell(session, MINE, "2025-05", "5 t")
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-05", "误报")
        spell(session, mine, OperatingState.stopped, date(2025, 5, 1))
        open_duties(session)
        assert [duty.opened for duty in duties(session, "2025-05")] == [1]

    def test_a_mine_without_any_recorded_state_owes_nothing(self, session, book):
        mine = right(session, MINE)
        for row in spells_of(session, [mine.id or 0])[mine.id or 0]:
            row.superseded_at = datetime(2025, 1, 3, tzinfo=UTC)
        session.flush()
        assert open_duties(session) == 0


class TestDays:
    def test_under_a_daily_cap_every_day_is_owed_with_its_month(self, session):
        world(session)
        cap(session, "600 m3/日", WATER)
        right(session, WELL, WATER, recorded=date(2025, 2, 10))
        open_duties(session)
        february = [duty for duty in duties(session) if duty.period.startswith("2025-02")]
        assert (len(february), {duty.due_on for duty in february}) == (28, {date(2025, 3, 10)})
        assert {duty.grain for duty in february} == {CapPeriod.day}

    def test_a_plan_that_brings_a_daily_cap_turns_open_months_into_days(self, session):
        world(session)
        right(session, WELL, WATER, recorded=date(2026, 11, 1))
        set_clock(session, date(2026, 11, 2))
        open_duties(session)
        cap(session, "600 m3/日", WATER, years=(2026, 2030))
        open_duties(session)
        assert "2026-11" not in periods(session)
        assert "2026-11-01" in periods(session)


class TestSettled:
    @pytest.fixture
    def mine(self, session, book):
        found = right(session, MINE)
        open_duties(session)
        return found

    @pytest.mark.parametrize(("today", "in_time"), [("2025-07-10", True), ("2025-07-11", False)])
    def test_up_to_the_due_day_it_is_in_time(self, session, mine, today, in_time):
        set_clock(session, date.fromisoformat(today))
        tell(session, MINE, "2025-06", "5 t")
        [duty] = duties(session, "2025-06")
        assert (duty.in_time, duty.fulfilled_at) == (in_time, clock.now(session))

    def test_a_nil_return_settles_it_too(self, session, mine):
        tell(session, MINE, "2025-06", nil="1")
        assert duties(session, "2025-06")[0].fulfilled_at is not None

    def test_only_the_period_that_came_is_settled(self, session, mine):
        tell(session, MINE, "2025-06", "5 t")
        assert [duty.period for duty in duties(session) if duty.fulfilled_at is not None] == ["2025-06"]

    def test_another_mineral_settles_nothing(self, session, mine):
        mineral(session, ZINC, "32010")
        tell(session, MINE, "2025-06", "5 t", mineral=ZINC)
        assert duties(session, "2025-06")[0].fulfilled_at is None

    def test_a_correction_leaves_the_time_it_came(self, session, mine):
        tell(session, MINE, "2025-06", "5 t")
        came = duties(session, "2025-06")[0].fulfilled_at
        set_clock(session, date(2025, 9, 1))
        correct(session, MINE, "2025-06", "6 t")
        [duty] = duties(session, "2025-06")
        assert (duty.fulfilled_at, duty.in_time) == (came, True)

    def test_taking_it_back_opens_it_anew_and_keeps_the_settled_row(self, session, mine):
        tell(session, MINE, "2025-06", "5 t")
        set_clock(session, date(2025, 9, 1))
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-06", "误报")
        old, new = duties(session, "2025-06")
        assert (old.opened, old.in_time, new.opened, new.fulfilled_at) == (1, True, 2, None)
        assert (new.due_on, new.opened_at) == (date(2025, 9, 1), clock.now(session))
        tell(session, MINE, "2025-06", "5 t")
        assert duties(session, "2025-06")[1].in_time

    def test_taken_back_before_it_is_due_it_stays_due_then(self, session, mine):
        tell(session, MINE, "2025-06", "5 t")
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-06", "误报")
        assert duties(session, "2025-06")[1].due_on == date(2025, 7, 10)
        assert open_duties(session) == 0

    def test_taken_back_it_is_owed_again_once_a_wrong_stop_is_put_right(self, session, mine):
        tell(session, MINE, "2025-05", "5 t")
        tell(session, MINE, "2025-06", "5 t")
        set_clock(session, date(2025, 9, 1))
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-06", "误报")
        set_clock(session, date(2025, 9, 2))
        wrong = spell(session, mine, OperatingState.stopped, date(2025, 5, 1))
        open_duties(session)
        assert [duty.opened for duty in duties(session, "2025-06")] == [1]
        wrong.superseded_at = clock.now(session)
        assert open_duties(session) == 19  # June to the end of next year; May has come
        old, new = duties(session, "2025-06")
        assert (old.in_time, new.opened, new.fulfilled_at, new.due_on) == (True, 2, None, date(2025, 9, 1))
        assert open_duties(session) == 0

    def test_told_anew_during_the_wrong_stop_it_is_not_owed_again(self, session, mine):
        tell(session, MINE, "2025-06", "5 t")
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-06", "误报")
        wrong = spell(session, mine, OperatingState.stopped, date(2025, 5, 1))
        open_duties(session)
        tell(session, MINE, "2025-06", "6 t")
        wrong.superseded_at = clock.now(session)
        open_duties(session)
        assert [duty.opened for duty in duties(session, "2025-06")] == [1]

    @pytest.mark.parametrize(("told", "in_time"), [("2025-07-10", True), ("2025-07-11", False)])
    def test_a_duty_opened_after_its_return_came_is_settled_by_it(self, session, book, told, in_time):
        stopped = right(session, WELL, state=OperatingState.stopped)
        set_clock(session, date.fromisoformat(told))
        tell(session, WELL, "2025-06", "5 t")
        came = clock.now(session)
        set_clock(session, date(2025, 9, 1))
        correct(session, WELL, "2025-06", "6 t")
        tell(session, WELL, "2025-07", "6 t")
        void(session, SYSTEM, f"{WELL}/{LIMESTONE}/2025-07", "误报")
        spell(session, stopped, OperatingState.producing, date(2025, 6, 1))  # as it turns out
        open_duties(session)
        june, july = duties(session, "2025-06")[0], duties(session, "2025-07")[0]
        assert (june.fulfilled_at, june.in_time) == (came, in_time)
        assert (july.fulfilled_at, july.in_time) == (None, False)

    def test_a_batch_settles_all_of_its_days(self, session):
        world(session)
        cap(session, "600 m3/日", WATER)
        right(session, WELL, WATER)
        open_duties(session)
        record_many(session, SYSTEM, [order(WELL, f"2025-02-{day:02d}", "5 m3") for day in range(1, 29)])
        assert sum(duty.fulfilled_at is not None for duty in duties(session)) == 28


def test_permits_without_first_day_are_owed_from_entry(session):
    world(session)
    mine = right(session, MINE, recorded=date(2025, 5, 1))
    permits_of(session, [mine.id or 0])[mine.id or 0][0].valid_from = None
    session.flush()
    assert open_duties(session) == 20
