"""Every paper prints what its data say, in our own embedded fonts, the same bytes each time."""

import io
import json
import logging
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache

import pikepdf
import pytest

from registry.documents.service import pdf_of, printing
from reports.cap_table import CapTable
from reports.frozen import freeze, thaw
from reports.render import day
from reports.writing import ATTACHED, template_version
from tests.architecture.source import ROOT
from tests.reports.papers import fonts_of, pages_of, printed_values, text_of
from tests.reports.samples import BARE_PERMIT, LONG_PERMIT, PERMIT
from tests.reports.samples_caps import BIG_TABLE, TABLE
from tests.reports.samples_inspection import BARE_INSPECTION, INSPECTION, WELL
from tests.reports.samples_municipal import EMPTY_REPORT, REPORT
from tests.reports.samples_notices import ALARM, MISSING, RENEWAL
from tests.reports.samples_progress import FULL_PROGRESS, PROGRESS
from tests.reports.samples_registration import BARE_REGISTRATION, LONG_REGISTRATION, REGISTRATION

PAPERS: dict[str, printing.Sheet] = {
    "permit": PERMIT,
    "permit-bare": BARE_PERMIT,
    "permit-long": LONG_PERMIT,
    "inspection": INSPECTION,
    "inspection-well": WELL,
    "inspection-bare": BARE_INSPECTION,
    "registration": REGISTRATION,
    "registration-bare": BARE_REGISTRATION,
    "registration-long": LONG_REGISTRATION,
    "alarm-notice": ALARM,
    "missing-notice": MISSING,
    "renewal-notice": RENEWAL,
    "progress": PROGRESS,
    "progress-full": FULL_PROGRESS,
    "table": TABLE,
    "table-big": BIG_TABLE,
    "report": REPORT,
    "report-empty": EMPTY_REPORT,
}
PAGES = {
    "permit": 2,
    "permit-bare": 2,
    "permit-long": 4,
    "inspection": 4,
    "inspection-bare": 4,
    "registration": 2,
    "registration-bare": 1,
    "alarm-notice": 2,
    "missing-notice": 1,
    "renewal-notice": 1,
    "progress": 1,
    "progress-full": 1,
}


@pytest.fixture(scope="module", params=PAPERS)
def name(request):
    """Give the name of each paper in turn."""
    return request.param


@pytest.fixture(scope="module")
def paper(name):
    """Give each paper in turn."""
    return PAPERS[name]


class Listener(logging.Handler):
    """Keeps what somebody complains of."""

    def __init__(self, complaints):
        super().__init__(logging.WARNING)
        self.complaints = complaints

    def emit(self, record):
        self.complaints.append(record)


@cache
def printed(name):
    """Return the PDF of a paper, printed once, and what the layout engine complained of meanwhile."""
    complaints: list[logging.LogRecord] = []
    listener = Listener(complaints)
    logging.getLogger("weasyprint").addHandler(listener)
    try:
        return pdf_of(PAPERS[name]), complaints
    finally:
        logging.getLogger("weasyprint").removeHandler(listener)


@pytest.fixture(scope="module")
def content(name):
    """Give its PDF."""
    return printed(name)[0]


def test_the_text_that_comes_out_is_the_text_that_was_printed(paper, content):
    text = text_of(content)
    lost = [value for value in printed_values(paper) if value not in text]
    assert not lost


def test_every_font_is_ours_embedded_and_cut_to_what_is_used(content):
    fonts = fonts_of(content)
    assert {"Registry-Sans", "Registry-Serif-Bold"} <= {name.split("+")[-1] for name in fonts}
    for font, embedded in fonts.items():
        assert re.fullmatch(r"/[A-Z]{6}\+Registry-(Sans|Serif)(-Bold)?", font)
        assert embedded
    assert len(content) < 200_000


def test_every_page_says_its_number_and_how_far_the_data_reach(paper, content):
    text, pages = text_of(content), pages_of(content)
    for page in range(1, pages + 1):
        assert f"第{page}页，共{pages}页" in text
    assert text.count(f"数据截至{day(paper.paper.data_through)}") >= pages


def test_the_number_of_pages(name, content):
    assert pages_of(content) == PAGES.get(name, pages_of(content))


def test_the_file_knows_its_title_language_and_day(paper, content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.docinfo["/Title"]) == paper.paper.label
        assert str(pdf.docinfo["/CreationDate"]) == "D:20260131"
        assert str(pdf.Root.Lang) == "zh-CN"


