"""An amendment that is confirmed late: every year whose limit it changes is judged anew, on both sides."""

from datetime import date

import pytest

from registry.alarms.models import Alarm
from registry.alarms.queries import public
from registry.alarms.service import handle
from registry.identity.queries import actor_named
from registry.identity.rules import SYSTEM, SamePerson
from registry.kernel.vocabulary import AlarmAct, Role
from registry.minerals.queries import catalogue
from registry.plans.models import PlanDocument
from registry.plans.rules import read_amendment, read_plan
from registry.plans.service import enter_amendment
from registry.workflows.adopt_plan import adopt, confirm
from registry.workflows.cap_status import status
from registry.workflows.nightly import nightly
from tests.factories import COUNTY, LIMESTONE, cap, line, right, set_clock, user, world
from tests.services.demands import commit, demand
from tests.services.steps import acts, alarms, correct, standing, tell

NAME = f"{COUNTY}/{LIMESTONE}/year"
MINE = "SZ-2020-0001"
LATE = date(2026, 1, 31)


@pytest.fixture
def book(session):
    """A cap of 1200 万吨 until 2025 with 1160 licensed and 1150 dug, judged in 2025; it is January 2026."""
    world(session, date(2025, 6, 30))
    cap(session, "1200 万吨/年")
    right(session, MINE)
    commit(session, demand("1160 万吨", "2020-01-01"))
    tell(session, MINE, "2025-05", "1150 万吨")
    nightly(session)
    set_clock(session, LATE)
    nightly(session)
    return session


def source(value: str, valid: tuple[str, str], number: str = "示例文〔2025〕9号") -> dict[str, object]:
    """Return an amendment of the limestone cap as it is uploaded; `value` in 万吨/年."""
    row = {"mineral": LIMESTONE, "value": value, "unit": "万吨/年", "period": "year", "clause": "一"}
    return {
        "document": {
            "title": f"调整{number}", "number": number, "region": COUNTY, "level": "county",
            "valid_from": valid[0], "valid_to": valid[1], "amends": f"示例规划 {COUNTY}{LIMESTONE}",
        },
        "clauses": [{"id": "一", "text": "调整"}],
        "caps": [row],
    }  # fmt: skip


def amended(session, value: str, valid: tuple[str, str], number: str = "示例文〔2025〕9号") -> PlanDocument:
    """Enter an amendment and let another person confirm it."""
    command = read_amendment(source(value, valid, number), catalogue(session))
    entered = enter_amendment(session, user(session, "jingban", Role.clerk), command)
    return confirm(session, user(session, "shenpi", Role.approver), entered.id or 0)


def licensed(session) -> list[str]:
    """Return the standing alarms of the licensed side: mark and year."""
    told = [a for a in alarms(session) if not a.receded and a.side == "licensed"]
    return sorted(f"{alarm.code} {alarm.period}" for alarm in told)


def of_year(session, code: str, side: str, year: str = "2025") -> Alarm:
    [found] = [a for a in alarms(session, code) if a.side == side and a.period == year]
    return found


