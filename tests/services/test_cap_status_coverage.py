"""`caps status`: which caps are shown, in which order, and which counties their figures cover."""

from datetime import date
from typing import Any

import pytest

from registry.output.service import open_duties
from registry.workflows.cap_status import public, status
from tests.factories import (
    CITY,
    COUNTY,
    LIMESTONE,
    QUARTZ,
    WATER,
    ZINC,
    cap,
    mineral,
    right,
    set_clock,
    world,
)
from tests.services.demands import commit, demand
from tests.services.steps import tell

MINE, WELL = "SZ-2025-0001", "SZ-2025-0002"
FAR = "500241"


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


class TestOrderAndChoice:
    def test_by_region_then_code_and_minerals_without_code_last_by_name(self, session):
        world(session)
        for name, code in ((QUARTZ, None), ("冶金用白云岩", None), (ZINC, "32010")):
            mineral(session, name, code)
        for name in (QUARTZ, "冶金用白云岩", LIMESTONE, ZINC, WATER):
            cap(session, "1 m3/日" if name == WATER else "1 t/年", name)
        cap(session, "1 t/年", region=CITY)
        order = [(told["region"], told["mineral_code"], told["mineral"]) for told in ask(session, year=2025)]
        names = sorted([QUARTZ, "冶金用白云岩"])
        assert order == [
            (CITY, "83907", LIMESTONE), (COUNTY, "17050", WATER), (COUNTY, "32010", ZINC),
            (COUNTY, "83907", LIMESTONE), *((COUNTY, None, name) for name in names),
        ]  # fmt: skip

    def test_a_region_is_shown_with_what_lies_below_it(self, session):
        world(session, counties=(COUNTY, FAR))
        for region in (CITY, COUNTY, FAR):
            cap(session, "1 t/年", region=region)
        assert [told["region"] for told in ask(session, year=2025, region=CITY)] == [CITY, COUNTY, FAR]
        assert [told["region"] for told in ask(session, year=2025, region=FAR)] == [FAR]
        assert [told["region"] for told in ask(session, year=2025, visible={COUNTY})] == [COUNTY]

    def test_the_year_is_the_newest_with_returns_else_this_one(self, session, book):
        assert one(session)["year"] == 2025
        tell(session, MINE, "2023-01", "1 t")
        assert one(session)["year"] == 2023
        set_clock(session, date(2026, 2, 1))
        tell(session, MINE, "2026-01", "1 t")
        assert one(session)["year"] == 2026


class TestCoverage:
    @pytest.fixture
    def city(self, session):
        world(session, counties=(COUNTY, FAR))
        right(session, MINE)
        cap(session, "100 t/年")
        tell(session, MINE, "2025-01", "150 t")
        return cap(session, "100 t/年", region=CITY)

    def test_a_county_without_book_makes_the_city_partial(self, session, city):
        commit(session, demand("10 t"))
        told = one(session, city.name)
        assert told["coverage"]["regions"] == {"expected": 2, "reported": 1, "missing": [FAR]}
        assert (told["state"], told["limit"]) == ("partial", {"value": "100", "unit": "t"})
        assert told["meters"]["licensed"] == {
            "held": "0",
            "used": "10",
            "free": None,
            "ratio": None,
            "unknown": 0,
        }
        assert (told["meters"]["output"]["free"], told["meters"]["output"]["ratio"]) == (None, None)

    def test_the_county_itself_is_judged(self, session, city):
        told = one(session)
        assert (told["state"], told["coverage"]["regions"]) == (
            "exceeded",
            {"expected": 1, "reported": 1, "missing": []},
        )

    def test_with_every_county_here_the_city_is_judged(self, session, city):
        right(session, WELL, region=FAR)
        told = one(session, city.name)
        assert told["coverage"]["regions"] == {"expected": 2, "reported": 2, "missing": []}
        assert told["state"] == "ok"  # its cap is newer than the return, and was not backfilled
        tell(session, WELL, "2025-01", "100.5 t")
        assert one(session, city.name)["state"] == "exceeded"

    def test_a_mine_that_a_plan_only_names_keeps_no_book(self, session, city):
        right(session, WELL, region=FAR).counted = False
        session.flush()
        assert one(session, city.name)["state"] == "partial"

    def test_a_county_without_any_right_still_covers_itself(self, session, city):
        cap(session, "100 t/年", region=FAR)
        assert one(session, f"{FAR}/{LIMESTONE}/year")["state"] == "ok"

    def test_partial_and_without_figure_is_unknown(self, session, city):
        mineral(session, QUARTZ)
        cap(session, None, QUARTZ, region=CITY)
        assert one(session, f"{CITY}/{QUARTZ}/year")["state"] == "unknown"

    def test_the_city_lists_the_missing_returns_of_its_counties(self, session, city):
        right(session, WELL, region=FAR, recorded=date(2025, 5, 2))
        open_duties(session)
        missing = one(session, city.name)["coverage"]["returns"]["missing"]
        assert missing[-1] == f"{WELL}/{LIMESTONE}/2025-05"
        assert len(missing) == 4 + 1  # February to May of the first, May of the second
