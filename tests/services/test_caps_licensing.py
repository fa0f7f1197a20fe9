"""The licensed side of caps: dated commitments, the highest day, what new demand meets, its alarms."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from registry.caps.models import Commitment
from registry.caps.rules import CapExceeded, PlanEnded
from registry.caps.service import admit, assess, end_commitments
from registry.caps.service.licensing import licensed
from registry.identity.rules import SYSTEM
from registry.kernel.period import Term
from registry.kernel.quantity import Mass
from registry.kernel.vocabulary import CapPeriod, Kind
from registry.platform.audit import AuditEntry
from registry.workflows.cap_status import public, status
from tests.factories import (
    CITY,
    COUNTY,
    LIMESTONE,
    QUARTZ,
    WATER,
    cap,
    line,
    mineral,
    right,
    set_clock,
    world,
)
from tests.services.demands import commit, demand, water
from tests.services.steps import alarms, tonnes

NAME = f"{COUNTY}/{LIMESTONE}/year"
MINE = "SZ-2025-0001"
AHEAD = (2021, 2060)  # a plan that outlives every demand


def year(session, account, of: int = 2025) -> int:
    """Return grams on the highest day of a year."""
    return licensed(session, account, Term(date(of, 1, 1), date(of, 12, 31))).total.base


@pytest.fixture
def book(session):
    """A county with a binding limestone cap of 100 t."""
    world(session)
    return cap(session, "100 t/年", years=AHEAD)


class TestHighestDay:
    def test_what_is_licensed_one_after_another_does_not_add_up(self, session, book):
        commit(session, demand("60 t", ends="2025-07-01"), demand("70 t", "2025-07-01"))
        assert year(session, book) == tonnes(70)

    def test_one_day_of_overlap_is_the_highest(self, session, book):
        commit(session, demand("60 t", ends="2025-07-02"), demand("70 t", "2025-07-01"))
        assert year(session, book) == tonnes(130)

    @pytest.mark.parametrize(
        ("starts", "ends", "counted"),
        [
            ("2024-05-01", "2025-01-01", False),  # its last day was the 31st of December
            ("2024-05-01", "2025-01-02", True),
            ("2025-12-31", None, True),
            ("2026-01-01", None, False),
        ],
    )
    def test_the_end_is_the_first_day_that_counts_no_more(self, session, book, starts, ends, counted):
        commit(session, demand("60 t", starts, ends))
        assert year(session, book) == (tonnes(60) if counted else 0)

    def test_a_county_counts_for_the_city_and_other_minerals_and_periods_do_not(self, session, book):
        city = cap(session, "500 t/年", region=CITY, years=AHEAD)
        mineral(session, QUARTZ)
        commit(session, demand("60 t"), demand("7 t", mineral=QUARTZ), demand("9 t", period=CapPeriod.day))
        assert (year(session, book), year(session, city)) == (tonnes(60), tonnes(60))

    def test_an_ended_commitment_counts_until_the_day_before(self, session, book):
        mine = right(session, MINE)
        commit(session, demand("60 t", "2020-01-01", right_id=mine.id))
        end_commitments(session, SYSTEM, mine.id or 0, date(2025, 3, 1), "注销")
        assert [year(session, book, of) for of in (2024, 2025, 2026)] == [tonnes(60), tonnes(60), 0]
        old, new = session.exec(select(Commitment).order_by(col(Commitment.id))).all()
        assert (old.end_reason, old.superseded_at is not None) == ("注销", True)
        assert (new.ends, new.superseded_at, new.amount) == (date(2025, 3, 1), None, tonnes(60))

    def test_ended_before_it_began_nothing_is_left_of_it(self, session, book):
        mine = right(session, MINE)
        commit(session, demand("60 t", "2026-01-01", right_id=mine.id))
        end_commitments(session, SYSTEM, mine.id or 0, date(2025, 3, 1), "注销")
        assert len(session.exec(select(Commitment)).all()) == 1
        assert year(session, book, 2026) == 0


class TestMaximumDay:
    """Under a daily cap the recorded maximum day is licensed, never the year's scale divided (decision 6)."""

    @pytest.fixture
    def warm(self, session):
        world(session)
        return cap(session, "600 m3/日", WATER, years=AHEAD)

    def told(self, session) -> dict[str, Any]:
        [found] = status(session, 2025, COUNTY)
        told: dict[str, Any] = public(found)["meters"]["licensed"]
        return told

    def test_recorded_days_add_up(self, session, warm):
        commit(session, water("380 m3"), water("150 m3"))
        assert self.told(session) == {
            "held": "0",
            "used": "530",
            "free": "70",
            "ratio": "0.8833",
            "unknown": 0,
        }

    def test_one_without_is_unknown_and_so_is_the_room(self, session, warm):
        commit(session, water("380 m3"), water(None))
        assert self.told(session) == {"held": "0", "used": "380", "free": None, "ratio": None, "unknown": 1}

    def test_one_that_has_ended_is_unknown_no_more(self, session, warm):
        commit(session, water("380 m3"), water(None, ends="2025-01-01"))
        assert self.told(session)["unknown"] == 0

    def test_the_scale_of_the_year_does_not_count_by_the_day(self, session, warm):
        commit(session, demand("138000 m3", mineral=WATER, kind=Kind.volume))
        assert self.told(session)["used"] == "0"


