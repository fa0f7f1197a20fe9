"""The list of rights: what a clerk compares, what the filters ask, whose rights are seen, and the sheet."""

import io
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event

from registry.identity.rules import SYSTEM
from registry.kernel.vocabulary import Role
from registry.minerals.models import MineralAlias
from registry.platform.db import transaction
from registry.registration.rules import NamedMine
from registry.registration.service import register_named_mine
from tests.factories import COUNTY, LIMESTONE, WATER, associate, right
from tests.web.book import HOSTILE, TODAY, enter
from tests.web.reading import read

NEIGHBOUR = "500101"
MOST = 12  # statements of one page, the sign-in and the frame among them


def prepare(engine):
    """The small book, and a mine that its plan only names."""
    enter(engine)
    with transaction(engine) as session:
        told = NamedMine(COUNTY, "规划点名的采石场", "示例规划", "第四章", LIMESTONE)
        register_named_mine(session, SYSTEM, told)


@pytest.fixture
def book(fresh):
    return fresh


@pytest.fixture
def clerk(book, desk):
    return desk("zhang", Role.clerk)


def page(desk, address="/rights"):
    answer = desk.get(address)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def rows_of(content):
    book = CalamineWorkbook.from_filelike(content)
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


class TestRows:
    def test_a_row_compares_permit_state_and_output(self, clerk):
        row = page(clerk).rows["SZ-2020-0001"]
        assert "60 万吨/年 待定 示例-SZ-2020-0001 2020-01-01—2030-12-31 ○ 有效 生产" in row
        assert "101.6 万吨 ■ 超许可规模 169.3% · 报至 02-28" in row

    def test_a_mine_under_a_daily_cap_shows_its_maximum_day(self, clerk):
        assert "500 m³/日" in page(clerk).rows["SZ-2020-0003"]

    def test_nothing_reported_is_a_dash_and_no_share(self, clerk):
        row = page(clerk).rows["SZ-2020-0002"]
        assert row.rstrip().endswith("—")
        assert "%" not in row

    def test_a_mine_that_a_plan_only_names_comes_last_marked_and_says_where(self, clerk):
        shown = page(clerk)
        number, row = list(shown.rows.items())[-1]
        assert "规划" in number
        assert "规划载明，不计数 示例规划 第四章" in row
        assert "有效" not in row
        assert "4 宗，另规划载明 1 处（不计数）" in shown.text

    def test_what_is_stored_is_never_markup(self, clerk):
        assert HOSTILE not in clerk.get("/rights?q=%3Cscript%3E").text

    def test_every_row_leads_to_its_right(self, clerk):
        links = {a.get("href") for tag, a in page(clerk).tags if tag == "a"}
        assert "/rights/SZ-2020-0001" in links


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=采石场", ["SZ-2020-0001", "规划"]),
            ("q=示例-SZ-2020-0002", ["SZ-2020-0002"]),
            ("q=%25", []),
            ("mineral=地热", ["SZ-2020-0003"]),
            ("permit=valid&mineral=建筑石料用灰岩", ["SZ-2020-0001", "SZ-2020-0002"]),
            ("state=停产", []),
            ("scale=待定&q=0004", ["SZ-2020-0004"]),
        ],
    )
    def test_narrow_the_list(self, clerk, query, found):
        shown = list(page(clerk, f"/rights?{query}").rows)
        assert len(shown) == len(found)
        assert all(part in number for part, number in zip(found, shown, strict=True))

    def test_an_alias_or_a_code_stands_for_its_mineral(self, clerk, fresh):
        with transaction(fresh) as session:
            session.add(MineralAlias(alias="石灰石", mineral=LIMESTONE))
        for address in ("/rights", "/outputs", "/alarms"):
            whole = page(clerk, f"{address}?mineral={LIMESTONE}")
            assert whole.rows
            for word in ("石灰石", "83907"):
                shown = page(clerk, f"{address}?mineral={word}")
                assert list(shown.rows) == list(whole.rows)
                assert shown.text == whole.text

    def test_are_shown_as_they_were_set_and_can_be_cleared(self, clerk):
        shown = page(clerk, "/rights?mineral=地热&state=producing&q=示例")
        chosen = [a.get("value") for tag, a in shown.tags if tag == "option" and "selected" in a]
        assert "producing" in chosen
        assert any(a.get("value") == "示例" for tag, a in shown.tags if tag == "input")
        assert any(a.get("href") == "/rights" and "清除" in shown.text for tag, a in shown.tags if tag == "a")

    def test_nothing_found_says_so_with_the_way_back(self, clerk):
        assert "没有符合条件的矿业权" in page(clerk, "/rights?q=nirgends").text

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("state=x", "state"),
            ("page=0", "page"),
            ("page=x", "page"),
            ("scale=x", "scale"),
            ("permit=x", "permit"),
        ],
    )
    def test_what_cannot_be_read_is_named(self, clerk, query, field):
        answer = clerk.get(f"/rights?{query}")
        assert answer.status_code == 422
        assert f"<code>{field}</code>" in answer.text


