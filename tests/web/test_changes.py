"""What changed since last month: the meters then and now, and every kind of thing written meanwhile."""

from datetime import date

import pytest

from registry.alarms.models import Alarm
from registry.alarms.service import handle
from registry.identity.queries import actor_named
from registry.kernel.vocabulary import AlarmAct, AlarmCode, OperatingState, Role
from registry.plans.queries import caps_over
from registry.platform.db import transaction
from registry.registration.service import set_state
from registry.web.paging import SIZE
from tests.factories import CITY, COUNTY, LIMESTONE, line, right, set_clock, user
from tests.services.steps import alarms, correct, tell
from tests.web.book import TODAY, enter
from tests.web.reading import Page, read

prepare = enter
PARTS = ("/changes", "/changes/returns", "/changes/rights", "/changes/alarms", "/changes/plans")


@pytest.fixture
def book(fresh):
    return fresh


@pytest.fixture
def clerk(book, desk):
    return desk("jingban", Role.clerk)


def page(who, address: str = "/changes") -> Page:
    answer = who.get(address)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


class TestCaps:
    def test_the_meters_then_and_now(self, clerk):
        row = page(clerk).rows[f"{COUNTY}/{LIMESTONE}/year"]  # since the first of March
        assert "50 万吨 → 101.6 万吨 +51.6 万吨" in row
        assert "50.0% → 101.6%" in row
        assert "■ 超出" in row

    def test_what_did_not_move_is_counted_only(self, clerk):
        shown = page(clerk, "/changes?since=2025-03-20")
        assert "指标计量：当时与现在 另 3 项没有变动 没有变动。" in shown.text
        assert not shown.rows

    def test_what_is_missing_by_now_is_a_change(self, clerk):
        row = page(clerk, "/changes?since=2025-03-06").rows[f"{COUNTY}/{LIMESTONE}/year"]
        assert "101.6 万吨 101.6% 2025-02-28 1 → 2" in row  # February was due on the tenth

    def test_a_county_that_joins_changes_what_may_be_said_of_the_city(self, book, desk):
        with transaction(book) as session:
            right(session, "XX-2025-0001", region="500101", recorded=TODAY)
        officer = desk("shiju", Role.municipal, CITY)
        row = page(officer, "/changes?since=2025-03-20").rows[f"{CITY}/{LIMESTONE}/year"]
        assert "数据未覆盖 → " in row

    def test_the_data_reach_further(self, book, desk):
        with transaction(book) as session:
            tell(session, "SZ-2020-0003", "2025-01-03", "1 立方米")
        row = page(desk("jingban", Role.clerk), "/changes?since=2025-03-20").rows[f"{COUNTY}/地热/day"]
        assert "600.001 m³ 100.0% 2025-01-02 → 2025-01-03" in row

    def test_what_shows_no_difference_is_no_change(self, book, desk):
        with transaction(book) as session:  # neither the highest day nor the last
            correct(session, "SZ-2020-0003", "2025-01-01", "599 立方米")
        assert not page(desk("jingban", Role.clerk), "/changes?since=2025-03-20").rows

    def test_a_correction_lowers_the_meter(self, book, desk):
        with transaction(book) as session:
            correct(session, "SZ-2020-0001", "2025-02", "40 万吨")
        row = page(desk("jingban", Role.clerk), "/changes?since=2025-03-20").rows[
            f"{COUNTY}/{LIMESTONE}/year"
        ]
        assert "101.6 万吨 → 90 万吨 −11.6 万吨" in row
        assert "超出 → " in row

    def test_a_new_limit_is_a_change(self, book, desk):
        with transaction(book) as session:
            [account] = caps_over(session, [COUNTY], [LIMESTONE])
            line(session, account, "200 万吨/年", (date(2025, 1, 1), date(2025, 12, 31)), known=TODAY)
        row = page(desk("jingban", Role.clerk), "/changes?since=2025-03-20").rows[
            f"{COUNTY}/{LIMESTONE}/year"
        ]
        assert "100 万吨/年 → 200 万吨/年 +100 万吨/年" in row


