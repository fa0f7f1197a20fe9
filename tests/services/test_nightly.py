"""The nightly job: what a new day brings, and that a second run on that day changes nothing."""

from datetime import date

import pytest
from sqlmodel import select

from registry.alarms.models import Alarm, AlarmStep
from registry.caps.models import Commitment
from registry.caps.service import place_hold
from registry.identity.rules import SYSTEM
from registry.kernel.vocabulary import OperatingState, Severity
from registry.output.models import ReturnDuty
from registry.output.service import record_many, void
from registry.platform import clock
from registry.platform.audit import AuditEntry
from registry.platform.facts import set_fact
from registry.workflows.nightly import nightly
from tests.factories import (
    CITY,
    COUNTY,
    LIMESTONE,
    QUARTZ,
    WATER,
    cap,
    line,
    mineral,
    permit,
    right,
    set_clock,
    spell,
    world,
)
from tests.services.demands import commit, demand
from tests.services.steps import acts, alarms, order, standing, tell, tonnes

MINE, WELL = "SZ-2025-0001", "SZ-2025-0002"
MISSING = f"return_missing:{MINE}/{LIMESTONE}/2025-"


def night(session, day: str) -> dict[str, object]:
    """Run the job on a day."""
    set_clock(session, date.fromisoformat(day))
    return nightly(session)


@pytest.fixture
def book(session):
    world(session, today=date(2025, 3, 1))
    return cap(session, "100 t/年")


def everything(session) -> list[list[tuple[object, ...]]]:
    """Return every row that the job may write, except its own line in the audit trail."""
    session.flush()
    tables = (Alarm, AlarmStep, Commitment, ReturnDuty)
    return [
        [tuple(row.model_dump().values()) for row in session.exec(select(table)).all()] for table in tables
    ]


class TestTwice:
    def test_on_the_same_day_changes_nothing(self, session, book):
        mineral(session, QUARTZ)
        cap(session, None, QUARTZ, binding=None)
        right(session, MINE, valid=(date(2020, 1, 1), date(2025, 6, 30)))
        right(session, WELL, QUARTZ)
        tell(session, WELL, "2025-02", "14 t")
        commit(session, demand("85 t"), demand("5 t", mineral=QUARTZ))
        place_hold(session, SYSTEM, demand("10 t"), date(2025, 3, 31))
        done = night(session, "2025-04-11")
        counted = ("duties_opened", "returns_missing", "renewals", "plans_expired", "holds_lapsed")
        assert [done[name] for name in counted] == [48, 5, 1, 0, 1]
        before = everything(session)
        assert set(night(session, "2025-04-11").values()) == {0}
        assert everything(session) == before

    def test_a_quiet_night_raises_nothing(self, session, book):
        assert set(night(session, "2025-03-02").values()) == {0}
        assert alarms(session) == []

    def test_the_run_is_audited_in_the_top_region(self, session, book):
        night(session, "2025-03-02")
        session.commit()
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.act == "job.nightly")).all()
        assert (entry.region, entry.record, entry.actor) == (CITY, "2025-03-02", "system")

    def test_an_empty_book_has_a_quiet_night(self, session):
        assert set(nightly(session).values()) == {0}


