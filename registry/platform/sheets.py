"""Writes lists as XLSX sheets: a title, what was asked for, one row per record."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | Decimal | date | None
_FONT = {"font_name": "SimSun", "font_size": 9, "valign": "top"}
_BOXED = _FONT | {"border": 1, "text_wrap": True}
_FORMATS: dict[str, dict[str, Any]] = {
    "title": _FONT | {"font_size": 14, "bold": True},
    "note": _FONT,
    "head": _BOXED | {"bold": True, "bg_color": "#E8EEF4"},
    "text": _BOXED,
    "number": _BOXED | {"num_format": "General"},
    "date": _BOXED | {"num_format": "yyyy-mm-dd", "align": "left"},
}
_A4 = 9
_UNFIT, _LONGEST = re.compile(r"[\[\]:*?/\\\x00-\x1f]"), 31  # of the name of a sheet


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet says: `columns` are headings with their widths in characters; `notes` follow the title."""

    title: str
    notes: tuple[str, ...]
    columns: tuple[tuple[str, int], ...]
    rows: Sequence[Sequence[Cell]]
    made_at: datetime


def sheet_bytes(sheet: Sheet) -> bytes:
    """Return the sheet as a file; the same sheet gives the same bytes."""
    return book_bytes([(tab_name(sheet.title), sheet)])


def tab_name(title: str) -> str:
    """Return a title as the name of a sheet: signs that no spreadsheet takes there are blanked."""
    return _UNFIT.sub(" ", title)[:_LONGEST].strip(" '")


def book_bytes(sheets: Sequence[tuple[str, Sheet]]) -> bytes:
    """Return named sheets as one file under the title and moment of the first; equal sheets, equal bytes.

    Texts are written as texts whatever they begin with, so none of them can become a formula.
    """
    whole = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(whole, options) as book:
        _, first = sheets[0]
        book.set_properties(
            {"title": first.title, "created": first.made_at.replace(tzinfo=None, microsecond=0)}
        )
        formats = {name: book.add_format(look) for name, look in _FORMATS.items()}
        for name, sheet in sheets:
            _fill(book.add_worksheet(name), sheet, formats)
    return whole.getvalue()


def _fill(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    head = len(sheet.notes) + 1
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(head)
    page.freeze_panes(head + 1, 1)
    page.write_string(0, 0, sheet.title, formats["title"])
    for row, text in enumerate(sheet.notes, start=1):
        page.write_string(row, 0, text, formats["note"])
    for column, (heading, width) in enumerate(sheet.columns):
        page.set_column(column, column, width)
        page.write_string(head, column, heading, formats["head"])
    for row, cells in enumerate(sheet.rows, start=head + 1):
        for column, cell in enumerate(cells):
            _write(page, row, column, cell, formats)
    page.autofilter(head, 0, head + max(len(sheet.rows), 1), len(sheet.columns) - 1)


def _write(page: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    if isinstance(cell, int | Decimal):
        page.write_number(row, column, cell, formats["number"])
    elif isinstance(cell, date):
        page.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), formats["date"])  # noqa: DTZ001 (a day)
    elif cell:
        page.write_string(row, column, cell, formats["text"])
    else:
        page.write_blank(row, column, None, formats["text"])