class TestReturns:
    def test_new_returns_are_counted_by_mineral(self, clerk):
        text = page(clerk, "/changes/returns?since=2025-02-01").text
        assert f"{LIMESTONE} 2 1" in text
        assert "地热 2 1" in text
        assert "新报报表 5 份" in text

    def test_a_correction_shows_both_figures_and_the_reason(self, book, desk):
        with transaction(book) as session:
            correct(session, "SZ-2020-0001", "2025-02", "40 万吨")
        row = page(desk("jingban", Role.clerk), "/changes/returns").rows[
            f"SZ-2020-0001/{LIMESTONE}/2025-02/2"
        ]
        assert "更正 51.6 万吨 40 万吨 示例更正" in row

    def test_a_day_is_told_in_the_unit_of_the_day(self, book, desk):
        with transaction(book) as session:
            correct(session, "SZ-2020-0003", "2025-01-02", "580 立方米")
        row = page(desk("jingban", Role.clerk), "/changes/returns").rows["SZ-2020-0003/地热/2025-01-02/2"]
        assert "更正 600.001 m³ 580 m³" in row

    def test_long_lists_are_paged_the_newest_first(self, book, desk):
        with transaction(book) as session:
            for number in range(SIZE + 1):
                correct(session, "SZ-2020-0001", "2025-02", f"{number + 1} t")
        clerk = desk("jingban", Role.clerk)
        first, last = page(clerk, "/changes/returns"), page(clerk, "/changes/returns?page=2")
        revisions = [name.rsplit("/", 1)[1] for shown in (first, last) for name in shown.rows]
        assert revisions == [str(SIZE + 2 - number) for number in range(SIZE + 1)]
        assert f"更正与作废 {SIZE + 1} 份" in first.text
        assert f"第 {SIZE + 1}–{SIZE + 1} 条，共 {SIZE + 1} 条" in last.text
        assert "只有 2 页。" in page(clerk, "/changes/returns?page=3").text


class TestRightsAndAlarms:
    def test_new_rights_and_new_states(self, book, desk):
        with transaction(book) as session:
            right(session, "SZ-2025-0009", recorded=TODAY)
            user(session, "li", Role.clerk)
            who = actor_named(session, "li")
            set_state(session, who, "SZ-2020-0002", OperatingState.stopped, date(2025, 3, 1), "示例")
        text = page(desk("jingban", Role.clerk), "/changes/rights").text
        assert "SZ-2025-0009 示例矿 SZ-2025-0009 新入册" in text
        assert "SZ-2020-0002 示例矿 SZ-2020-0002 运行状态：停产 2025-03-01 2025-03-20" in text

    def test_what_became_of_a_new_right_is_told_beside_its_entry(self, book, desk):
        with transaction(book) as session:
            user(session, "li", Role.clerk)
            who = actor_named(session, "li")
            set_clock(session, date(2025, 3, 18))
            right(session, "SZ-2025-0009", recorded=date(2025, 3, 2))
            for state in (OperatingState.stopped, OperatingState.closing):
                set_state(session, who, "SZ-2025-0009", state, date(2025, 3, 5), "示例")
            set_clock(session, TODAY)
        text = page(desk("jingban", Role.clerk), "/changes/rights").text
        assert "矿业权 3 预警" in text
        lines = [text.index(f"SZ-2025-0009 {line}") for line in (
            "运行状态：关闭待注销 2025-03-05 2025-03-18",
            "运行状态：停产 已被后续登记取代 2025-03-05 2025-03-18",
            "新入册 — 2025-03-02",
        )]  # fmt: skip
        assert lines == sorted(lines)

    def test_what_was_raised_receded_and_closed(self, book, desk):
        with transaction(book) as session:
            correct(session, "SZ-2020-0001", "2025-02", "40 万吨")
            user(session, "wang", Role.reviewer)
            standing: Alarm = next(
                one for one in alarms(session) if one.code is AlarmCode.cap_near and one.side == "output"
            )
            handle(session, actor_named(session, "wang"), standing.id or 0, AlarmAct.closed, "示例已核")
        text = page(desk("jingban", Role.clerk), "/changes/alarms").text
        assert "回落 ■ 严重 超出总量调控指标" in text
        assert "办结 ○ 提示 接近总量调控指标" in text
        assert "wang 示例已核" in text

    def test_plans_and_amendments(self, book, desk):
        with transaction(book) as session:
            [account] = caps_over(session, [COUNTY], [LIMESTONE])
            line(session, account, "200 万吨/年", (date(2025, 1, 1), date(2025, 12, 31)), known=TODAY)
        told = "示例调整 县500240 示例文〔2025〕1号 2025-01-01 — 2025-12-31"
        assert told in page(desk("jingban", Role.clerk), "/changes/plans").text


