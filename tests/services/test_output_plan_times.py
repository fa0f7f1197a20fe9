"""Limits that are not there, not yet, no more, or changed: what a return meets then."""

from datetime import date

import pytest

from registry.alarms.queries import public
from registry.caps.service import rejudge
from registry.identity.rules import SYSTEM
from registry.output.service import backfill, void
from registry.workflows.check import check
from tests.factories import (
    CITY,
    COUNTY,
    LIMESTONE,
    QUARTZ,
    WATER,
    ZINC,
    associate,
    cap,
    line,
    mineral,
    right,
    set_clock,
    world,
)
from tests.services.steps import acts, alarms, codes, correct, meter, standing, tell, tonnes

MINE, OTHER = "SZ-2025-0001", "SZ-2025-0002"
NAME = f"{COUNTY}/{LIMESTONE}/year"


def key(code: str, year: int = 2025, name: str = NAME) -> str:
    """Return the key of an alarm of an output meter."""
    return f"{code}:{name}:output:{year}"


@pytest.fixture
def book(session):
    """A county with a binding limestone cap of 100 t and two mines."""
    world(session)
    for number in (MINE, OTHER):
        right(session, number, scale="1000 t/年")
    return cap(session, "100 t/年")


class TestUnknownLimit:
    @pytest.fixture
    def quartz(self, session):
        world(session)
        mineral(session, QUARTZ)
        right(session, MINE, QUARTZ, scale="1000 t/年")
        return cap(session, None, QUARTZ, binding=None)

    def test_it_is_told_once_a_year_and_passes_no_mark(self, session, quartz):
        assert codes(tell(session, MINE, "2025-01", "500 t")) == ["cap_missing"]
        assert codes(tell(session, MINE, "2025-02", "900 t")) == ["permit_exceeded"]
        assert codes(tell(session, MINE, "2024-12", "1 t")) == ["cap_missing"]
        assert standing(session, "cap_missing") == [
            f"cap_missing:{COUNTY}/{QUARTZ}/year:{y}" for y in (2024, 2025)
        ]

    def test_it_shows_what_was_dug_and_no_limit(self, session, quartz):
        tell(session, MINE, "2025-01", "500 t")
        tell(session, MINE, "2025-02", "20 t")
        [told] = public(session, alarms(session))
        assert (told["reading"], told["limit"], told["excess"], told["unit"]) == ("520", None, None, "t")
        assert (told["severity"], told["clause"], told["caused_by"]) == (
            "info",
            "专栏11",
            f"{MINE}/{QUARTZ}/2025-01",
        )

    def test_a_figure_at_last_lets_it_recede_and_judges_what_was_dug(self, session, quartz):
        tell(session, MINE, "2025-01", "500 t")
        line(session, quartz, "400 t/年", (date(2025, 1, 1), date(2025, 12, 31)), known=date(2025, 6, 30))
        rejudge(session, SYSTEM, [quartz])
        name = f"{COUNTY}/{QUARTZ}/year"
        assert standing(session) == [
            key(code, name=name) for code in ("cap_exceeded", "cap_near", "cap_warning")
        ]


