"""Alarms of the licensed meter: its marks, stock over the cap, minerals without a figure."""

from datetime import date

import pytest

from registry.alarms.queries import public as public_alarms
from registry.caps.rules import Demand
from registry.caps.service import end_commitments, judge_licensed, rejudge
from registry.identity.rules import SYSTEM
from tests.factories import (
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
from tests.services.steps import acts, alarms, standing, tell, tonnes

NAME = f"{COUNTY}/{LIMESTONE}/year"
MINE = "SZ-2025-0001"
AHEAD = (2021, 2060)  # a plan that outlives every demand


@pytest.fixture
def book(session):
    """A county with a binding limestone cap of 100 t."""
    world(session)
    return cap(session, "100 t/年", years=AHEAD)


class TestAlarms:
    def judged(self, session, *wanted: Demand) -> list[str]:
        commit(session, *wanted)
        judge_licensed(session, SYSTEM, COUNTY, LIMESTONE, MINE)
        return standing(session)

    def test_the_marks_of_the_licensed_meter(self, session, book):
        assert self.judged(session, demand("79.999999 t")) == []
        assert self.judged(session, demand("0.000001 t")) == [f"cap_near:{NAME}:licensed:2025"]
        assert len(self.judged(session, demand("20 t"))) == 2
        assert self.judged(session, demand("1 g"))[-1] == f"stock_over_cap:{NAME}"

    @pytest.mark.parametrize(
        ("binding", "severity"), [(True, "critical"), (False, "warning"), (None, "warning")]
    )
    def test_stock_over_the_cap_tells_its_figures(self, session, binding, severity):
        world(session)
        cap(session, "100 t/年", binding=binding)
        self.judged(session, demand("120 t"))
        [told] = public_alarms(session, alarms(session, "stock_over_cap"))
        assert (told["severity"], told["limit"], told["reading"], told["excess"]) == (
            severity,
            "100",
            "120",
            "20",
        )
        assert (told["meter"], told["caused_by"], told["clause"]) == ("licensed", MINE, "专栏11")

    def test_it_is_one_alarm_for_good_and_not_one_a_year(self, session, book):
        self.judged(session, demand("120 t"))
        set_clock(session, date(2026, 3, 1))
        self.judged(session, demand("1 t", "2026-01-01"))
        [over] = alarms(session, "stock_over_cap")
        assert (over.period, over.reading, acts(session, over)) == ("2026", tonnes(121), ["raised"])

    def test_it_recedes_with_what_ends(self, session, book):
        mine = right(session, MINE)
        self.judged(session, demand("120 t", right_id=mine.id))
        end_commitments(session, SYSTEM, mine.id or 0, date(2025, 1, 1), "注销")
        assert self.judged(session) == []
        assert alarms(session, "stock_over_cap")[0].reading == 0

    def test_a_higher_limit_lets_it_recede(self, session, book):
        self.judged(session, demand("120 t"))
        line(session, book, "200 t/年", (date(2025, 1, 2), date(2025, 12, 31)), known=date(2025, 6, 30))
        rejudge(session, SYSTEM, [book])
        assert standing(session) == []

    def test_a_daily_cap_knows_only_the_cap_itself(self, session):
        world(session)
        cap(session, "600 m3/日", WATER)
        commit(session, water("600 m3"))
        judge_licensed(session, SYSTEM, COUNTY, WATER, MINE)
        assert standing(session) == []
        commit(session, water("0.001 m3"))
        judge_licensed(session, SYSTEM, COUNTY, WATER, MINE)
        assert standing(session) == [f"stock_over_cap:{COUNTY}/{WATER}/day"]

    def test_before_any_plan_nothing_is_judged(self, session, book):
        set_clock(session, date(2020, 3, 1))
        assert self.judged(session, demand("500 t", "2020-01-01")) == []

    def test_a_mineral_without_figure_is_told_and_keeps_what_was_dug_of_it(self, session, book):
        mineral(session, QUARTZ)
        cap(session, None, QUARTZ)
        right(session, MINE, QUARTZ)
        tell(session, MINE, "2025-03", "14 t")
        commit(session, demand("20 t", mineral=QUARTZ))
        judge_licensed(session, SYSTEM, COUNTY, QUARTZ, MINE)
        [missing] = public_alarms(session, alarms(session))
        assert (missing["code"], missing["reading"], missing["unit"]) == ("cap_missing", "14", "t")
        assert missing["caused_by"] == f"{MINE}/{QUARTZ}/2025-03"

    def test_a_mineral_without_figure_is_told_when_it_is_only_licensed(self, session, book):
        mineral(session, QUARTZ)
        cap(session, None, QUARTZ)
        commit(session, demand("20 t", mineral=QUARTZ))
        judge_licensed(session, SYSTEM, COUNTY, QUARTZ, MINE)
        assert standing(session) == [f"cap_missing:{COUNTY}/{QUARTZ}/year:2025"]

    def test_a_return_gives_the_licensed_alarm_its_reading(self, session, book):
        mineral(session, QUARTZ)
        cap(session, None, QUARTZ)
        right(session, MINE, QUARTZ)
        commit(session, demand("20 t", mineral=QUARTZ))
        judge_licensed(session, SYSTEM, COUNTY, QUARTZ, MINE)
        tell(session, MINE, "2025-03", "14 t")
        [missing] = public_alarms(session, alarms(session))
        assert (missing["reading"], missing["unit"]) == ("14", "t")