def test_the_file_claims_pdf_a_3a_and_has_what_that_takes(content):
    """`make verify-pdf` lets a validator judge; this is what would be lost first."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        about = pdf.open_metadata()
        assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("3", "A")
        [intent] = pdf.Root.OutputIntents
        assert str(intent.S) == "/GTS_PDFA1"
        assert bytes(intent.DestOutputProfile.read_bytes())[36:40] == b"acsp"  # an ICC profile
        assert bool(pdf.Root.MarkInfo.Marked)
        assert len(pdf.Root.StructTreeRoot.K)
        assert not pdf.is_encrypted


def test_the_file_carries_its_data_and_nothing_else(paper, content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert list(pdf.attachments) == [ATTACHED]
        data = pdf.attachments[ATTACHED].get_file().read_bytes().decode()
        assert {(str(one.AFRelationship), str(one.UF)) for one in pdf.Root.AF} == {("/Data", ATTACHED)}
    told = json.loads(data)
    assert re.fullmatch(r"urn:registry:paper:[a-z_/]+:1", told["schema"])
    assert told["template"] == template_version()
    assert data == f'{{"schema":"{told["schema"]}","template":"{told["template"]}","sheet":{freeze(paper)}}}'
    assert thaw(type(paper), data.partition('"sheet":')[2].removesuffix("}")) == paper


def test_every_kind_of_paper_has_a_sample_here():
    missing = set(printing._PDF) - {type(paper) for paper in PAPERS.values()}
    assert not missing, "add a sample of each to PAPERS: its text, fonts, pages and picture are judged here"


def test_examples_and_drafts_are_marked_on_every_page(paper, content):
    mark = "".join(paper.paper.watermark.split())
    assert text_of(content).count(mark) >= pages_of(content)


def test_the_permit_of_a_real_book_is_no_licence_either():
    marked = replace(PERMIT.paper, tags=("登记簿打印件 · 非法定证照",), watermark="非法定证照")
    paper = replace(PERMIT, paper=marked, facts=LONG_PERMIT.facts)
    text = text_of(pdf_of(paper))
    assert text.count("非法定证照") >= 3
    assert "示例数据" not in text
    assert "草稿" not in text
    assert "登记簿打印件" in text
    assert "非全国统一编码" not in text


def test_equal_data_give_equal_bytes_here_and_in_another_process(paper, content):
    assert pdf_of(paper) == content
    if paper is PERMIT:
        code = (
            "import sys; from reports.permit import permit_pdf as pdf;"
            "from tests.reports.samples import FONTS, PERMIT;"
            "sys.stdout.buffer.write(pdf(PERMIT, FONTS))"
        )
        assert (
            subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT).stdout
            == content
        )


def test_one_other_letter_gives_other_bytes():
    other = replace(PERMIT, facts=replace(PERMIT.facts, holder="示例青杠坪矿业有限责任公司"))
    assert pdf_of(other) != pdf_of(PERMIT)


def test_the_layout_engine_has_no_complaint(name):
    assert not printed(name)[1]


def test_what_is_unknown_is_a_dash_and_what_is_missing_says_so():
    assert "统一社会信用代码—" in text_of(printed("permit-bare")[0])
    assert "规划未列数值" in text_of(printed("permit-bare")[0])
    assert "无采矿许可证" in text_of(printed("permit-bare")[0])
    assert "缺报" in text_of(printed("inspection")[0])


def test_a_figure_not_verified_shows_its_mark_and_its_source():
    text = text_of(printed("permit-long")[0])
    assert "待定〔D〕" in text
    assert "〔D〕背景知识，待核实：矿山规模分级界限（建筑石料），来源：国土资发〔2004〕208号" in text
    assert "〔D〕" not in text_of(printed("permit")[0])
    table = text_of(printed("table")[0])
    assert table.count("83907〔C〕") == 1
    assert "17050〔C〕" not in table
    assert "〔C〕公开软件或数据：矿种代码，来源：公开土地矿业应用内嵌的国家矿种代码表" in table
    inspection = text_of(printed("inspection")[0])
    assert "97.1%〔D〕" in inspection
    assert "2026年3月31日年度信息公示" in inspection
    assert "〔B〕" not in inspection


def test_the_registration_sheet_marks_what_is_not_verified_and_counts_every_corner():
    text = text_of(printed("registration")[0])
    assert "代码83907〔C〕" in text
    assert "矿山规模大型（体积质量2.65t/m³" in text
    assert "共由12个拐点圈定" in text
    long = text_of(printed("registration-long")[0])
    assert "大型〔D〕" in long
    assert "由+1145m至+990m标高〔D〕" in long
    assert all(f"J{n}3311{n:03d}.67236515{n:03d}.887" in long for n in range(1, 181))


def test_markup_in_a_name_is_printed_as_it_is_written():
    mine = '<b>甲&乙</b><img src="file:///etc/passwd">采石场'
    text = text_of(pdf_of(replace(PERMIT, facts=replace(PERMIT.facts, mine=mine))))
    assert "".join(mine.split()) in text


def test_all_two_hundred_corner_points_are_printed():
    text = text_of(printed("permit-long")[0])
    assert "共由200个拐点圈定" in text
    assert all(f"J{n}3311{n:03d}.67236515{n:03d}.887" in text for n in range(1, 181))


def test_a_table_of_sixty_caps_repeats_its_head_on_every_page_it_fills():
    assert isinstance(BIG_TABLE, CapTable)
    assert len(BIG_TABLE.rows) == 61
    content = printed("table-big")[0]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        width, height = list(pdf.pages[0].MediaBox)[2:]
    assert width > height
    assert text_of(content).count("属性、条款") >= 5
