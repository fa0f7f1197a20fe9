"""Chinese typography: no closing mark begins a line, figures keep their units, nothing sticks out."""

import re
from dataclasses import replace
from functools import cache

import pytest

from reports.cap_table import cap_table_pdf
from reports.inspection import inspection_pdf
from reports.municipal import municipal_pdf
from reports.notices import alarm_notice_pdf, missing_notice_pdf, renewal_notice_pdf
from reports.permit import permit_pdf
from reports.progress import progress_pdf
from reports.registration import registration_pdf
from reports.typography import together
from tests.reports.layout import laid_out, lines_of, neighbours_of, outside
from tests.reports.samples import FONTS, LONG_PERMIT
from tests.reports.samples_caps import BIG_TABLE
from tests.reports.samples_inspection import WELL
from tests.reports.samples_municipal import LONG_REPORT
from tests.reports.samples_notices import LONG_ALARM_NOTICE, LONG_MISSING, LONG_RENEWAL, RENEWAL
from tests.reports.samples_progress import FULL_PROGRESS
from tests.reports.samples_registration import LONG_REGISTRATION

CLOSING = "，。、；：？！）〕】》〉」』”’％%…·"
OPENING = "（〔【《〈「『“‘"
UNIT = re.compile(r"%|[千万亿]|矿石|吨|立方米|平方|公里|米|m[²³\d]?|km|t\b|[年月日个份家条座处项页]")
PAPERS = {
    "permit-200-corners": (permit_pdf, LONG_PERMIT),
    "inspection": (inspection_pdf, WELL),
    "registration-200-corners": (registration_pdf, LONG_REGISTRATION),
    "table-60-rows": (cap_table_pdf, BIG_TABLE),
    "alarm-60-rows": (alarm_notice_pdf, LONG_ALARM_NOTICE),
    "missing-60-rows": (missing_notice_pdf, LONG_MISSING),
    "report-60-rows": (municipal_pdf, LONG_REPORT),
    "progress-full": (progress_pdf, FULL_PROGRESS),
    "renewal": (renewal_notice_pdf, LONG_RENEWAL),
}


@cache
def document_of(name):
    """Return a paper as it was laid out, once."""
    lay_out, sheet = PAPERS[name]
    return laid_out(lay_out, sheet, FONTS)[1]


def badly_broken(lines):
    """Return the lines that begin with a closing mark or end with an opening one."""
    return [line for line in lines if line[0] in CLOSING or line[-1] in OPENING]


@pytest.mark.parametrize("name", PAPERS)
def test_lines_break_where_they_may_and_nothing_sticks_out(name):
    document = document_of(name)
    lines, pairs = lines_of(document), neighbours_of(document)
    assert lines
    assert not badly_broken(lines)
    assert not [(one, below) for one, below in pairs if one[-1].isdigit() and UNIT.match(below)]
    assert not outside(document)  # of its page, or of its cell


class TestLetter:
    def test_wherever_a_line_ends_figures_keep_units_and_marks_their_place(self):
        kept = (
            "2025年", "专栏11", "1200 矿石万吨/年", "2025年12月31日", "1221.6 万吨", "101.8%，",
            "21.6 万吨。", "第7条", "30 日", "618.4 m³/日、", "0.3990 km²，", "1–3 日，", "12 个。",
        )  # fmt: skip
        said = (
            "《规划》（2021—2025年）专栏11规定，指标为1200 矿石万吨/年（约束性）；"
            "截至2025年12月31日，累计开采1221.6 万吨，占101.8%，超出21.6 万吨。第7条“有效期届满的30 日前”："
            "地热618.4 m³/日、0.3990 km²，缺报1–3 日，计12 个。"
        )
        pushes = range(45)
        letter = replace(RENEWAL.letter, says=tuple("推" * pushed + said for pushed in pushes), asks=())
        sheet = replace(RENEWAL, letter=letter, facts=(), bases=())
        lines = lines_of(laid_out(renewal_notice_pdf, sheet, FONTS)[1])
        assert {part: sum(line.count(part) for line in lines) for part in kept} == {
            part: len(pushes) * said.count(part) for part in kept
        } | {"2025年": len(pushes) * 2}
        assert not badly_broken(lines)

    def test_a_table_breaks_between_rows_and_repeats_its_head(self):
        document = document_of("alarm-60-rows")
        pages = [lines_of(document.copy([page])) for page in document.pages]
        rows = [[line for line in page if line.startswith("SZ-2017-")] for page in pages]
        assert [row[:12] for page in rows for row in page] == [
            f"SZ-2017-{number:04d}" for number in range(60)
        ]
        for page, of_page in zip(pages, rows, strict=True):
            assert page.count("许可生产规模") == bool(of_page)
            assert page.count("1234.5%") == len(of_page)  # a row's figures stand on the page of its number


class TestTogether:
    def test_the_text_is_escaped_and_stays_itself(self):
        given = '<b>1200 万吨</b> & "2025年"'
        assert re.sub(r"</?span[^>]*>", "", together(given)).replace("&#34;", '"') == (
            '&lt;b&gt;1200 万吨&lt;/b&gt; &amp; "2025年"'
        )

    @pytest.mark.parametrize(
        "kept",
        ["1200 万吨", "1200 矿石万吨/年", "2025年7月14日", "2025年7月", "17.6%", "12,000,000 t/年",
         "600 m³/日", "第28条", "专栏11", "0.3990 km²", "30 日", "1–3 日", "-21.6 万吨", "3 个月"],
    )  # fmt: skip
    def test_what_belongs_together(self, kept):
        assert together(f"甲{kept}，乙") == f'甲<span class="kept">{kept}</span>，乙'

    def test_numbers_of_records_are_left_alone(self):
        assert together("SZ-2019-0005、C5002402019127110148436") == "SZ-2019-0005、C5002402019127110148436"
