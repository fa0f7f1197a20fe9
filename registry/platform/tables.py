"""Reads the first table of a CSV or XLSX file as texts, and refuses what is no such file.

What a file is, its content says, not its name. Every cell becomes a text: a date is YYYY-MM-DD, a
number is written with the 15 significant digits that a spreadsheet shows, so 0.1 + 0.2 is 0.3. A
number of 16 or more digits has lost its last ones in the spreadsheet and is kept with its exponent,
which no reader of codes or quantities accepts.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Context, Decimal
from itertools import zip_longest
from pathlib import Path

from registry.kernel.errors import Invalid
from registry.kernel.quantity import digits
from registry.platform.workbooks import first_sheet, is_zip

LARGEST_FILE = 20 * 2**20
MOST_ROWS = 50_000
_MOST_COLUMNS = 1_000
_LONGEST_CELL = 1_000_000
_ACCEPTED = "CSV（UTF-8、GB18030）, XLSX"
_SHOWN_DIGITS = Context(prec=15)
_LOST_DIGITS = Decimal(10) ** 15
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_OTHER_KINDS = {
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "XLS / DOC (OLE)",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"\x1f\x8b": "gzip",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number as a spreadsheet shows it, and its cells by column name."""

    number: int
    cells: dict[str, str]
    surplus: tuple[str, ...] = ()

    def refuse_surplus(self) -> None:
        """Refuse cells that stand beyond the header, so that nothing is silently left out."""
        if self.surplus:
            raise Invalid("cells_without_column", "row", " ".join(self.surplus)[:80], accepted="表头所列各栏")


def read_table(path: Path) -> list[Row]:
    """Return the rows below the header of the first table in a file; empty rows are left out.

    The header is the first row with at least two filled cells, so a title may stand above it.

    Raises:
        Invalid: another kind of file, too large, too many rows, a broken or repeated header.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)  # a device or a pipe has no size to ask for first
    except OSError as error:
        raise Invalid("file_unreadable", "file", path.name, accepted=_ACCEPTED) from error
    return rows_of(content, path.name)


def rows_of(content: bytes, name: str) -> list[Row]:
    """Return the rows of a file that was uploaded rather than found on disk; see `read_table`."""
    if len(content) > LARGEST_FILE:
        raise Invalid("file_too_large", "file", len(content), accepted=f"≤ {LARGEST_FILE // 2**20} MB")
    lines = _sheet_lines(content, name) if is_zip(content) else _csv_lines(content, name)
    return _rows(lines, name)


def _sheet_lines(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(first_sheet(content, name, MOST_ROWS), start=1):
        yield number, [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    """Return one cell of a spreadsheet as text."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return _number(cell) if isinstance(cell, int | float) else str(cell)


def _number(cell: object) -> str:
    exact = _SHOWN_DIGITS.create_decimal(repr(cell))
    return f"{exact:.5E}" if abs(exact) >= _LOST_DIGITS or not exact.is_finite() else digits(exact)


def _csv_lines(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content, name)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, [_unguarded(cell.strip()) for cell in cells]
    except csv.Error as error:
        raise Invalid("csv_broken", "file", name, accepted=_ACCEPTED, line=reader.line_num) from error


def _decoded(content: bytes, name: str) -> str:
    kind = next((kind for magic, kind in _OTHER_KINDS.items() if content.startswith(magic)), None)
    if kind is not None or b"\x00" in content or content.lstrip()[:1] == b"<":
        raise Invalid("file_kind", "file", f"{name}（{kind or '?'}）", accepted=_ACCEPTED)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("file_encoding", "file", name, accepted=_ACCEPTED)


def _rows(lines: Iterable[tuple[int, list[str]]], name: str) -> list[Row]:
    header: list[str] | None = None
    rows: list[Row] = []
    for number, cells in lines:
        if header is None:
            header = _header(cells)
        elif any(cells):
            # some programs leave out the empty cells at the end of a row
            named = {
                column: cell
                for column, cell in zip_longest(header, cells[: len(header)], fillvalue="")
                if column
            }
            beyond = [cell for n, cell in enumerate(cells) if cell and (n >= len(header) or not header[n])]
            rows.append(Row(number, named, tuple(beyond)))
        if len(rows) > MOST_ROWS:
            raise Invalid("too_many_rows", "file", name, accepted=f"≤ {MOST_ROWS}")
    if header is None:
        raise Invalid("header_missing", "file", name, accepted="首行为表头，至少两栏")
    return rows


def _header(cells: Sequence[str]) -> list[str] | None:
    filled = [number for number, cell in enumerate(cells, start=1) if cell]
    if len(filled) < 2:
        return None
    if filled[-1] > _MOST_COLUMNS:
        raise Invalid("too_many_columns", "file", filled[-1], accepted=f"≤ {_MOST_COLUMNS}")
    names = [cell.replace("\n", "").replace(" ", "") for cell in cells[: filled[-1]]]
    if repeated := sorted({name for name in names if name and names.count(name) > 1}):
        raise Invalid("column_repeated", "file", ", ".join(repeated), accepted="每栏一次")
    return names


def guarded(text: str) -> str:
    """Return a text for a CSV cell that no spreadsheet takes for a formula; numbers stay as they are."""
    begins = text.lstrip(" ").startswith(_FORMULA_SIGNS)
    if not begins or text.lstrip("+-").replace(".", "", 1).isdigit():
        return text
    return f"'{text}"


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:].lstrip(" ").startswith(_FORMULA_SIGNS) else text
