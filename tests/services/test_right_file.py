"""One right with everything about it: its part of each cap, its months, its history, and who may see it."""

from datetime import date

import pytest
from sqlalchemy import event
from sqlmodel import select

from registry.documents.service import right_file
from registry.identity.rules import SYSTEM
from registry.kernel.errors import NotFound
from registry.kernel.vocabulary import GreenLevel, OperatingState, Role
from registry.output.service import open_duties
from registry.platform.audit import seal
from registry.registration.rules import NamedMine
from registry.registration.service import register_named_mine, set_green, set_state
from registry.rights.models import RightVersion
from tests.factories import (
    CITY,
    COUNTY,
    LIMESTONE,
    LONG_AGO,
    WATER,
    ZINC,
    associate,
    cap,
    mineral,
    permit,
    right,
    user,
    world,
)
from tests.services.steps import correct, tell

NUMBER = "SZ-2020-0001"
NEIGHBOUR = "500241"


@pytest.fixture
def book(session):
    """A county with caps of stone and water, its municipality's cap of stone, and one quarry."""
    world(session, date(2025, 6, 30), (COUNTY, NEIGHBOUR))
    cap(session, "100 矿石万吨/年")
    cap(session, "1000 万吨/年", region=CITY)
    cap(session, "600 立方米/日", WATER, binding=False)
    right(session, NUMBER, scale="10 万吨/年")
    return session


class TestCaps:
    def test_its_own_sum_is_held_against_each_cap_above_it(self, book):
        tell(book, NUMBER, "2025-01", "7 万吨")
        tell(book, NUMBER, "2025-02", "5 万吨")
        right(book, "SZ-2020-0002")
        tell(book, "SZ-2020-0002", "2025-01", "30 万吨")
        found = right_file(book, SYSTEM, NUMBER)
        parts = [
            (part.status.cap.region, part.own and part.own.base, f"{part.share:.4f}") for part in found.caps
        ]
        assert parts == [(COUNTY, 12 * 10**10, "0.1200"), (CITY, 12 * 10**10, "0.0120")]

    def test_under_a_daily_cap_its_highest_day_counts(self, book):
        right(book, "SZ-2020-0003", WATER, scale=None, max_day="500 立方米/日")
        tell(book, "SZ-2020-0003", "2025-01-01", "300 立方米")
        tell(book, "SZ-2020-0003", "2025-01-02", "150 立方米")
        [part] = right_file(book, SYSTEM, "SZ-2020-0003").caps
        assert (part.own and part.own.base, f"{part.share:.4f}") == (300_000, "0.5000")

    def test_nothing_told_is_no_part(self, book):
        assert [(part.own, part.share) for part in right_file(book, SYSTEM, NUMBER).caps] == [
            (None, None)
        ] * 2

    def test_what_is_not_counted_adds_nothing_to_a_cap(self, book):
        mineral(book, ZINC)
        cap(book, "2 万吨/年", ZINC)
        associate(book, right(book, "SZ-2020-0005"), ZINC)
        tell(book, "SZ-2020-0005", "2025-01", "1 万吨", mineral=ZINC)
        found = right_file(book, SYSTEM, "SZ-2020-0005")
        assert {part.status.cap.mineral for part in found.caps} == {LIMESTONE}
        assert [one.mineral for one in found.minerals] == [LIMESTONE, ZINC]


class TestMonths:
    def test_the_running_sum_stands_at_each_month_that_has_come(self, book):
        tell(book, NUMBER, "2025-01", "7 t")
        tell(book, NUMBER, "2025-03", "5 t")
        months = right_file(book, SYSTEM, NUMBER).months
        assert months is not None
        assert months.sums == (7_000_000, None, 12_000_000, *[None] * 9)
        assert months.limit is not None
        assert months.limit.base == 10**11

    @pytest.mark.parametrize(("grams", "limit"), [(2_500_000, 25 * 10**10), (None, None)])
    def test_a_scale_of_another_kind_is_converted_by_density_or_left_out(self, book, grams, limit):
        found = right(book, "SZ-2020-0006", scale="10 万立方米/年")
        version = book.exec(select(RightVersion).where(RightVersion.right_id == found.id)).one()
        version.density_g_m3 = grams
        book.flush()
        tell(book, "SZ-2020-0006", "2025-01", "7 t")
        months = right_file(book, SYSTEM, "SZ-2020-0006").months
        assert months is not None
        assert (months.limit and months.limit.base) == limit

    def test_the_year_asked_for_is_shown_and_offered(self, book):
        tell(book, NUMBER, "2024-12", "7 t")
        found = right_file(book, SYSTEM, NUMBER, 2023)
        assert (found.year, found.years) == (2023, (2025, 2024, 2023))
        assert right_file(book, SYSTEM, NUMBER).year == 2024