class TestPaging:
    @pytest.fixture
    def many(self, book, desk):
        with transaction(book) as session:
            for at in range(60):
                found = right(
                    session, f"SZ-2021-{at:04d}", valid=(date(2020, 1, 1), TODAY + timedelta(at * 20))
                )
                associate(session, found, WATER)
        return desk("zhang", Role.clerk)

    def test_fifty_stand_on_a_page_and_the_filters_stay(self, many):
        first, second = page(many, "/rights?q=2021"), page(many, "/rights?q=2021&page=2")
        assert (len(first.rows), len(second.rows)) == (50, 10)
        assert not set(first.rows) & set(second.rows)
        assert "第 51–60 条，共 60 条" in second.text
        assert any("q=2021&page=2" in (a.get("href") or "") for tag, a in first.tags if tag == "a")

    def test_behind_the_last_page_there_is_a_way_back(self, many):
        assert "只有 2 页" in page(many, "/rights?q=2021&page=9").text

    @pytest.mark.parametrize(
        "query", ["", "?scale=pending", "?q=SZ&state=producing&permit=ending&mineral=地热"]
    )
    def test_a_page_sends_few_statements_however_many_rights_there_are(self, many, query):
        many.get("/rights")
        sent: list[str] = []
        engine = many.client.app.state.engine
        event.listen(engine, "before_cursor_execute", lambda _c, _cur, text, *_: sent.append(text))
        assert many.get(f"/rights{query}").status_code == 200
        assert len(sent) <= MOST, "\n".join(sent)


class TestJurisdiction:
    def test_another_county_sees_none_of_them(self, book, desk):
        assert page(desk("li", Role.clerk, NEIGHBOUR)).rows == {}
        assert desk("li").get(f"/rights?region={COUNTY}").status_code == 404

    def test_the_municipality_sees_all_and_names_the_county(self, book, desk):
        with transaction(book) as session:
            right(session, "YY-2020-0001", region=NEIGHBOUR)
        office = desk("wang", Role.municipal, "500000")
        assert len(page(office).rows) == 6
        assert list(page(office, f"/rights?region={NEIGHBOUR}").rows) == ["YY-2020-0001"]
        assert f"县{NEIGHBOUR}" in page(office).rows["YY-2020-0001"]


class TestSheet:
    def test_it_holds_exactly_what_is_wanted_and_says_what_that_is(self, clerk):
        answer = clerk.get("/rights.xlsx?mineral=建筑石料用灰岩&permit=有效")
        assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
        assert answer.headers["content-disposition"].startswith("attachment")
        lines = rows_of(answer_file(answer))
        assert "筛选：矿种 建筑石料用灰岩；许可 有效" in str(lines[1][0])
        assert [line[1] for line in lines[3:]] == ["SZ-2020-0001", "SZ-2020-0002"]

    def test_it_is_not_cut_at_a_page(self, book, desk):
        with transaction(book) as session:
            for at in range(60):
                right(session, f"SZ-2021-{at:04d}")
        lines = rows_of(answer_file(desk("zhang", Role.clerk).get("/rights.xlsx?q=2021")))
        assert len([line for line in lines[3:] if line[1]]) == 60

    def test_no_text_becomes_a_formula(self, book, desk):
        with transaction(book) as session:
            right(session, "SZ-2021-0001").mine = "=1+1"
        lines = rows_of(answer_file(desk("zhang", Role.clerk).get("/rights.xlsx?q=%3D1%2B1")))
        assert lines[3][4] == "=1+1"

    def test_another_county_gets_an_empty_one(self, book, desk):
        lines = rows_of(answer_file(desk("li", Role.clerk, NEIGHBOUR).get("/rights.xlsx")))
        assert lines[3:] == []


def answer_file(answer):
    assert answer.status_code == 200
    return io.BytesIO(answer.content)