class TestMissingReturns:
    def test_one_alarm_per_month_from_the_day_after_it_was_due(self, session, book):
        right(session, MINE)
        night(session, "2025-02-10")
        assert standing(session) == []
        night(session, "2025-03-11")
        assert standing(session) == [f"{MISSING}01", f"{MISSING}02"]
        [january, _] = alarms(session)
        assert (january.severity, january.right, january.period) == (Severity.warning, MINE, "2025-01")
        assert january.note == "应于 2025-02-10 前报送"

    def test_it_recedes_at_once_when_the_return_comes(self, session, book):
        right(session, MINE)
        night(session, "2025-02-11")
        tell(session, MINE, "2025-01", "5 t")
        [january] = alarms(session)
        assert (january.receded, acts(session, january)) == (True, ["raised", "receded"])
        night(session, "2025-02-12")
        assert standing(session) == []

    def test_it_re_opens_when_the_return_is_taken_back(self, session, book):
        right(session, MINE)
        night(session, "2025-02-11")
        tell(session, MINE, "2025-01", "5 t")
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-01", "误报")
        assert standing(session) == []
        night(session, "2025-02-12")
        [january] = alarms(session)
        assert acts(session, january) == ["raised", "receded", "reopened"]

    def test_it_recedes_when_the_month_turns_out_not_to_be_owed(self, session, book):
        mine = right(session, MINE)
        night(session, "2025-02-11")
        spell(session, mine, OperatingState.stopped, date(2024, 12, 1))
        spell(session, mine, OperatingState.producing, date(2025, 2, 1))
        night(session, "2025-02-12")
        assert standing(session) == []

    def test_it_re_opens_when_a_stop_that_hid_what_was_taken_back_is_put_right(self, session, book):
        mine = right(session, MINE, recorded=date(2025, 1, 2))
        night(session, "2025-02-05")
        tell(session, MINE, "2025-01", "5 t")
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-01", "误报")
        night(session, "2025-02-11")
        wrong = spell(session, mine, OperatingState.stopped, date(2024, 12, 1))
        night(session, "2025-02-12")
        assert standing(session) == []
        wrong.superseded_at = clock.now(session)
        night(session, "2025-02-13")
        [january] = alarms(session)
        assert (january.key, acts(session, january)) == (f"{MISSING}01", ["raised", "receded", "reopened"])

    def test_it_recedes_when_days_have_come_that_a_daily_cap_has_put_in_place_of_the_month(
        self, session, book
    ):
        right(session, WELL, WATER, recorded=date(2025, 2, 1))
        night(session, "2025-03-11")
        cap(session, "600 m3/日", WATER)
        night(session, "2025-03-12")
        record_many(session, SYSTEM, [order(WELL, f"2025-02-{day:02d}", "5 m3") for day in range(1, 29)])
        [february] = alarms(session)
        assert (february.period, february.receded) == ("2025-02", True)

    def test_the_days_of_a_month_are_one_alarm_until_the_last_has_come(self, session, book):
        cap(session, "600 m3/日", WATER)
        right(session, WELL, WATER, recorded=date(2025, 2, 1))
        night(session, "2025-03-11")
        [february] = alarms(session)
        assert (february.period, february.note) == ("2025-02", "应于 2025-03-10 前报送，缺 28 日")
        record_many(session, SYSTEM, [order(WELL, f"2025-02-{day:02d}", "5 m3") for day in range(1, 27)])
        night(session, "2025-03-12")
        [february] = alarms(session)
        assert (february.receded, february.note) == (False, "应于 2025-03-10 前报送，缺 2 日")
        assert acts(session, february) == ["raised", "extended"]
        record_many(session, SYSTEM, [order(WELL, f"2025-02-{day}", "5 m3") for day in (27, 28)])
        assert standing(session) == []


class TestRenewals:
    """Counted to the application day, 30 days before the permit ends: here the 1st of December 2025."""

    @pytest.fixture
    def mine(self, session, book):
        return right(
            session, MINE, valid=(date(2020, 1, 1), date(2025, 12, 31)), state=OperatingState.stopped
        )

    def told(self, session) -> list[tuple[str, str]]:
        return [(alarm.code.value, alarm.severity.value) for alarm in alarms(session) if not alarm.receded]

    @pytest.mark.parametrize(
        ("today", "expected"),
        [
            ("2024-11-30", []),
            ("2024-12-01", [("renewal_due", "info")]),
            ("2025-06-01", [("renewal_due", "info")]),
            ("2025-09-01", [("renewal_due", "warning")]),
            ("2025-10-02", [("renewal_due", "warning")]),
            ("2025-12-01", [("renewal_due", "warning")]),
            ("2025-12-02", [("renewal_overdue", "warning")]),
            ("2025-12-31", [("renewal_overdue", "warning")]),
            ("2026-01-01", [("renewal_overdue", "critical")]),
        ],
    )
    def test_the_stages(self, session, mine, today, expected):
        night(session, today)
        assert [one for one in self.told(session) if one[0] != "plan_expired"] == expected

    def test_each_stage_is_a_step_of_one_alarm_until_the_day_has_passed(self, session, mine):
        for today in ("2024-12-01", "2025-06-01", "2025-09-01", "2025-10-02", "2025-12-02", "2026-01-01"):
            night(session, today)
            night(session, today)
        due, overdue = [alarm for alarm in alarms(session) if alarm.code != "plan_expired"]
        assert (due.key, due.receded) == (f"renewal_due:{MINE}:2025-12-31", True)
        assert acts(session, due) == ["raised", "extended", "extended", "extended", "receded"]
        assert acts(session, overdue) == ["raised", "extended"]
        assert (overdue.period, overdue.right, overdue.document) == (
            "2025-12-31",
            MINE,
            f"采矿许可证 示例-{MINE}",
        )

    def test_a_new_permit_lets_it_recede(self, session, mine):
        night(session, "2025-12-02")
        permit(session, mine, "示例-续", (date(2026, 1, 1), date(2036, 1, 1)))
        night(session, "2025-12-03")
        assert standing(session) == []

    def test_an_office_may_have_another_notice_period(self, session, mine):
        set_fact(session, "renewal_notice_days", "60")
        night(session, "2025-11-02")
        assert self.told(session) == [("renewal_overdue", "warning")]

    @pytest.mark.parametrize("case", ["closing", "open end", "only named"])
    def test_who_is_not_reminded(self, session, mine, case):
        if case == "closing":
            spell(session, mine, OperatingState.closing, date(2025, 1, 1))
        if case == "open end":
            permit(session, mine, "示例-续", (date(2026, 1, 1), None))
        if case == "only named":
            mine.counted = False
            session.flush()
        night(session, "2025-12-02")
        assert standing(session) == []