class TestOwed:
    def test_every_year_is_owed_until_it_has_come(self, book):
        open_duties(book)
        periods = [one.period for one in right_file(book, SYSTEM, NUMBER).owed]
        assert periods == ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05"]
        tell(book, NUMBER, "2025-02", "7 t")
        assert "2025-02" not in [one.period for one in right_file(book, SYSTEM, NUMBER).owed]


class TestHistory:
    def test_acts_say_who_and_why_and_belong_to_this_right_alone(self, book):
        clerk = user(book, "zhang", Role.clerk)
        right(book, f"{NUMBER}0")
        set_state(book, clerk, NUMBER, OperatingState.stopped, date(2025, 3, 1), "设备检修")
        set_green(book, clerk, NUMBER, GreenLevel.municipal, date(2025, 4, 1), "入库公告")
        set_state(book, clerk, f"{NUMBER}0", OperatingState.stopped, date(2025, 3, 1), "别的矿")
        seal(book)
        acts = right_file(book, SYSTEM, NUMBER).acts
        assert [(act.act, act.actor, act.facts["reason"]) for act in acts] == [
            ("right.green", "zhang", "入库公告"),
            ("right.state", "zhang", "设备检修"),
        ]

    def test_superseded_permits_and_corrected_returns_stay_readable(self, book):
        found = right(book, "SZ-2020-0007")
        permit(book, found, "示例-旧证", (None, date(2019, 12, 31))).superseded_at = LONG_AGO
        tell(book, "SZ-2020-0007", "2025-01", "7 t")
        correct(book, "SZ-2020-0007", "2025-01", "8 t")
        file = right_file(book, SYSTEM, "SZ-2020-0007")
        assert {one.number for one in file.permits} == {"示例-SZ-2020-0007", "示例-旧证"}
        assert [(row.period, row.revision, row.reason) for row in file.corrected] == [
            ("2025-01", 2, "示例更正")
        ]


class TestWho:
    def test_beyond_the_county_a_right_is_as_unknown_as_one_that_does_not_exist(self, book):
        stranger = user(book, "li", Role.clerk, NEIGHBOUR)
        for number in (NUMBER, "SZ-1999-0001"):
            with pytest.raises(NotFound) as refused:
                right_file(book, stranger, number)
            assert refused.value.facts == {"what": "right", "value": number}

    def test_the_municipality_sees_it(self, book):
        assert right_file(book, user(book, "wang", Role.municipal, CITY), NUMBER).book.right.number == NUMBER

    def test_a_mine_that_a_plan_only_names_has_nothing_that_papers_say(self, book):
        told = NamedMine(COUNTY, "规划点名的采石场", "示例规划", "第四章", LIMESTONE)
        found = right_file(book, SYSTEM, register_named_mine(book, SYSTEM, told).number)
        assert (found.permit, found.months, found.minerals, found.caps, found.reserves) == (
            None,
            None,
            (),
            (),
            (),
        )


def test_statements_do_not_grow_with_other_rights_or_with_returns(book):
    sent: list[str] = []
    event.listen(book.get_bind(), "before_cursor_execute", lambda *told: sent.append(told[2]))

    def ask():
        sent.clear()
        right_file(book, SYSTEM, NUMBER, 2025)
        return len(sent)

    tell(book, NUMBER, "2025-01", "7 t")
    ask()
    few = ask()
    for at in range(10):
        right(book, f"SZ-2021-{at:04d}")
        tell(book, f"SZ-2021-{at:04d}", "2025-01", "7 t")
    for month in ("2025-02", "2025-03", "2024-01"):
        tell(book, NUMBER, month, "7 t")
    assert ask() == few
