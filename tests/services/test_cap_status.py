"""`caps status`: the shape that the contract promises, states, coverage, days, missing returns."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from registry.caps.models import Meter
from registry.caps.service import place_hold
from registry.identity.rules import SYSTEM
from registry.kernel.vocabulary import Kind
from registry.output.rules import read_output
from registry.output.service import open_duties, record, void
from registry.workflows.cap_status import public, status
from registry.workflows.check import check, repair
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
from tests.services.steps import tell

MINE, WELL = "SZ-2025-0001", "SZ-2025-0002"
FAR, OTHER = "500241", "SZ-2025-0003"
LOOKS = (date(2025, 4, 8), date(2025, 4, 9))


def ask(session, **asked: Any) -> list[dict[str, Any]]:
    return [public(found) for found in status(session, **asked)]


def one(session, name: str = f"{COUNTY}/{LIMESTONE}/year", **asked: Any) -> dict[str, Any]:
    [found] = [told for told in ask(session, **asked) if told["cap"] == name]
    return found


@pytest.fixture
def book(session):
    """A county with a binding limestone cap of 0.012 万吨 = 120 t and one mine."""
    world(session)
    right(session, MINE)
    return cap(session, "0.012 矿石万吨/年")


class TestShape:
    def test_a_yearly_cap_says_all_that_the_contract_lists(self, session, book):
        commit(session, demand("60.5 t"))
        place_hold(session, SYSTEM, demand("12 t"), date(2025, 12, 31))
        open_duties(session)
        tell(session, MINE, "2025-03", "25.50 t")
        tell(session, MINE, "2025-01", "4.5 t")
        assert one(session) == {
            "cap": f"{COUNTY}/{LIMESTONE}/year", "region": COUNTY, "mineral": LIMESTONE,
            "mineral_code": "83907", "period": "year", "year": 2025,
            "binding": True, "approximate": False, "unit": "t",
            "printed": {"value": "0.012", "unit": "矿石万吨/年"}, "limit": {"value": "120", "unit": "t"},
            "source": {"document": f"示例规划 {COUNTY}{LIMESTONE}", "number": None, "clause": "专栏11"},
            "carried_forward": False,
            "coverage": {
                "regions": {"expected": 1, "reported": 1, "missing": []},
                "returns": {
                    "expected": 5, "reported": 2,
                    "missing": [f"{MINE}/{LIMESTONE}/2025-0{month}" for month in (2, 4, 5)],
                },
            },
            "meters": {
                "licensed": {"held": "12", "used": "60.5", "free": "47.5", "ratio": "0.6042", "unknown": 0},
                "output": {
                    "used": "30", "free": "90", "ratio": "0.2500", "uncovered": "0",
                    "data_through": "2025-03-31",
                },
            },
            "state": "ok",
        }  # fmt: skip

    def test_a_daily_cap_says_more(self, session):
        world(session)
        cap(session, "600 m3/日", WATER, binding=False)
        right(session, WELL, WATER, recorded=date(2025, 2, 1))
        open_duties(session)
        commit(session, water("380 m3"))
        for number, text in enumerate(("395.25 m3", "618.4 m3", "618.4 m3", "100.001 m3"), start=1):
            tell(session, WELL, f"2025-02-0{number}", text)
        told = one(session, f"{COUNTY}/{WATER}/day")
        assert (told["limit"], told["period"], told["state"]) == (
            {"value": "600", "unit": "m3"},
            "day",
            "exceeded",
        )
        assert told["meters"]["output"] == {
            "used": "618.4", "free": "-18.4", "ratio": "1.0307", "uncovered": "0",
            "data_through": "2025-02-04",
        }  # fmt: skip
        assert told["peak"] == {"day": "2025-02-02", "used": "618.4"}
        assert told["latest"] == {"day": "2025-02-04", "used": "100.001"}
        assert told["mean"] == "433.013"  # 1,732,051 l over 4 days: 433,012.75
        # February without four days, March, April and May are due by the 30th of June
        assert (told["days_over"], told["days_missing"]) == (2, 24 + 31 + 30 + 31)

    def test_a_daily_cap_without_returns(self, session):
        world(session)
        cap(session, "600 m3/日", WATER)
        told = one(session, f"{COUNTY}/{WATER}/day", year=2025)
        assert [told[name] for name in ("peak", "latest", "days_over", "days_missing", "mean", "state")] == [
            None, None, 0, 0, None, "ok",
        ]  # fmt: skip
        assert told["meters"]["output"]["data_through"] is None

    @pytest.mark.parametrize(("litres", "mean"), [((1, 2), "0.002"), ((2, 3), "0.002"), ((1, 1, 2), "0.001")])
    def test_the_mean_is_rounded_half_even_to_the_litre(self, session, litres, mean):
        world(session)
        cap(session, "600 m3/日", WATER)
        right(session, WELL, WATER)
        for number, litre in enumerate(litres, start=1):
            tell(session, WELL, f"2025-02-0{number}", f"{litre} L")
        assert one(session, f"{COUNTY}/{WATER}/day")["mean"] == mean

    @pytest.mark.parametrize(
        ("text", "ratio"),
        [
            ("125 t", "0.0012"),
            ("135 t", "0.0014"),
            ("125.000001 t", "0.0013"),
            ("100000 t", "1.0000"),
            ("0 t", "0.0000"),
        ],
    )
    def test_the_ratio_has_four_places_half_even(self, session, text, ratio):
        world(session)
        right(session, MINE)
        cap(session, "100000 t/年")
        tell(session, MINE, "2025-01", text)
        assert one(session)["meters"]["output"]["ratio"] == ratio

    def test_over_the_cap_free_is_negative(self, session, book):
        tell(session, MINE, "2025-01", "150.5 t")
        output = one(session)["meters"]["output"]
        assert (output["free"], output["ratio"]) == ("-30.5", "1.2542")

    def test_what_no_permit_covers_is_shown_apart(self, session, book):
        right(session, WELL, valid=(date(2020, 1, 1), date(2024, 12, 31)))
        tell(session, MINE, "2025-01", "10 t")
        tell(session, WELL, "2025-01", "2.5 t")
        output = one(session)["meters"]["output"]
        assert (output["used"], output["uncovered"]) == ("12.5", "2.5")


class TestTakenBack:
    def test_where_every_return_was_taken_back_nothing_is_known(self, session, book):
        tell(session, MINE, "2025-03", "25.50 t")
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-03", "报错矿山")
        [found] = status(session, 2025)
        assert (found.readings, found.data_through, found.used.base) == ([], None, 0)

    def test_the_data_reach_as_far_as_what_stands(self, session, book):
        right(session, OTHER)
        for number, month in ((MINE, "01"), (MINE, "03"), (OTHER, "02")):
            tell(session, number, f"2025-{month}", "1 t")
        for month, reach in (("03", date(2025, 2, 28)), ("01", date(2025, 2, 28))):
            void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-{month}", "报错矿山")
            [found] = status(session, 2025)
            assert (found.data_through, check(session)["differences"]) == (reach, [])
        tell(session, MINE, "2025-04", "1 t")
        [found] = status(session, 2025)
        assert found.data_through == date(2025, 4, 30)

    def test_after_nothing_stood_the_data_reach_as_far_as_what_comes_next(self, session, book):
        tell(session, MINE, "2025-03", "1 t")
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-03", "报错矿山")
        tell(session, MINE, "2025-01", "1 t")
        [found] = status(session, 2025)
        assert (found.data_through, check(session)["differences"]) == (date(2025, 1, 31), [])

    def test_a_meter_of_before_that_kept_its_day_is_repaired(self, session, book):
        tell(session, MINE, "2025-03", "1 t")
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-03", "报错矿山")
        [meter] = session.exec(select(Meter)).all()
        meter.through = date(2025, 3, 31)
        assert [one["stored"] for one in check(session)["differences"]] == ["2025-03-31"]
        repair(session, SYSTEM, "示例修复")
        assert check(session)["differences"] == []

    def test_looking_back_the_data_reach_as_far_as_they_did(self, session, book):
        set_clock(session, date(2025, 4, 2))
        tell(session, MINE, "2025-01", "1 t")
        tell(session, MINE, "2025-03", "1 t")
        set_clock(session, date(2025, 4, 9))
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-03", "报错矿山")
        reach = {day: one(session, as_of=day)["meters"]["output"]["data_through"] for day in LOOKS}
        assert reach == dict(zip(LOOKS, ("2025-03-31", "2025-01-31"), strict=True))

    def test_a_meter_that_says_it_reaches_further_is_a_difference(self, session, book):
        tell(session, MINE, "2025-01", "1 t")
        [meter] = session.exec(select(Meter)).all()
        meter.through = date(2025, 3, 31)
        session.flush()
        [found] = check(session)["differences"]
        assert (found["kind"], found["stored"], found["computed"]) == ("returns", "2025-03-31", "2025-01-31")
        [repaired] = repair(session, SYSTEM, "示例修复")
        assert [repaired[side]["through"] for side in ("stored", "computed")] == ["2025-03-31", "2025-01-31"]
        assert check(session)["differences"] == []

    def test_the_year_is_the_newest_of_which_a_return_stands(self, session, book):
        set_clock(session, date(2026, 2, 2))
        tell(session, MINE, "2025-12", "1 t")
        tell(session, MINE, "2026-01", "1 t")
        assert one(session)["year"] == 2026
        assert one(session, as_of=date(2025, 12, 31))["year"] == 2025
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2026-01", "报错矿山")
        assert one(session)["year"] == 2025

    def test_a_nil_return_is_known(self, session, book):
        record(session, SYSTEM, read_output({"right_no": MINE, "period": "2025-03", "nil": "true"}))
        [found] = status(session, 2025)
        assert (found.data_through, found.used.base) == (date(2025, 3, 31), 0)


class TestState:
    @pytest.mark.parametrize(
        ("licensed", "dug", "state"),
        [
            ("95.999999 t", "95.999999 t", "ok"),
            ("96 t", "0 t", "near"),
            ("0 t", "96 t", "near"),
            ("108 t", "96 t", "warning"),
            ("96 t", "120 t", "warning"),
            ("120.000001 t", "0 t", "exceeded"),
            ("108 t", "120.000001 t", "exceeded"),
        ],
    )
    def test_the_worse_of_both_meters_counts(self, session, book, licensed, dug, state):
        commit(session, demand(licensed))
        tell(session, MINE, "2025-01", dug)
        assert one(session)["state"] == state

    def test_held_counts_like_licensed(self, session, book):
        commit(session, demand("60 t"))
        place_hold(session, SYSTEM, demand("36 t"), date(2025, 12, 31))
        assert one(session, year=2025)["state"] == "near"

    def test_at_a_daily_cap_it_is_ok(self, session):
        world(session)
        cap(session, "600 m3/日", WATER)
        right(session, WELL, WATER)
        tell(session, WELL, "2025-02-01", "600 m3")
        told = one(session, f"{COUNTY}/{WATER}/day")
        assert (told["state"], told["days_over"]) == ("ok", 0)

    def test_without_a_figure_it_is_unknown(self, session, book):
        mineral(session, QUARTZ)
        cap(session, None, QUARTZ, binding=None)
        right(session, WELL, QUARTZ)
        tell(session, WELL, "2025-01", "500 t")
        told = one(session, f"{COUNTY}/{QUARTZ}/year")
        assert (told["state"], told["limit"], told["printed"], told["binding"]) == (
            "unknown",
            None,
            None,
            None,
        )
        assert (told["mineral_code"], told["source"]["clause"]) == (None, "专栏11")
        assert told["meters"]["output"] == {
            "used": "500", "free": None, "ratio": None, "uncovered": "0", "data_through": "2025-01-31",
        }  # fmt: skip

    def test_after_the_plan_its_figure_is_carried_forward(self, session, book):
        assert [one(session, year=year)["carried_forward"] for year in (2025, 2026)] == [False, True]
        assert one(session, year=2026)["limit"] == {"value": "120", "unit": "t"}

    def test_before_the_plan_there_is_no_limit(self, session, book):
        told = one(session, year=2020)
        assert (told["limit"], told["state"], told["source"]["document"]) == (None, "unknown", None)

    def test_an_amendment_in_the_middle_of_the_year_gives_the_year_its_limit(self, session, book):
        line(session, book, "200 t/年", (date(2025, 7, 1), date(2025, 12, 31)), known=date(2025, 6, 30))
        told = one(session, year=2025)
        assert (told["limit"]["value"], told["source"]["number"]) == ("200", "示例文〔2025〕1号")
        assert one(session, year=2024)["limit"]["value"] == "120"


def test_kinds_print_in_their_own_unit(session):
    world(session)
    mineral(session, "建筑用砂岩", "83978", Kind.volume)
    sandstone = cap(session, "130 万m3/年", "建筑用砂岩")
    assert sandstone.kind is Kind.mass  # the small book knows only one volume
    sandstone.kind = Kind.volume
    session.flush()
    assert one(session, sandstone.name, year=2025)["limit"] == {"value": "1300000", "unit": "m3"}