class TestPlans:
    def test_the_day_after_its_last_a_plan_is_told_once(self, session, book):
        night(session, "2025-12-31")
        assert standing(session) == []
        night(session, "2026-01-01")
        night(session, "2026-05-01")
        [expired] = alarms(session)
        assert (expired.code.value, expired.region, expired.period) == ("plan_expired", COUNTY, "2025-12-31")
        assert (expired.severity, acts(session, expired)) == (Severity.warning, ["raised"])

    def test_the_next_plan_lets_it_recede(self, session, book):
        night(session, "2026-01-01")
        line(session, book, "80 t/年", (date(2026, 1, 1), date(2030, 12, 31)), known=date(2026, 1, 1))
        night(session, "2026-01-02")
        assert standing(session) == []

    def test_a_plan_of_another_region_changes_nothing(self, session, book):
        city = cap(session, "80 t/年", region=CITY)
        line(session, city, "80 t/年", (date(2026, 1, 1), date(2030, 12, 31)), known=date(2026, 1, 1))
        night(session, "2026-01-01")
        assert standing(session) == [f"plan_expired:{COUNTY}:示例规划 {COUNTY}{LIMESTONE}"]


class TestCapacity:
    def test_a_lapsed_hold_gets_its_trace(self, session, book):
        hold = place_hold(session, SYSTEM, demand("80 t"), date(2025, 3, 31))
        assert standing(session) == [f"cap_near:{COUNTY}/{LIMESTONE}/year:licensed:2025"]
        night(session, "2025-03-31")
        assert (hold.superseded_at, len(standing(session))) == (None, 1)
        night(session, "2025-04-01")
        assert (hold.end_reason, hold.superseded_at) == ("lapsed", clock.now(session))
        assert standing(session) == []
        session.commit()
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.act == "hold.lapse")).all()
        assert (entry.region, entry.record) == (COUNTY, "示例")

    def test_a_new_year_is_judged_by_itself(self, session, book):
        commit(session, demand("85 t", "2026-01-01"))
        night(session, "2025-12-31")
        assert standing(session) == []
        night(session, "2026-01-01")
        assert f"cap_near:{COUNTY}/{LIMESTONE}/year:licensed:2026" in standing(session)

    def test_stock_over_the_cap_is_told_once(self, session, book):
        commit(session, demand("120 t"))
        night(session, "2025-03-02")
        night(session, "2025-03-03")
        [over] = alarms(session, "stock_over_cap")
        assert (acts(session, over), over.reading) == (["raised"], tonnes(120))

    def test_what_was_dug_of_a_mineral_without_figure_stays_on_its_alarm(self, session, book):
        mineral(session, QUARTZ)
        cap(session, None, QUARTZ, binding=None)
        right(session, WELL, QUARTZ)
        commit(session, demand("20 t", mineral=QUARTZ))
        tell(session, WELL, "2025-01", "14 t")
        night(session, "2025-03-02")
        assert alarms(session, "cap_missing")[0].reading == tonnes(14)
