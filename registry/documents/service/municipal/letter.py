"""The covering letter of a yearly report as an editable DOCX: 主送, 正文, 附件, 联系人; no seal, no number.

It goes through the office's own system, where number, contact and seal are put in.
"""

import io
import zipfile
from datetime import UTC, datetime, time
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from registry.kernel.display import chinese_date
from reports.municipal import MunicipalReport

_TITLE, _BODY = "方正小标宋简体", "仿宋_GB2312"  # usual in offices; a machine without them shows its own
_LARGE, _SIZE, _LEADING = Pt(22), Pt(16), Pt(28)
_INDENT = Pt(32)  # two characters
_BLANK = "　" * 6
_THE_DAY = (1980, 1, 1, 0, 0, 0)  # of every part of the file: equal letters are equal bytes


def letter_bytes(report: MunicipalReport) -> bytes:
    """Return the letter; equal reports give equal bytes."""
    letter, paper = report.letter, report.paper
    document: Any = Document()
    _set_up(document, report)
    for tag in paper.tags:
        _paragraph(document, tag, align=WD_ALIGN_PARAGRAPH.RIGHT, color=RGBColor(0xB3, 0x26, 0x1E))
    _paragraph(document, letter.title, font=_TITLE, size=_LARGE, align=WD_ALIGN_PARAGRAPH.CENTER)
    _paragraph(document, "")
    _paragraph(document, f"{letter.addressee or '（主送机关）'}：")
    for text in (letter.opening, report.status, _figures(report), letter.closing):
        _paragraph(document, text, indent=_INDENT)
    _paragraph(document, "")
    for number, annex in enumerate(_annexes(report), start=1):
        head = "附件：" if number == 1 else "　　　"
        _paragraph(document, f"{head}{number}．{annex}", indent=_INDENT)
    for _line in range(3):  # room for the seal
        _paragraph(document, "")
    _paragraph(document, paper.office, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _paragraph(document, chinese_date(paper.printed_on), align=WD_ALIGN_PARAGRAPH.RIGHT)
    _paragraph(document, "")
    _paragraph(document, f"（联系人：{_BLANK}；联系电话：{_BLANK}）", indent=_INDENT)
    whole = io.BytesIO()
    document.save(whole)
    return _steady(whole.getvalue())


def _figures(report: MunicipalReport) -> str:
    """Return the paragraph of figures, all of them the report's own."""
    sums = report.summary
    through = report.paper.data_through
    parts = [
        f"总量调控指标{sums.caps}项，超出{sums.exceeded}项、预警{sums.warning}项、接近{sums.near}项",
        f"规划未列数值{sums.without_figure}项",
        f"产量报表应报{sums.returns_expected}份、实报{sums.returns_reported}份",
        f"在册矿山{sums.mines}个",
        f"预警{sums.alarms}条，其中待处置{sums.open_alarms}条",
    ]
    return f"数据截至{chinese_date(through) if through else '—'}：{'；'.join(parts)}。"


def _annexes(report: MunicipalReport) -> list[str]:
    first, *rest = report.letter.annexes
    number = report.paper.number
    return [f"{first}，文书编号 {number}" if number else first, *rest]


def _set_up(document: Any, report: MunicipalReport) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    made = datetime.combine(report.paper.printed_on, time(), UTC)
    facts = document.core_properties
    facts.title, facts.author, facts.last_modified_by = report.letter.title, report.paper.office, ""
    facts.comments, facts.created, facts.modified, facts.revision = "", made, made, 1


def _paragraph(
    document: Any, text: str, *, font: str = _BODY, size: Pt = _SIZE, indent: Pt | None = None,
    align: WD_ALIGN_PARAGRAPH | None = None, color: RGBColor | None = None,
) -> None:  # fmt: skip
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing, shape.first_line_indent, shape.alignment = _LEADING, indent, align
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, size
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)  # noqa: SLF001  (the library has no other way)
    if color is not None:
        run.font.color.rgb = color


def _steady(content: bytes) -> bytes:
    """Return the same archive with one fixed day on every part."""
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(whole, "w") as made:
        for name in given.namelist():
            part = zipfile.ZipInfo(name, _THE_DAY)
            part.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(part, given.read(name))
    return whole.getvalue()