class TestNewDemand:
    def test_it_fits_to_the_gram(self, session, book):
        commit(session, demand("60 t"))
        assert admit(session, SYSTEM, demand("40 t")).result == "pass"
        with pytest.raises(CapExceeded):
            admit(session, SYSTEM, demand("40.000001 t"))

    def test_the_refusal_holds_its_facts(self, session, book):
        commit(session, demand("60 t"))
        with pytest.raises(CapExceeded) as caught:
            admit(session, SYSTEM, demand("40.5 t", "2025-07-01", "2028-01-01"))
        assert (caught.value.code, caught.value.facts) == (
            "cap_exceeded",
            {
                "cap": f"县{COUNTY}{LIMESTONE}", "year": 2025,
                "limit": "0.01 万吨", "taken": "0.006 万吨", "wanted": "0.00405 万吨", "room": "0.004 万吨",
                "document": f"示例规划 {COUNTY}{LIMESTONE}", "clause": "专栏11",
            },
        )  # fmt: skip

    def test_the_first_year_that_fails_is_named(self, session, book):
        commit(session, demand("90 t", "2027-05-01"))
        with pytest.raises(CapExceeded) as caught:
            admit(session, SYSTEM, demand("20 t", "2025-07-01", "2030-01-01"))
        assert caught.value.facts["year"] == 2027
        assert admit(session, SYSTEM, demand("20 t", "2025-07-01", "2027-01-01")).result == "pass"

    def test_only_its_own_days_of_a_year_count(self, session, book):
        commit(session, demand("90 t", ends="2025-07-01"))
        assert admit(session, SYSTEM, demand("90 t", "2025-07-01", "2026-01-01")).result == "pass"
        commit(session, demand("50 t", "2026-07-01"))
        assert admit(session, SYSTEM, demand("90 t", "2026-01-01", "2026-07-01")).result == "pass"

    def test_an_open_end_is_followed_for_thirty_years(self, session, book):
        commit(session, demand("90 t", "2054-12-31"))
        with pytest.raises(CapExceeded):
            admit(session, SYSTEM, demand("20 t", "2025-07-01"))

    def test_an_expected_cap_passes_with_a_warning(self, session):
        world(session)
        cap(session, "100 t/年", binding=False, years=AHEAD)
        assert admit(session, SYSTEM, demand("100.000001 t")).result == "warning"
        assert admit(session, SYSTEM, demand("100 t")).result == "pass"

    def test_an_unknown_kind_of_cap_counts_as_expected(self, session):
        world(session)
        cap(session, "100 t/年", binding=None, years=AHEAD)
        assert admit(session, SYSTEM, demand("500 t")).result == "warning"

    def test_an_unknown_limit_or_amount_only_warns(self, session, book):
        mineral(session, QUARTZ)
        cap(session, None, QUARTZ, years=AHEAD)
        assert admit(session, SYSTEM, demand("500 t", mineral=QUARTZ)).result == "warning"
        assert admit(session, SYSTEM, demand(None)).result == "warning"

    def test_stock_over_the_cap_blocks_any_increment(self, session, book):
        commit(session, demand("120 t"))
        verdict = assess(session, demand("0.000001 t"))
        assert (verdict.result, verdict.first_failing and verdict.first_failing.room) == ("refused", Mass(0))

    def test_the_cap_of_the_city_counts_too_once_every_county_is_here(self, session, book):
        cap(session, "50 t/年", region=CITY, years=AHEAD)
        right(session, MINE)
        with pytest.raises(CapExceeded) as caught:
            admit(session, SYSTEM, demand("60 t"))
        assert caught.value.facts["cap"] == f"重庆市{LIMESTONE}"

    def test_a_city_cap_that_is_not_covered_passes_and_refuses_nothing(self, session):
        world(session, counties=(COUNTY, "500241"))
        right(session, MINE)
        cap(session, "100 t/年", years=AHEAD)
        cap(session, "50 t/年", region=CITY, years=(2021, 2024))
        verdict = assess(session, demand("60 t"))
        [partial] = [r for r in verdict.rulings if r.cap.startswith(CITY)]
        assert (partial.code, partial.result) == ("cap_partial", "pass")
        assert (partial.taken, partial.room) == (None, None)  # not weighed, so nothing is told of it
        assert verdict.result == "pass"

    def test_weighing_leaves_no_commitment_and_no_alarm(self, session, book):
        assess(session, demand("500 t"))
        assert (session.exec(select(Commitment)).all(), alarms(session)) == ([], [])

    def test_what_was_admitted_is_audited(self, session, book):
        admit(session, SYSTEM, demand("40 t"))
        session.commit()
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.act == "cap.admit")).all()
        assert '"result":"pass"' in entry.text


