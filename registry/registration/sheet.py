"""Writes the register of mining rights as one landscape A4 sheet, a page wide."""

import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter

from registry.kernel.display import chinese_date
from registry.platform.files import write_whole
from registry.registration.ledger import Cell, Ledger, LedgerLine

# heading, width in characters (narrow, so that the page is scaled as little as possible), what stands there
_COLUMNS: tuple[tuple[str, int, Callable[[LedgerLine], Cell]], ...] = (
    ("矿业权编号", 10, lambda line: line.number),
    ("采矿权人", 14, lambda line: line.holder),
    ("统一社会信用代码", 10, lambda line: line.credit_code),
    ("矿山名称", 15, lambda line: line.mine),
    ("采矿许可证号", 12, lambda line: line.permit_no),
    ("开采矿种", 7, lambda line: line.mineral),
    ("共伴生矿种", 5, lambda line: line.associated),
    ("开采方式", 5, lambda line: line.method),
    ("生产规模", 7, lambda line: line.scale),
    ("最大日开采量", 6, lambda line: line.max_day),
    ("规模类别", 5, lambda line: line.scale_class),
    ("矿区面积(km²)", 7, lambda line: line.area_km2),
    ("开采上限标高(m)", 6, lambda line: line.top_m),
    ("开采下限标高(m)", 6, lambda line: line.bottom_m),
    ("有效期起", 9, lambda line: line.valid_from),
    ("有效期止", 9, lambda line: line.valid_to),
    ("发证机关", 10, lambda line: line.authority),
    ("所在行政区", 10, lambda line: line.region),
    ("所在乡镇", 7, lambda line: line.township),
    ("状态", 5, lambda line: line.state),
    ("绿色矿山", 5, lambda line: line.green),
    ("保有资源量(探明/控制/推断)", 11, lambda line: line.resources),
    ("保有储量(证实/可信)", 10, lambda line: line.reserves),
)
_A4 = 9
_LEADING = 12  # points from line to line
_LAST = len(_COLUMNS)
_NAMED = "规划点名矿山（不计数，仅载规划所述内容）"
_FONT = {"font_name": "SimSun", "font_size": 9, "valign": "vcenter"}
_BOXED = _FONT | {"border": 1, "text_wrap": True}
_FORMATS: dict[str, dict[str, Any]] = {
    "title": _FONT | {"font_size": 16, "bold": True, "align": "center"},
    "note": _FONT,
    "section": _FONT | {"bold": True},
    "head": _BOXED | {"bold": True, "align": "center", "bg_color": "#E8EEF4"},
    "text": _BOXED,
    "number": _BOXED | {"num_format": "General"},
    "date": _BOXED | {"num_format": "yyyy-mm-dd", "align": "center"},
}


def write_sheet(ledger: Ledger, file: Path) -> None:
    """Write the register as an XLSX file.

    Raises:
        FileUnwritable, Invalid: the file cannot be written.
    """
    write_whole(file, sheet_of(ledger))


def sheet_of(ledger: Ledger) -> bytes:
    """Return the register as an XLSX file; the same register gives the same bytes.

    Texts are written as texts whatever they begin with, so none of them can become a formula.
    """
    whole = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(whole, options) as book:
        made = ledger.made_at.replace(tzinfo=None, microsecond=0)
        book.set_properties({"title": ledger.title, "author": ledger.source, "created": made})
        _fill(book, ledger)
    return whole.getvalue()


def _fill(book: Any, ledger: Ledger) -> None:
    formats = {name: book.add_format(look) for name, look in _FORMATS.items()}
    sheet = book.add_worksheet(ledger.title[-5:])
    _set_page(sheet, ledger)
    sheet.merge_range(0, 0, 0, _LAST, ledger.title, formats["title"])
    sheet.merge_range(1, 0, 1, _LAST, _as_at(ledger), formats["note"])
    for column, (heading, width, _) in enumerate((("序号", 4, lambda _line: None), *_COLUMNS)):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, heading, formats["head"])
    row = _write_lines(sheet, ledger.lines, 3, formats)
    for title, lines in (("探矿权", ledger.explorations), (_NAMED, ledger.named)):
        if lines:
            sheet.merge_range(row, 0, row, _LAST, title, formats["section"])
            row = _write_lines(sheet, lines, row + 1, formats)


def _as_at(ledger: Ledger) -> str:
    parts = [f"资料来源：{ledger.source}", f"截至：{chinese_date(ledger.day)}"]
    parts.append(f"共 {len(ledger.lines) + len(ledger.explorations)} 宗")
    return "    ".join([*parts, f"筛选：{ledger.scope}"] if ledger.scope else parts)


def _set_page(sheet: Any, ledger: Ledger) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    margin = Decimal("0.4")  # inches
    sheet.set_margins(left=margin, right=margin, top=Decimal("0.5"), bottom=Decimal("0.6"))
    sheet.center_horizontally()
    sheet.repeat_rows(0, 2)
    sheet.freeze_panes(3, 5)
    sheet.set_row(0, 26)
    sheet.set_row(2, 40)
    sheet.set_footer(f"&L{ledger.title}（截至 {ledger.day}）&C第 &P 页 共 &N 页&R{ledger.source}")


def _write_lines(sheet: Any, lines: tuple[LedgerLine, ...], row: int, formats: dict[str, Any]) -> int:
    for number, line in enumerate(lines, start=1):
        sheet.set_row(row, _height(line))
        _write(sheet, row, 0, number, formats)
        for column, (_, _, cell) in enumerate(_COLUMNS, start=1):
            _write(sheet, row, column, cell(line), formats)
        row += 1
    return row


def _height(line: LedgerLine) -> int:
    """Return the height of a row in points: no program but one fits rows to wrapped text by itself."""
    lines = max(_lines(cell(line), width) for _, width, cell in _COLUMNS)
    return _LEADING * lines + 4


def _lines(cell: Cell, width: int) -> int:
    # in pixels: a Chinese character of 9 points has 12, any other 6, and a column 7 for each of its width
    wide = sum(12 if east_asian_width(sign) in "WF" else 6 for sign in str(cell or ""))
    return -(-max(wide, 1) // (7 * width))


def _write(sheet: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    if isinstance(cell, int | Decimal):
        sheet.write_number(row, column, cell, formats["number"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), formats["date"])  # noqa: DTZ001
    elif cell:
        sheet.write_string(row, column, cell, formats["text"])
    else:
        sheet.write_blank(row, column, None, formats["text"])
