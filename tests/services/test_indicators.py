"""The indicators of the plans: counted among the mines of the book, with the mines behind each figure."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session

from registry.greenmine.models import GreenSpell
from registry.kernel.vocabulary import (
    Comparison,
    GreenLevel,
    OperatingState,
    PlanState,
    RegionLevel,
    TargetStanding,
)
from registry.plans.models import Indicator, PlanDocument
from registry.platform.db import reader
from registry.reserves.queries import held_at_end
from registry.workflows.indicators import MEASURES, Answer, Indicators, indicators, reserve_lines
from tests.factories import CITY, COUNTY, LIMESTONE, LONG_AGO, right, spell, world

TODAY = date(2025, 6, 30)


def aim(
    session: Session, code: str, value: str | None, unit: str = "%", *, region: str = COUNTY,
    comparison: Comparison = Comparison.target, mineral: str | None = None,
    years: tuple[int, int] = (2021, 2025), state: PlanState = PlanState.adopted,
) -> Indicator:  # fmt: skip
    plan = PlanDocument(
        region=region, level=RegionLevel.county, title="示例规划", valid_from=date(years[0], 1, 1),
        valid_to=date(years[1], 12, 31), state=state, content_hash=f"{region}{code}{value}{years}",
        entered_by="system", entered_at=LONG_AGO,
    )  # fmt: skip
    session.add(plan)
    session.flush()
    found = Indicator(
        document_id=plan.id or 0, code=code, name=code, value=value, unit=unit, comparison=comparison,
        mineral=mineral, clause="专栏3",
    )  # fmt: skip
    session.add(found)
    session.flush()
    return found


def mine(session: Session, number: str, level: GreenLevel | None = None, **more: object) -> None:
    found = right(session, number, **more)  # type: ignore[arg-type]
    if level is not None:
        session.add(
            GreenSpell(right_id=found.id or 0, level=level, since=date(2024, 1, 1), recorded_at=LONG_AGO)
        )
        session.flush()


def only(session: Session, region: str = COUNTY, year: int = 2025, day: date = TODAY) -> Answer:
    [found] = indicators(session, region, year, day).answers
    return found


def numbers(answer: Answer) -> tuple[list[str], list[str]]:
    return [one.number for one in answer.counted or ()], [one.number for one in answer.others]


@pytest.fixture
def book(session):
    world(session, TODAY)
    return session


class TestGreen:
    def test_numerator_denominator_and_the_lists_behind(self, book):
        aim(book, "green_mine_share", "48")
        mine(book, "SZ-2020-0001", GreenLevel.national)
        mine(book, "SZ-2020-0002", GreenLevel.municipal)
        mine(book, "SZ-2020-0003", GreenLevel.building)
        mine(book, "SZ-2020-0004")
        found = only(book)
        assert (found.numerator, found.denominator, found.share) == (2, 4, Decimal("0.5000"))
        assert numbers(found) == (["SZ-2020-0001", "SZ-2020-0002"], ["SZ-2020-0003", "SZ-2020-0004"])
        assert found.standing is TargetStanding.reached

    def test_short_of_the_target_says_how_many_are_lacking(self, book):
        aim(book, "green_mine_share", "48")
        mine(book, "SZ-2020-0001", GreenLevel.municipal)
        for number in range(2, 5):
            mine(book, f"SZ-2020-000{number}")
        found = only(book)
        assert found.standing is TargetStanding.short
        assert found.lacking == 1  # 48 % of 4 is 1.92: two

    def test_it_is_judged_on_the_exact_fraction(self, book):
        aim(book, "green_mine_share", "33.33")
        mine(book, "SZ-2020-0001", GreenLevel.municipal)
        mine(book, "SZ-2020-0002")
        mine(book, "SZ-2020-0003")
        assert only(book).standing is TargetStanding.reached  # a third is more than 33.33 %

    def test_a_year_is_looked_at_on_its_last_day(self, book):
        aim(book, "green_mine_share", "48")
        mine(book, "SZ-2020-0001", GreenLevel.municipal)  # since 2024
        assert only(book, year=2023).numerator == 0
        assert only(book, year=2024).numerator == 1

    def test_a_mine_that_had_not_begun_is_not_there(self, book):
        aim(book, "mine_count", "55", "个", comparison=Comparison.planned)
        mine(book, "SZ-2024-0001", valid=(date(2024, 5, 1), date(2030, 1, 1)))
        assert only(book, year=2023).numerator == 0
        assert only(book, year=2024).numerator == 1

    def test_without_mines_there_is_no_share(self, book):
        aim(book, "green_mine_share", "48")
        found = only(book)
        assert found.share is None
        assert found.standing is TargetStanding.unanswered


class TestOthers:
    def test_a_planned_number_is_neither_ceiling_nor_floor(self, book):
        aim(book, "mine_count", "1", "个", comparison=Comparison.planned)
        mine(book, "SZ-2020-0001")
        mine(book, "SZ-2020-0002")
        found = only(book)
        assert (found.numerator, found.share, found.standing) == (2, None, TargetStanding.open)

    def test_a_ceiling_is_passed_strictly_above(self, book):
        aim(book, "mine_count", "1", "个", comparison=Comparison.at_most)
        mine(book, "SZ-2020-0001")
        assert only(book).standing is TargetStanding.reached
        mine(book, "SZ-2020-0002")
        assert only(book).standing is TargetStanding.short

    def test_a_mine_without_a_class_stands_in_neither_number(self, book):
        aim(book, "large_medium_share", "60", comparison=Comparison.at_least)
        mine(book, "SZ-2020-0001", scale=None)
        found = only(book)
        assert (found.numerator, found.denominator) == (0, 0)
        assert [one.number for one in found.left_out] == ["SZ-2020-0001"]

    def test_of_one_mineral_only_its_mines_count(self, book):
        aim(book, "construction_limestone_large_medium_share", "65", mineral=LIMESTONE)
        mine(book, "SZ-2020-0001")
        mine(book, "SZ-2020-0002", mineral="地热", scale=None)
        assert [one.number for one in only(book).left_out] == ["SZ-2020-0001"]

    @pytest.mark.parametrize(
        "code", ["historic_restoration_area", "new_large_medium_deposits", "something_new"]
    )
    def test_what_the_book_cannot_answer_has_no_figure(self, book, code):
        aim(book, code, "0.75", "平方公里")
        mine(book, "SZ-2020-0001")
        found = only(book)
        assert code not in MEASURES
        assert (found.numerator, found.share, found.counted) == (None, None, None)
        assert found.standing is TargetStanding.unanswered
        assert found.target == Decimal("0.75")

    def test_a_plan_that_is_not_confirmed_aims_at_nothing(self, book):
        aim(book, "mine_count", "55", "个", state=PlanState.entered)
        assert indicators(book, COUNTY, 2025, TODAY).answers == ()

    def test_a_later_plan_states_it_anew(self, book):
        aim(book, "green_mine_share", "48")
        aim(book, "green_mine_share", "60", years=(2025, 2030))
        assert only(book, year=2024).target == Decimal(48)
        assert only(book).target == Decimal(60)


class TestAbove:
    def test_a_target_of_the_municipality_is_looked_at_and_never_judged(self, book):
        aim(book, "municipal_green_mine_share", "60", region=CITY, comparison=Comparison.at_least)
        mine(book, "SZ-2020-0001")
        found = only(book)
        assert not found.is_own
        assert found.numerator == 0
        assert found.standing is TargetStanding.reference

    def test_the_municipality_with_few_counties_here_judges_nothing(self, session):
        world(session, TODAY, (COUNTY, "500101"))
        aim(session, "municipal_green_mine_share", "60", region=CITY, comparison=Comparison.at_least)
        mine(session, "SZ-2020-0001", GreenLevel.municipal)
        found = indicators(session, CITY, 2025, TODAY)
        assert (found.counties, found.counties_here) == (2, 1)
        assert found.answers[0].standing is TargetStanding.reference

    def test_with_every_county_here_it_is_judged(self, book):
        aim(book, "municipal_green_mine_share", "60", region=CITY, comparison=Comparison.at_least)
        mine(book, "SZ-2020-0001", GreenLevel.municipal)
        assert only(book, CITY).standing is TargetStanding.reached


class TestDemonstration:
    @pytest.fixture
    def found(self, demonstration) -> Indicators:
        with reader(demonstration) as session:
            return indicators(session, COUNTY, 2025, date(2026, 1, 31))

    def test_the_figures_of_the_demonstration(self, found):
        counted = {
            (one.is_own, one.indicator.code): (one.numerator, one.denominator) for one in found.answers
        }
        assert counted[True, "mine_count"] == (34, 34)
        assert counted[True, "green_mine_share"] == (16, 34)
        assert counted[False, "large_medium_share"] == (20, 33)
        assert counted[False, "large_medium_producing_green"] == (14, 19)
        [green] = [one for one in found.own if one.indicator.code == "green_mine_share"]
        assert (f"{green.share:.4f}", green.standing, green.lacking) == ("0.4706", TargetStanding.short, 1)

    def test_every_code_of_both_plans_is_counted_or_known_to_be_elsewhere(self, found):
        unanswered = {one.indicator.code for one in found.answers if one.counted is None}
        assert unanswered == {"historic_restoration_area", "new_large_medium_deposits"}

    def test_producing_mines_are_told_from_the_others(self, found):
        [green] = [one for one in found.above if one.indicator.code == "large_medium_producing_green"]
        states = {one.state for one in (*(green.counted or ()), *green.others)}
        assert states == {OperatingState.producing}

    def test_reserves_stand_beside_the_plan_and_resources_alone_are_summed(self, demonstration):
        with reader(demonstration) as session:
            lines = {one.mineral: one for one in reserve_lines(session, COUNTY, 2025, date(2025, 12, 31))}
            held = [one for one in held_at_end(session, {COUNTY}, 2025) if one.mineral == "水泥用灰岩"]
        cement = lines["水泥用灰岩"]
        assert cement.printed == ((2015, "8760", "万吨"), (2020, "7557", "万吨"))
        assert cement.held is not None
        assert cement.held.base == sum(one.amount for one in held if "资源量" in one.category.label)
        assert (cement.ledgers, cement.reports) == (2, 0)
        assert lines["铁矿"].held is None
        assert lines["熔剂用灰岩"].printed == ()

    def test_nothing_is_held_before_the_ledgers_begin(self, demonstration):
        with reader(demonstration) as session:
            assert held_at_end(session, {COUNTY}, 2024) == []


def test_a_stopped_mine_is_no_producing_mine(book):
    aim(book, "large_medium_producing_green", None, comparison=Comparison.all)
    found = right(book, "SZ-2020-0001")
    spell(book, found, OperatingState.stopped, date(2025, 1, 1))
    answer = only(book)
    assert answer.denominator == 0
    assert answer.standing is TargetStanding.unanswered