class TestALimitOfAYearThatHasEnded:
    def test_a_higher_limit_lets_the_licensed_alarm_recede_and_tells_its_own(self, book):
        assert licensed(book) == ["cap_near 2025", "cap_near 2026", "cap_warning 2025", "cap_warning 2026"]
        amended(book, "1300", ("2025-12-01", "2025-12-31"))
        assert licensed(book) == ["cap_near 2025", "cap_near 2026"]
        assert acts(book, of_year(book, "cap_warning", "licensed")) == ["raised", "receded"]
        [near] = public(book, [of_year(book, "cap_near", "licensed")])
        assert (near["limit"], near["reading"], near["document"]) == (
            "13000000", "11600000", "调整示例文〔2025〕9号（示例文〔2025〕9号）",
        )  # fmt: skip

    def test_both_sides_agree_with_the_page_of_the_cap(self, book):
        amended(book, "1300", ("2025-12-01", "2025-12-31"))
        [shown] = status(book, 2025, COUNTY)
        for side, reading in (("licensed", shown.licensed.total), ("output", shown.used)):
            near = of_year(book, "cap_near", side)
            assert (near.limit, near.reading) == (shown.limit and shown.limit.base, reading.base)
        assert [key for key in standing(book, "cap_warning") if key.endswith("2025")] == []

    def test_a_lower_limit_raises_what_the_year_exceeds_as_an_alarm_of_that_year(self, book):
        amended(book, "1100", ("2025-06-01", "2025-12-31"))
        assert "cap_exceeded 2025" in licensed(book)
        assert "stock_over_cap 2026" in licensed(book)  # carried forward
        assert of_year(book, "cap_exceeded", "licensed").key == f"cap_exceeded:{NAME}:licensed:2025"
        nightly(book)
        assert "cap_exceeded 2025" in licensed(book)

    def test_a_year_that_fits_again_leaves_the_one_before_with_its_own_alarm(self, book):
        amended(book, "1100", ("2024-01-01", "2024-12-31"))
        assert [one for one in licensed(book) if "2024" in one] == [
            "cap_exceeded 2024", "cap_near 2024", "cap_warning 2024",
        ]  # fmt: skip
        assert standing(book, "stock_over_cap") == []
        amended(book, "1160", ("2024-01-01", "2024-12-31"), "示例文〔2025〕10号")
        assert "cap_exceeded 2024" not in licensed(book)

    def test_a_year_of_which_only_other_days_are_changed_is_left_alone(self, book):
        before = {alarm.id: alarm.limit for alarm in alarms(book)}
        amended(book, "1100", ("2025-02-01", "2025-03-31"))
        assert {alarm.id: alarm.limit for alarm in alarms(book)} == before

    def test_a_year_ahead_is_alarmed_when_it_begins(self, book):
        amended(book, "1100", ("2027-01-01", "2030-12-31"))
        assert standing(book, "stock_over_cap") == []
        set_clock(book, date(2027, 1, 1))
        nightly(book)
        assert standing(book, "stock_over_cap") == [f"stock_over_cap:{NAME}"]

    def test_a_figure_that_is_taken_away_leaves_no_mark_to_be_passed(self, book):
        account = status(book, 2026, COUNTY)[0].cap
        line(book, account, None, (date(2026, 1, 1), date(2026, 12, 31)), known=LATE)
        nightly(book)
        assert [one for one in licensed(book) if "2026" in one] == []
        [gone] = public(book, [of_year(book, "cap_warning", "licensed", "2026")])
        assert (gone["receded"], gone["limit"]) == (True, None)
        assert gone["steps"][-1]["note"] == "限值由 1200 万吨 改为未列数值"


class TestWhatLetThemGo:
    def test_it_takes_the_limit_with_the_reading_and_notes_the_one_that_was_passed(self, book):
        amended(book, "1300", ("2025-12-01", "2025-12-31"))
        for side, reading in (("licensed", "11600000"), ("output", "11500000")):
            [gone] = public(book, [of_year(book, "cap_warning", side)])
            assert (gone["receded"], gone["limit"], gone["reading"]) == (True, "13000000", reading)
            assert (gone["document"], gone["clause"]) == ("调整示例文〔2025〕9号（示例文〔2025〕9号）", "一")
            assert [step["note"] for step in gone["steps"]] == [None, "限值由 1200 万吨 改为 1300 万吨"]

    def test_a_correction_under_the_same_limit_notes_none(self, book):
        correct(book, MINE, "2025-05", "900 万吨")
        [gone] = public(book, [of_year(book, "cap_near", "output")])
        assert [step["note"] for step in gone["steps"]] == [None, None]
        assert (gone["limit"], gone["reading"]) == ("12000000", "9000000")


class TestWhoHandlesThem:
    def test_whoever_confirmed_a_higher_limit_may_close_what_it_let_go(self, book):
        amended(book, "1300", ("2025-12-01", "2025-12-31"))
        for side in ("licensed", "output"):
            gone = of_year(book, "cap_warning", side)
            handle(book, actor_named(book, "shenpi"), gone.id or 0, AlarmAct.closed, "指标已调整")
            assert acts(book, gone) == ["raised", "receded", "closed"]

    def test_but_not_what_a_lower_one_has_raised(self, book):
        amended(book, "1100", ("2025-06-01", "2025-12-31"))
        raised = of_year(book, "cap_exceeded", "licensed")
        with pytest.raises(SamePerson):
            handle(book, actor_named(book, "shenpi"), raised.id or 0, AlarmAct.closed, "指标已调整")


class TestANewPlan:
    def plan(self, session, value: str, years: tuple[int, int]) -> None:
        told = source(value, (f"{years[0]}-01-01", f"{years[1]}-12-31"))
        told["document"].pop("amends")  # type: ignore[attr-defined]
        adopt(session, SYSTEM, read_plan(told, catalogue(session)))

    def test_it_takes_the_place_of_what_was_carried_forward(self, book):
        set_clock(book, date(2027, 3, 1))
        nightly(book)
        assert "cap_warning 2026" in licensed(book)
        self.plan(book, "2000", (2026, 2030))
        assert [one for one in licensed(book) if "2025" not in one] == []

    def test_the_first_figure_of_a_year_that_has_ended_raises_nothing_there(self, session):
        world(session, LATE)
        commit(session, demand("1160 万吨", "2020-01-01"))
        self.plan(session, "1200", (2021, 2026))
        assert licensed(session) == ["cap_near 2026", "cap_warning 2026"]