class TestParts:
    def test_every_part_tells_how_much_the_others_hold(self, book, desk):
        with transaction(book) as session:
            correct(session, "SZ-2020-0001", "2025-02", "40 万吨")
            right(session, "SZ-2025-0009", recorded=TODAY)
            [account] = caps_over(session, [COUNTY], [LIMESTONE])
            line(session, account, "200 万吨/年", (date(2025, 1, 1), date(2025, 12, 31)), known=TODAY)
        clerk = desk("jingban", Role.clerk)
        strips = [page(clerk, address).text for address in PARTS]
        for strip in strips:  # a return and its correction; four alarms raised, one receded
            assert "指标计量 报表 2 矿业权 1 预警 5 规划 1" in strip

    @pytest.mark.parametrize("part", PARTS)
    def test_day_year_and_region_are_kept_from_part_to_part(self, clerk, part):
        query = f"since=2025-02-01&year=2024&region={COUNTY}"
        shown = clerk.get(f"{part}?{query}").text.replace("&amp;", "&")
        for other in PARTS:
            assert f'href="{other}?{query}"' in shown
        assert f'href="{part}?since=2025-03-01&year=2024&region={COUNTY}"' in shown

    @pytest.mark.parametrize("part", PARTS)
    def test_a_part_without_anything_says_so(self, clerk, part):
        assert "没有" in page(clerk, f"{part}?since=2025-03-20").text


class TestSight:
    def test_without_a_day_it_is_since_the_first_of_the_month(self, clerk):
        assert "2025年3月1日以来的变动" in page(clerk).text

    def test_another_year_can_be_asked_for(self, clerk):
        assert "2024 年度计量" in page(clerk, "/changes?since=2025-03-01&year=2024").text

    @pytest.mark.parametrize("since", ["2025-03-21", "2025-02-30", "x"])
    def test_an_unreadable_day_is_told(self, clerk, since):
        assert clerk.get(f"/changes?since={since}").status_code == 422

    def test_the_plans_are_those_over_the_county_asked_for(self, book, desk):
        officer = desk("shiju", Role.municipal, CITY)
        for county, shown in ((COUNTY, True), ("500101", False)):
            text = page(officer, f"/changes/plans?since=2020-01-01&region={county}").text
            assert (f"示例规划 {COUNTY}{LIMESTONE}" in text) is shown

    def test_a_county_sees_nothing_of_its_neighbour(self, book, desk):
        with transaction(book) as session:
            set_clock(session, TODAY)
            right(session, "XX-2025-0001", region="500101", recorded=TODAY)
            tell(session, "XX-2025-0001", "2025-02", "3 t")
        clerk = desk("jingban", Role.clerk)
        assert "XX-2025-0001" not in clerk.get("/changes/rights").text
        for part in PARTS:
            assert clerk.get(f"{part}?region=500101").status_code == 404
        officer = desk("shiju", Role.municipal, CITY)
        assert "XX-2025-0001" in officer.get("/changes/rights").text
