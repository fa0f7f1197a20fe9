"""One right with everything about it, what a mine does since a day, and the permits that end."""

import re
from datetime import date

import pytest
from sqlmodel import col, select

from registry.kernel.vocabulary import OperatingState, Role
from registry.platform.db import transaction
from registry.rights.models import MineralRight, OperatingSpell
from tests.factories import COUNTY, LIMESTONE, permit, right
from tests.web.book import HOSTILE, enter
from tests.web.reading import read

ADDRESS = "/rights/SZ-2020-0001"


prepare = enter


@pytest.fixture
def clerk(desk):
    return desk("zhang", Role.clerk)


class TestOneRight:
    def test_it_shows_permit_months_caps_and_history_on_one_page(self, clerk):
        answer = clerk.get(f"{ADDRESS}?year=2025")
        assert answer.status_code == 200, answer.text
        words = read(answer.text).text
        assert "示例-SZ-2020-0001" in words  # the permit
        assert "60 万吨/年" in words
        assert "101.6" in words  # both months against the permit
        assert "超出许可规模" in words
        assert "100 矿石万吨/年" in words  # the cap above it
        assert "权利第 1 版" in words
        assert HOSTILE not in answer.text

    @pytest.mark.parametrize("number", ["sz-2020-0001", "ＳＺ－2020－0001"])
    def test_its_number_may_be_typed_in_small_or_wide_letters(self, clerk, number):
        assert "示例-SZ-2020-0001" in read(clerk.get(f"/rights/{number}").text).text
        answer = clerk.post(f"/rights/{number}/state", GIVEN)
        assert answer.headers["location"].startswith(f"{ADDRESS}?")
        assert clerk.get("/rights/sz-2020-9999").status_code == 404

    def test_what_is_not_known_is_said_and_never_guessed(self, clerk):
        words = read(clerk.get(ADDRESS).text).text
        assert "登记簿未载拐点坐标" in words
        assert "矿业权人 登记簿未载" in words

    def test_missing_returns_lead_to_their_form(self, clerk):
        page = clerk.get("/rights/SZ-2020-0002").text
        assert "缺报" in page
        assert "/outputs/new?right=SZ-2020-0002&amp;period=2025-01" in page

    def test_a_year_without_returns_says_so(self, clerk):
        assert clerk.get(f"{ADDRESS}?year=2019").status_code == 200
        assert clerk.get(f"{ADDRESS}?year=x").status_code == 422

    def test_a_mine_that_a_plan_only_names_has_nothing_else(self, clerk, fresh):
        with transaction(fresh) as session:
            session.exec(
                select(MineralRight).where(MineralRight.number == "SZ-2020-0004")
            ).one().counted = False
        words = read(clerk.get("/rights/SZ-2020-0004").text).text
        assert "规划载明，不计数" in words
        assert "打印许可证" not in words

    def test_another_countys_clerk_does_not_find_it(self, clerk, desk):
        stranger = desk("li", Role.clerk, "500101")
        assert stranger.get(ADDRESS).status_code == 404
        assert stranger.post(f"{ADDRESS}/state", {"state": "stopped"}).status_code == 404
        assert desk("wang", Role.municipal, "500000").get(ADDRESS).status_code == 200


GIVEN = {"state": "停产", "since": "2025-03-10", "reason": "示例：设备检修"}


class TestState:
    def spells(self, fresh):
        with transaction(fresh) as session:
            found = session.exec(
                select(OperatingSpell.state)
                .join(MineralRight, col(MineralRight.id) == col(OperatingSpell.right_id))
                .where(MineralRight.number == "SZ-2020-0001", col(OperatingSpell.superseded_at).is_(None))
                .order_by(col(OperatingSpell.since))
            )
            return list(found)

    def test_a_change_is_recorded_once_however_often_it_is_sent(self, clerk, fresh):
        for told in ("运行状态已登记。", "没有改动：登记簿中该矿自所填日期起已是这一状态。"):
            answer = clerk.post(f"{ADDRESS}/state", GIVEN)
            assert answer.status_code == 303
            assert told in clerk.get(answer.headers["location"]).text
            assert told not in clerk.get(ADDRESS).text
        assert self.spells(fresh) == [OperatingState.producing, OperatingState.stopped]

    @pytest.mark.parametrize(("change", "field"), [
        ({"since": "2025-02-30"}, "since"), ({"since": "2099-01-01"}, "since"),
        ({"since": "2010-01-25"}, "since"), ({"reason": ""}, "reason"), ({"state": "睡眠"}, "state"),
    ])  # fmt: skip
    def test_a_mistake_keeps_what_was_typed_and_names_its_field(self, clerk, fresh, change, field):
        answer = clerk.post(f"{ADDRESS}/state", GIVEN | change)
        assert answer.status_code == 422
        assert f'id="wrong-{field}"' in answer.text
        assert (GIVEN | change)["since"] in answer.text
        assert self.spells(fresh) == [OperatingState.producing]

    @pytest.mark.parametrize(("change", "fields"), [
        ({"state": "睡眠", "since": "昨天", "reason": " "}, ["state", "since", "reason"]),
        ({"since": "2099-01-01", "reason": ""}, ["since", "reason"]),
        ({"state": "", "since": "2025-02-30"}, ["state", "since"]),
    ])  # fmt: skip
    def test_every_mistake_is_told_at_once(self, clerk, change, fields):
        answer = clerk.post(f"{ADDRESS}/state", GIVEN | change)
        assert answer.status_code == 422
        assert re.findall('id="wrong-([a-z]+)"', answer.text) == fields

    def test_who_may_not_change_it_sees_no_form_and_is_refused(self, clerk, desk, fresh):
        inspector = desk("chen", Role.inspector)
        assert 'id="state-form"' not in inspector.get(ADDRESS).text
        assert inspector.post(f"{ADDRESS}/state", GIVEN).status_code == 403


class TestExpiries:
    @pytest.fixture
    def ending(self, clerk, fresh):
        with transaction(fresh) as session:
            found = right(
                session, "SZ-2020-0009", LIMESTONE, COUNTY, valid=(date(2020, 1, 1), date(2025, 4, 30))
            )
            permit(session, found, "示例-延续", (date(2020, 1, 1), date(2025, 5, 10)))
        return clerk

    def test_a_permit_is_listed_by_the_day_to_apply(self, ending):
        row = read(ending.get("/expiries").text).rows["SZ-2020-0009"]
        assert "2025-04-10" in row
        assert "2025-05-10" in row
        assert " 21 " in row

    def test_the_sheet_and_the_filter_follow(self, ending):
        assert ending.get("/expiries.xlsx").headers["content-disposition"].startswith("attachment")
        assert "SZ-2020-0009" not in read(ending.get("/expiries?within=3").text).rows
        assert ending.get("/expiries?within=-1").status_code == 422

    def test_another_county_sees_none_of_them(self, ending, desk):
        assert "SZ-2020-0009" not in desk("li", Role.clerk, "500101").get("/expiries?within=3660").text


def test_the_running_sum_is_drawn_through_every_month_that_has_come_and_marked_where_it_passes(clerk):
    drawing = clerk.get(f"{ADDRESS}?year=2025").text.split('class="month-chart"')[1].split("</svg>")[0]
    line = re.search(r'<path d="(M\d+ \d+(?:L\d+ \d+)*)"', drawing)
    assert line is not None
    assert line[1].count("L") == 1  # January and February
    assert drawing.count('fill="#b3261e"') == 1  # 50 of 60 in January, 101.6 in February