class TestPlanEnded:
    @pytest.fixture
    def ended(self, session):
        world(session, today=date(2026, 1, 1))
        return cap(session, "100 t/年")

    def test_a_demand_decided_after_the_plan_is_refused_even_where_it_fits(self, session, ended):
        with pytest.raises(PlanEnded) as caught:
            admit(session, SYSTEM, demand("1 t", "2026-02-01"))
        assert (caught.value.code, caught.value.facts["document"]) == (
            "plan_ended", f"示例规划 {COUNTY}{LIMESTONE}（沿用）",
        )  # fmt: skip
        assert (caught.value.facts["taken"], caught.value.facts["room"]) == ("—", "—")

    def test_an_expected_cap_refuses_then_as_well(self, session):
        world(session, today=date(2026, 1, 1))
        cap(session, "100 t/年", binding=False)
        with pytest.raises(PlanEnded):
            admit(session, SYSTEM, demand("1 t", "2026-02-01"))

    def test_on_the_last_day_of_the_plan_it_is_still_weighed(self, session, ended):
        set_clock(session, date(2025, 12, 31))
        assert admit(session, SYSTEM, demand("1 t", "2026-02-01")).result == "pass"

    def test_a_new_plan_or_a_reply_opens_the_way(self, session, ended):
        line(session, ended, "80 t/年", (date(2026, 1, 1), date(2030, 12, 31)), known=date(2026, 1, 1))
        assert admit(session, SYSTEM, demand("80 t", "2026-02-01", "2030-01-01")).result == "pass"

    def test_before_any_plan_nothing_is_refused(self, session):
        world(session, today=date(2020, 6, 1))
        cap(session, "100 t/年", years=AHEAD)
        assert admit(session, SYSTEM, demand("500 t", "2020-07-01", "2021-01-01")).result == "warning"
