"""The yearly report: its editions, what it says of gaps, and what is written beside the paper."""

import io
from dataclasses import replace
from datetime import date

import docx
import pytest
from python_calamine import CalamineWorkbook

from registry.documents.service.municipal import edition_now, municipal_data
from registry.documents.service.municipal.annex import annex_bytes
from registry.documents.service.municipal.letter import letter_bytes
from registry.documents.service.municipal.months import _HEIGHT
from registry.identity.rules import Actor
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.vocabulary import Confidence, Role
from registry.output.service import open_duties
from tests.factories import CITY, COUNTY, LIMESTONE, set_clock
from tests.reports.register import dig, enter, found
from tests.reports.samples_municipal import EMPTY_REPORT, REPORT

YEAR, MINE = 2025, "SZ-2019-0005"


@pytest.fixture
def book(session):
    """Give a book with one quarry that has told January to November of 2025, at the end of January 2026."""
    found(session)
    enter(session)
    for month in range(1, 12):
        dig(session, month, "10.5")
    set_clock(session, date(2026, 1, 31))
    open_duties(session)
    return session


class TestEditions:
    def test_while_a_return_is_missing_it_is_preliminary_and_says_what_may_change(self, book):
        assert edition_now(book, YEAR, COUNTY) == "快报"
        report = municipal_data(book, YEAR, COUNTY, "快报")
        assert report.paper.subtitle.endswith("快报")
        assert report.missing[0].periods == ("2025-12",)
        assert report.pending[0].startswith("缺报产量报表 1 份")
        assert "以定报为准" in report.status

    def test_once_everything_is_told_it_is_final(self, book):
        dig(book, 12, "9")
        set_clock(book, date(2026, 1, 31))
        assert edition_now(book, YEAR, COUNTY) == "定报"
        report = municipal_data(book, YEAR, COUNTY, "定报")
        assert (report.missing, report.pending) == ((), ())

    def test_while_the_year_runs_no_final_one_is_given(self, book):
        set_clock(book, date(2025, 12, 31))
        assert edition_now(book, YEAR, COUNTY) == "快报"
        with pytest.raises(Invalid) as refused:
            municipal_data(book, YEAR, COUNTY, "定报")
        assert refused.value.code == "edition_too_early"
        assert municipal_data(book, YEAR, COUNTY, "快报").pending[0].startswith("本年度未结束")

    def test_another_county_may_not_print_it(self, book):
        abroad = Actor("abroad", frozenset({(Role.clerk, "500101")}))
        with pytest.raises(NotFound):
            municipal_data(book, YEAR, COUNTY, "快报", abroad)


class TestContent:
    def test_a_return_under_two_caps_is_counted_once(self, book):
        county, city = (municipal_data(book, YEAR, code, "快报") for code in (COUNTY, CITY))
        assert (county.summary.returns_reported, county.summary.returns_expected) == (11, 12)
        assert (city.summary.returns_reported, city.summary.returns_expected) == (11, 12)
        assert city.summary.caps > county.summary.caps

    def test_the_months_of_a_cap_run_up_to_what_its_meter_says(self, book):
        report = municipal_data(book, YEAR, COUNTY, "快报")
        [year] = [one for one in report.years if one.mineral == LIMESTONE]
        [cap] = [one for one in report.caps if one.mineral == LIMESTONE]
        assert [m.cumulative for m in year.months][9:] == ["105", cap.output.used, None]
        assert [m.missing for m in year.months] == [0] * 11 + [1]
        assert year.chart.height == _HEIGHT

    def test_resources_and_reserves_stand_apart_and_a_mine_rests_on_its_line_of_the_table(self, book):
        report = municipal_data(book, YEAR, COUNTY, "快报")
        lines = [(line.group, line.category, line.closing) for line in report.balance]
        assert lines == [("资源量", "推断资源量", "148.6"), ("资源量", "探明资源量", "202.2")]
        [mine] = report.mines
        assert (mine.number, mine.scale_class, mine.green) == (MINE, "大型", "市级")
        assert mine.source is not None
        assert [source.what for source in report.sources if source.confidence is Confidence.d][
            -1
        ] == "报表应报日"

    def test_what_is_unknown_is_a_gap_and_no_zero(self, book):
        report = municipal_data(book, YEAR, COUNTY, "快报")
        gaps = {gap.what: gap.about for gap in report.gaps}
        assert set(gaps["总量调控矿种，规划未列数值"]) == {"冶金用白云岩", "石英砂岩"}
        [restored] = [one for one in report.aims if one.name.startswith("历史遗留") and one.own]
        assert (restored.numerator, restored.figure) == (None, None)


class TestEnclosed:
    def test_the_annexes_hold_the_figures_of_the_paper_as_numbers(self):
        content = annex_bytes(REPORT)
        assert content == annex_bytes(REPORT)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        caps = book.get_sheet_by_name("总量调控").to_python()
        head = next(row for row in caps if row[0] == "行政区")
        limestone = next(row for row in caps if row[1] == LIMESTONE)
        told = dict(zip(head, limestone, strict=True))
        assert (told["已开采"], told["开采余量"], told["许可占比"]) == (1221.6, -21.6, "99.2%")
        assert "示例数据" in [row[0] for row in caps]
        assert len(book.sheet_names) == 11
        assert len(CalamineWorkbook.from_filelike(io.BytesIO(annex_bytes(EMPTY_REPORT))).sheet_names) == 11

    def test_the_letter_leaves_seal_contact_and_an_unknown_addressee_blank(self):
        content = letter_bytes(REPORT)
        assert content == letter_bytes(REPORT)
        lines = [one.text for one in docx.Document(io.BytesIO(content)).paragraphs]
        assert lines[:2] == ["示例数据", REPORT.letter.title]
        assert "（主送机关）：" in lines
        assert any("文书编号 SZ-文-2026-000012" in line for line in lines)
        assert any(line.startswith("（联系人：　") for line in lines)
        sealed = replace(REPORT.letter, addressee="示例市规划和自然资源局")
        named = docx.Document(io.BytesIO(letter_bytes(replace(REPORT, letter=sealed))))
        assert "示例市规划和自然资源局：" in [one.text for one in named.paragraphs]
