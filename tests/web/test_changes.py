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
from registry.workflows.changes import MOST
from tests.factories import CITY, COUNTY, LIMESTONE, line, right, set_clock, user
from tests.services.steps import alarms, correct, tell
from tests.web.book import TODAY, enter
from tests.web.reading import Page, read

prepare = enter


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
        assert "50 万吨 → 101.6 万吨 +51.6" in row
        assert "50.0% → 101.6%" in row
        assert "■ 超出" in row

    def test_what_did_not_move_is_counted_only(self, clerk):
        shown = page(clerk, "/changes?since=2025-03-20")
        assert "指标计量：当时与现在 另 3 项没有变动 没有变动。" in shown.text
        assert not shown.rows

    def test_what_is_missing_by_now_is_a_change(self, clerk):
        row = page(clerk, "/changes?since=2025-03-06").rows[f"{COUNTY}/{LIMESTONE}/year"]
        assert "101.6 万吨 101.6% 1 → 2" in row  # February was due on the tenth

    def test_a_correction_lowers_the_meter(self, book, desk):
        with transaction(book) as session:
            correct(session, "SZ-2020-0001", "2025-02", "40 万吨")
        row = page(desk("jingban", Role.clerk), "/changes?since=2025-03-20").rows[
            f"{COUNTY}/{LIMESTONE}/year"
        ]
        assert "101.6 万吨 → 90 万吨 −11.6" in row
        assert "超出 → " in row

    def test_a_new_limit_is_a_change(self, book, desk):
        with transaction(book) as session:
            [account] = caps_over(session, [COUNTY], [LIMESTONE])
            line(session, account, "200 万吨/年", (date(2025, 1, 1), date(2025, 12, 31)), known=TODAY)
        row = page(desk("jingban", Role.clerk), "/changes?since=2025-03-20").rows[
            f"{COUNTY}/{LIMESTONE}/year"
        ]
        assert "100 万吨 → 200 万吨 +100" in row


class TestReturns:
    def test_new_returns_are_counted_by_mineral(self, clerk):
        text = page(clerk, "/changes?since=2025-02-01").text
        assert f"{LIMESTONE} 2 1" in text
        assert "地热 2 1" in text
        assert "新报报表 5 份" in text

    def test_a_correction_shows_both_figures_and_the_reason(self, book, desk):
        with transaction(book) as session:
            correct(session, "SZ-2020-0001", "2025-02", "40 万吨")
        row = page(desk("jingban", Role.clerk)).rows[f"SZ-2020-0001/{LIMESTONE}/2025-02/2"]
        assert "更正 51.6 万吨 40 万吨 示例更正" in row

    def test_a_day_is_told_in_the_unit_of_the_day(self, book, desk):
        with transaction(book) as session:
            correct(session, "SZ-2020-0003", "2025-01-02", "580 立方米")
        row = page(desk("jingban", Role.clerk)).rows["SZ-2020-0003/地热/2025-01-02/2"]
        assert "更正 600.001 m³ 580 m³" in row

    def test_long_lists_are_cut_and_counted(self, book, desk):
        with transaction(book) as session:
            for number in range(MOST + 1):
                correct(session, "SZ-2020-0001", "2025-02", f"{number + 1} t")
        text = page(desk("jingban", Role.clerk)).text
        assert f"更正与作废 {MOST + 1} 份" in text
        assert f"只列最近 {MOST} 份" in text


class TestRightsAndAlarms:
    def test_new_rights_and_new_states(self, book, desk):
        with transaction(book) as session:
            right(session, "SZ-2025-0009", recorded=TODAY)
            user(session, "li", Role.clerk)
            who = actor_named(session, "li")
            set_state(session, who, "SZ-2020-0002", OperatingState.stopped, date(2025, 3, 1), "示例")
        text = page(desk("jingban", Role.clerk)).text
        assert "SZ-2025-0009 示例矿 SZ-2025-0009 新入册" in text
        assert "SZ-2020-0002 示例矿 SZ-2020-0002 运行状态：停产" in text

    def test_what_was_raised_receded_and_closed(self, book, desk):
        with transaction(book) as session:
            correct(session, "SZ-2020-0001", "2025-02", "40 万吨")
            user(session, "wang", Role.reviewer)
            standing: Alarm = next(
                one for one in alarms(session) if one.code is AlarmCode.cap_near and one.side == "output"
            )
            handle(session, actor_named(session, "wang"), standing.id or 0, AlarmAct.closed, "示例已核")
        text = page(desk("jingban", Role.clerk)).text
        assert "回落 ■ 严重 超出总量调控指标" in text
        assert "办结 ○ 提示 接近总量调控指标" in text
        assert "wang 示例已核" in text

    def test_plans_and_amendments(self, book, desk):
        with transaction(book) as session:
            [account] = caps_over(session, [COUNTY], [LIMESTONE])
            line(session, account, "200 万吨/年", (date(2025, 1, 1), date(2025, 12, 31)), known=TODAY)
        assert "《示例调整》 示例文〔2025〕1号" in page(desk("jingban", Role.clerk)).text


class TestSight:
    def test_without_a_day_it_is_since_the_first_of_the_month(self, clerk):
        assert "2025年3月1日以来的变动" in page(clerk).text

    def test_another_year_can_be_asked_for(self, clerk):
        assert "2024 年度计量" in page(clerk, "/changes?since=2025-03-01&year=2024").text

    @pytest.mark.parametrize("since", ["2025-03-21", "2025-02-30", "x"])
    def test_an_unreadable_day_is_told(self, clerk, since):
        assert clerk.get(f"/changes?since={since}").status_code == 422

    def test_a_county_sees_nothing_of_its_neighbour(self, book, desk):
        with transaction(book) as session:
            set_clock(session, TODAY)
            right(session, "XX-2025-0001", region="500101", recorded=TODAY)
            tell(session, "XX-2025-0001", "2025-02", "3 t")
        clerk = desk("jingban", Role.clerk)
        assert "XX-2025-0001" not in clerk.get("/changes").text
        assert clerk.get("/changes?region=500101").status_code == 404
        officer = desk("shiju", Role.municipal, CITY)
        assert "XX-2025-0001" in officer.get("/changes").text