class TestPlanTimes:
    def test_before_any_plan_the_meter_counts_and_nothing_is_raised(self, session, book):
        answer = tell(session, MINE, "2020-12", "500 t")
        assert (answer["alarms"], answer["meters"][0]["after"]) == ([], "500")

    def test_after_the_plan_its_last_figure_goes_on_watching(self, session, book):
        set_clock(session, date(2026, 5, 4))
        told = tell(session, MINE, "2026-01", "101 t")["alarms"]
        assert sorted(alarm["code"] for alarm in told) == ["cap_exceeded", "cap_near", "cap_warning"]
        assert all(alarm["document"].endswith("（沿用）") for alarm in told)

    def test_in_the_last_year_of_the_plan_nothing_is_carried_forward(self, session, book):
        assert "沿用" not in tell(session, MINE, "2025-06", "85 t")["alarms"][0]["document"]

    def test_an_amendment_in_the_middle_of_the_year_counts_for_the_whole_year(self, session, book):
        tell(session, MINE, "2025-01", "95 t")
        line(session, book, "200 t/年", (date(2025, 7, 1), date(2025, 12, 31)), known=date(2025, 6, 30))
        rejudge(session, SYSTEM, [book])
        assert standing(session) == []
        assert codes(tell(session, MINE, "2025-02", "65 t")) == ["cap_near"]  # 160 of 200
        assert "示例调整（示例文〔2025〕1号）" in (alarms(session, "cap_near")[0].document or "")

    def test_an_amendment_downwards_raises_what_is_passed_now(self, session, book):
        tell(session, MINE, "2025-01", "60 t")
        line(session, book, "50 t/年", (date(2025, 1, 1), date(2025, 12, 31)), known=date(2025, 6, 30))
        rejudge(session, SYSTEM, [book], "示例调整")
        assert standing(session) == [key(code) for code in ("cap_exceeded", "cap_near", "cap_warning")]
        assert {alarm.caused_by for alarm in alarms(session)} == {"示例调整"}

    def test_judging_again_changes_nothing(self, session, book):
        tell(session, MINE, "2025-01", "95 t")
        rejudge(session, SYSTEM, [book])
        rejudge(session, SYSTEM, [book])
        assert [acts(session, alarm) for alarm in alarms(session)] == [["raised"], ["raised"]]
        assert {alarm.caused_by for alarm in alarms(session)} == {f"{MINE}/{LIMESTONE}/2025-01"}


class TestBackfill:
    """A plan that comes late finds its meters complete: every standing return is posted to its new caps."""

    @pytest.fixture
    def told(self, session):
        world(session)
        mineral(session, ZINC, "32010")
        mine = right(session, MINE)
        associate(session, mine, ZINC)
        right(session, OTHER, valid=(date(2020, 1, 1), date(2024, 12, 31)))
        tell(session, MINE, "2025-01", "70 t")
        correct(session, MINE, "2025-01", "60 t")
        tell(session, MINE, "2025-02", "15 t")
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-02", "误报")
        tell(session, MINE, "2025-03", "9 t", mineral=ZINC)
        tell(session, OTHER, "2025-01", "25 t")
        tell(session, OTHER, "2024-12", "3 t")

    def test_only_what_stands_and_counts_is_posted(self, session, told):
        late, zinc = cap(session, "100 t/年"), cap(session, "100 t/年", ZINC)
        assert backfill(session, SYSTEM, [late, zinc]) == 3
        year, before = meter(session, late), meter(session, late, "2024")
        assert (year.used, year.uncovered, year.returns) == (tonnes(85), tonnes(25), 2)
        assert (before.used, before.uncovered, before.returns) == (tonnes(3), 0, 1)
        session.commit()
        assert check(session)["ok"]

    def test_the_return_that_crossed_is_the_cause(self, session, told):
        backfill(session, SYSTEM, [cap(session, "100 t/年")])
        [near] = alarms(session, "cap_near")
        assert (near.caused_by, near.reading) == (f"{OTHER}/{LIMESTONE}/2025-01", tonnes(85))

    def test_caps_that_were_there_before_are_left_alone(self, session, told):
        county = cap(session, "100 t/年")
        backfill(session, SYSTEM, [county])
        city = cap(session, "900 t/年", region=CITY)
        backfill(session, SYSTEM, [city])
        assert (meter(session, county).used, meter(session, city).used) == (tonnes(85), tonnes(85))

    def test_months_do_not_stand_on_the_days_of_a_daily_cap(self, session):
        world(session)
        right(session, MINE, WATER)
        tell(session, MINE, "2025-01", "900 m3")
        warm = cap(session, "600 m3/日", WATER)
        backfill(session, SYSTEM, [warm])
        correct(session, MINE, "2025-01-31", "700 m3")
        assert meter(session, warm, "2025-01-31").used == 700_000
