"""The monthly progress: what had been dug by the end of a month, whatever has come since."""

from datetime import date

import pytest

from registry.documents.service.progress import progress_data
from registry.identity.rules import Actor
from registry.kernel.errors import Forbidden, NotFound
from registry.kernel.vocabulary import Role
from registry.output.service import open_duties
from registry.platform.db import reader
from registry.workflows.cap_status import status
from tests.factories import CITY, COUNTY, LIMESTONE, QUARTZ, WATER, cap, mineral, right, set_clock, world
from tests.services.steps import correct, tell

BIG, SMALL, WELL = "SZ-2025-0001", "SZ-2025-0002", "SZ-2025-0003"
NEIGHBOUR = "500101"
MONTHS = (6, 7, 8, 9, 10, 45)


@pytest.fixture
def book(session):
    """Give a book in which limestone nears its cap in June, read on 20 July 2025."""
    world(session, date(2025, 1, 2), (COUNTY, NEIGHBOUR))
    mineral(session, QUARTZ)
    cap(session, "100 矿石万吨/年")
    cap(session, "600 立方米/日", WATER, binding=False)
    cap(session, None, QUARTZ, binding=None)
    cap(session, "35900 万吨/年", region=CITY, binding=None)
    right(session, BIG, scale="60 万吨/年")
    right(session, SMALL, scale="50 万吨/年")
    right(session, WELL, WATER, scale=None, max_day="500 立方米/日")
    open_duties(session)
    for month, amount in enumerate(MONTHS, 1):
        set_clock(session, date(2025, month + 1, 5))
        tell(session, BIG, f"2025-{month:02d}", f"{amount} 万吨")
    set_clock(session, date(2025, 7, 6))
    for day, drawn in (("2025-05-30", "610"), ("2025-06-02", "300"), ("2025-06-03", "605.5")):
        tell(session, WELL, day, f"{drawn} 立方米")
    set_clock(session, date(2025, 7, 20))
    return session


def row(book, month, name=LIMESTONE):
    """Return the row of a mineral in the progress of a month."""
    [found] = [one for one in progress_data(book, 2025, month, COUNTY).rows if one.mineral == name]
    return found


class TestCaps:
    def test_the_month_its_sum_and_its_share_against_the_year_gone(self, book):
        sheet = progress_data(book, 2025, 5, COUNTY)
        found = row(book, 5)
        assert (found.month, found.used, found.share) == ("10", "40", "40.0%")
        assert (sheet.elapsed, found.ahead) == ("41.7%", "-1.7")
        assert found.state.word == "正常"
        assert row(book, 3).ahead == "-4.0"
        assert row(book, 6).ahead == "+35.0"

    def test_what_came_later_changes_nothing_of_an_earlier_month(self, book):
        before = row(book, 5)
        tell(book, SMALL, "2025-06", "50 万吨")
        assert row(book, 5) == before
        assert row(book, 6).state.word == "超出"

    def test_a_correction_counts_where_its_period_lies(self, book):
        correct(book, BIG, "2025-02", "9 万吨")
        assert row(book, 1).used == "6"
        assert row(book, 5).used == "42"

    def test_a_daily_cap_shows_its_highest_days(self, book):
        may, june = row(book, 5, WATER), row(book, 6, WATER)
        assert (may.month, may.used) == ("610", "610")
        assert (june.month, june.used, june.share) == ("605.5", "610", "101.7%")
        assert june.ahead is None
        assert june.outlook is None

    def test_the_outlook_rests_on_the_months_so_far_that_are_complete(self, book):
        # of SMALL nothing has come at all: no month is complete
        assert row(book, 5).outlook is None
        for month in range(1, 5):
            tell(book, SMALL, f"2025-{month:02d}", "1 万吨")
        assert row(book, 4).outlook == "102"
        assert row(book, 2).outlook is None

    def test_a_mineral_without_figure_is_shown_without_share(self, book):
        found = row(book, 6, QUARTZ)
        assert (found.printed, found.share, found.ahead, found.used) == ("规划未列数值", None, None, None)

    def test_the_last_month_is_the_state_of_the_year(self, book):
        [now] = [one for one in status(book, 2025, COUNTY) if one.cap.mineral == LIMESTONE]
        found = row(book, 12)
        assert found.used == "85"
        assert now.used.base == 85 * 10**10
        assert (found.month, found.returns) == (None, "6／12")

    def test_only_the_regions_own_caps(self, book):
        assert {one.mineral for one in progress_data(book, 2025, 6, CITY).rows} == {LIMESTONE}
        [city] = progress_data(book, 2025, 6, CITY).rows
        assert (city.used, city.share) == ("85", None)  # of one county among two: no share

    def test_before_anything_has_come(self, book):
        sheet = progress_data(book, 2024, 1, COUNTY)
        assert {(one.month, one.used) for one in sheet.rows} == {(None, None)}
        assert sheet.paper.data_through is None


class TestLists:
    def test_new_alarms_are_those_of_the_months_returns(self, book):
        sheet = progress_data(book, 2025, 6, COUNTY)
        texts = [alarm.text for alarm in sheet.alarms]
        assert any("接近总量调控指标 · 建筑石料用灰岩 · 85 万吨／100 万吨" in text for text in texts)
        assert any("超出总量调控指标 · 地热" in text for text in texts)
        assert not any("总量调控指标" in one.text for one in progress_data(book, 2025, 4, COUNTY).alarms)
        assert len(sheet.alarms) <= 4

    def test_who_has_not_returned_up_to_the_month(self, book):
        sheet = progress_data(book, 2025, 2, COUNTY)
        [small] = [text for text in sheet.missing if text.startswith(SMALL)]
        assert "建筑石料用灰岩 1月至2月 2 份，最长逾期 160 日" in small
        [well] = [text for text in sheet.missing if text.startswith(WELL)]
        assert "地热 1月至2月 59 份" in well
        assert sheet.missing_returns == 2 + 31 + 28

    def test_a_month_whose_returns_are_not_due_says_so(self, book):
        set_clock(book, date(2025, 7, 8))
        assert "尚未全部到期" in progress_data(book, 2025, 6, COUNTY).notes[-1]
        assert "尚未全部到期" not in progress_data(book, 2025, 5, COUNTY).notes[-1]

    def test_another_county_may_not(self, book):
        abroad = Actor("abroad", frozenset({(Role.clerk, NEIGHBOUR)}))
        with pytest.raises((Forbidden, NotFound)):
            progress_data(book, 2025, 6, COUNTY, abroad)


def test_the_demonstration_as_its_story_tells(demonstration):
    with reader(demonstration) as session:
        rows = {n: {r.mineral: r for r in progress_data(session, 2025, n, COUNTY).rows} for n in (9, 10, 12)}
    assert len(rows[9]) == 13
    assert [rows[n][LIMESTONE].used for n in rows] == ["846.6", "973.6", "1221.6"]
    assert [rows[n][LIMESTONE].share for n in rows] == ["70.6%", "81.1%", "101.8%"]
    assert rows[12][WATER].used == "618.4"
