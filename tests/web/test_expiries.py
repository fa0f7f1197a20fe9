"""The page of permits that end: stages, days left, spans, counties, and the sheet."""

import io
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event

from registry.kernel.vocabulary import Role
from registry.platform.db import transaction
from tests.factories import COUNTY, right
from tests.web.book import TODAY, enter
from tests.web.reading import read

NEIGHBOUR = "500101"
MOST = 12  # statements of one page, the sign-in and the frame among them


def ends(session, number, days, region=COUNTY):
    """Enter a right whose permit's application day lies so many days ahead."""
    last = TODAY + timedelta(days=days + 30)
    return right(session, number, region=region, valid=(date(2020, 1, 1), last))


def prepare(engine):
    """Enter the small book of the page."""
    enter(engine)
    with transaction(engine) as session:
        for number, days in (
            ("SZ-2020-1001", -40),
            ("SZ-2020-1002", -1),
            ("SZ-2020-1003", 0),
            ("SZ-2020-1004", 400),
        ):
            ends(session, number, days)
        ends(session, "YY-2020-1005", 80, NEIGHBOUR)


@pytest.fixture
def book(fresh):
    return fresh


@pytest.fixture
def clerk(book, desk):
    return desk("zhang", Role.clerk)


def page(desk, address="/expiries"):
    answer = desk.get(address)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


class TestRows:
    def test_the_most_urgent_comes_first_with_its_stage_and_the_days_to_apply(self, clerk):
        rows = page(clerk).rows
        assert list(rows) == ["SZ-2020-1001", "SZ-2020-1002", "SZ-2020-1003"]
        assert "2025-02-08 逾 40 日 ■ 已到期" in rows["SZ-2020-1001"]
        assert "2025-03-19 逾 1 日 ■ 已逾申请期" in rows["SZ-2020-1002"]
        assert "2025-03-20 0 日 ▲ 60 日内" in rows["SZ-2020-1003"]
        assert "示例-SZ-2020-1003 2025-04-19" in rows["SZ-2020-1003"]

    def test_the_head_counts_each_stage(self, clerk):
        text = page(clerk).text
        assert "■ 已到期 1 ■ 已逾申请期 1 ▲ 60 日内 1" in text
        assert "申请截止日为届满前 30 日" in text

    def test_a_longer_span_shows_more_without_a_stage(self, clerk):
        rows = page(clerk, "/expiries?within=730").rows
        assert "400 日 —" in rows["SZ-2020-1004"]

    def test_a_span_of_ones_own_stays_chosen(self, clerk):
        shown = page(clerk, "/expiries?within=401")
        assert any(a.get("value") == "401" and "selected" in a for tag, a in shown.tags if tag == "option")

    def test_nothing_found_says_so(self, book, desk):
        assert "没有符合条件的许可证" in page(desk("li", Role.clerk, NEIGHBOUR), "/expiries?within=0").text

    @pytest.mark.parametrize("within", ["x", "-1", "4000"])
    def test_a_span_that_cannot_be_read_is_named(self, clerk, within):
        answer = clerk.get(f"/expiries?within={within}")
        assert answer.status_code == 422
        assert "<code>within</code>" in answer.text


class TestWho:
    def test_a_county_sees_its_own_and_the_municipality_each(self, book, desk):
        assert list(page(desk("li", Role.clerk, NEIGHBOUR)).rows) == ["YY-2020-1005"]
        office = desk("wang", Role.municipal, "500000")
        assert len(page(office).rows) == 4
        assert list(page(office, f"/expiries?region={NEIGHBOUR}").rows) == ["YY-2020-1005"]
        assert f"县{NEIGHBOUR}" in page(office).rows["YY-2020-1005"]
        assert desk("li").get(f"/expiries?region={COUNTY}").status_code == 404


class TestSheet:
    def test_it_has_the_same_rows_with_real_dates_and_numbers(self, clerk):
        answer = clerk.get("/expiries.xlsx")
        assert answer.headers["content-disposition"].startswith("attachment")
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
        lines = sheet.to_python(skip_empty_area=False)
        rows = [line for line in lines if str(line[3]).startswith("SZ-")]
        assert [row[3] for row in rows] == ["SZ-2020-1001", "SZ-2020-1002", "SZ-2020-1003"]
        assert (rows[0][0], rows[0][1], rows[0][2]) == (date(2025, 2, 8), -40, "已到期")


def test_the_page_sends_few_statements_however_many_permits_end(book, desk):
    clerk = desk("zhang", Role.clerk)
    with transaction(book) as session:
        for at in range(60):
            ends(session, f"SZ-2021-{at:04d}", at)
    clerk.get("/expiries")
    sent: list[str] = []
    engine = clerk.client.app.state.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, text, *_: sent.append(text))
    assert clerk.get("/expiries").status_code == 200
    assert len(sent) <= MOST, "\n".join(sent)
