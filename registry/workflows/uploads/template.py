"""An empty table of returns to be filled: its headings, and lists of what may stand in a column.

The lists stand on a hidden sheet behind a name: written into the cell rules themselves, a list of more than
255 characters would be dropped.
"""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from registry.kernel.display import chinese_date
from registry.output.queries import RightChoice

_HEADINGS = (
    ("矿业权编号", 16), ("矿种", 16), ("报告期", 12), ("产量", 12), ("单位", 9), ("损失量", 12),
    ("损失量单位", 11), ("零报", 7), ("备注", 30),
)  # fmt: skip
_UNITS, _FLAGS = ("吨", "万吨", "m³", "万m³"), ("是", "否")
_ROWS = 2_000  # that the rules reach
_LISTS = "编码"
_NOTES = (
    "一行一份报表。月报的报告期写 2025-07，日报写 2025-07-14；单元格已设为文本，请勿改为日期格式。",
    "矿种不填即该矿业权的主矿种；损失量可不填，损失量单位不填即同产量单位。",
    "当期没有产量的，零报写“是”，产量和单位可不填。",
    "已报的期间数字相同的不再登记；数字不同的会退回，更正请在导入时选“更正”并写明理由。",
)


def return_template(choices: Sequence[RightChoice], today: date) -> bytes:
    """Return the empty table with the rights of whoever asked; texts can become no formula."""
    whole = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(whole, options) as book:
        table = book.add_worksheet("产量报表")
        _notes(book, choices, today)
        _lists(book, choices)
        _table(book, table, bool(choices))
    return whole.getvalue()


def _table(book: Any, sheet: Any, has_rights: bool) -> None:
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
    text = book.add_format({"num_format": "@"})
    for column, (heading, width) in enumerate(_HEADINGS):
        is_number = heading in ("产量", "损失量")
        sheet.set_column(column, column, width, None if is_number else text)
        sheet.write_string(0, column, heading, head)
    sheet.freeze_panes(1, 1)
    lists = {0: "rights"} if has_rights else {}
    for column, name in (lists | {4: "units", 6: "units", 7: "flags"}).items():
        rule = {"validate": "list", "source": f"={name}", "error_type": "warning"}
        sheet.data_validation(1, column, _ROWS, column, rule)


def _lists(book: Any, choices: Sequence[RightChoice]) -> None:
    """Write the hidden sheet and give each of its columns a name."""
    hidden = book.add_worksheet(_LISTS)
    columns = {"rights": [one.number for one in choices], "units": _UNITS, "flags": _FLAGS}
    for column, (name, values) in enumerate(columns.items()):
        for row, value in enumerate(values):
            hidden.write_string(row, column, value)
        letter = "ABC"[column]
        book.define_name(name, f"='{_LISTS}'!${letter}$1:${letter}${max(len(values), 1)}")
    hidden.hide()


def _notes(book: Any, choices: Sequence[RightChoice], today: date) -> None:
    """Write the sheet that says how to fill the table, and whose numbers may stand in it."""
    sheet = book.add_worksheet("填表说明")
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, 2, 18)
    for row, note in enumerate(_NOTES):
        sheet.write_string(row, 0, note)
    row = len(_NOTES) + 1
    sheet.write_string(row, 0, f"矿业权名单（{chinese_date(today)}）", bold)
    for column, heading in enumerate(("矿业权编号", "矿山", "主矿种")):
        sheet.write_string(row + 1, column, heading, bold)
    for at, one in enumerate(choices, start=row + 2):
        for column, value in enumerate((one.number, one.mine, one.mineral or "")):
            sheet.write_string(at, column, value)
