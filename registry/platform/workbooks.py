"""Opens an XLSX file only after its parts have shown that they fit into memory.

A workbook of a few kilobytes can unpack to gigabytes, or name one cell in the last row and column,
for which the reading library would reserve the whole grid and abort the process.
"""

import io
import re
import zipfile
import zlib

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from registry.kernel.errors import Invalid

_LARGEST_UNPACKED = 100 * 2**20
_MOST_PARTS = 2_000
_MOST_CELLS = 4_000_000
_TITLE_ROWS = 1_000
_WORKBOOK = "xl/workbook.xml"
# The reading library tries other formats where this one fails: their parts have no place in an XLSX file.
_FOREIGN = ("xl/workbook.bin", "content.xml", "mimetype")
# Any part may be the sheet: which one is, says a relation that a hostile file can bend. The library takes
# more for a place than the format allows: zeros in front, signs for "absolute", any number of digits.
_PLACE = re.compile(rb"\br\s*=\s*[\"']\s*[$]?([A-Za-z]*)[$]?(\d+)")
_ESCAPED = re.compile(rb"\br\s*=\s*[\"'][^\"'<>]{0,99}&")
# Cells and rows may also come without a place: then they are counted.
_ROW = re.compile(rb"<(?:[^\s<>/:]+:)?row[\s/>]")
_CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c[\s/>]")
_ACCEPTED = "CSV（UTF-8、GB18030）, XLSX"


def is_zip(content: bytes) -> bool:
    """Tell whether the content begins like a ZIP archive, as every XLSX file does."""
    return content.startswith(b"PK\x03\x04")


def first_sheet(content: bytes, name: str, most_rows: int) -> list[list[object]]:
    """Return the cells of the first sheet from A1 on.

    Raises:
        Invalid: no workbook, protected by a password, broken, or larger unpacked than is read here.
    """
    _inspect(content, name, most_rows)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        return [list(row) for row in sheet.to_python(skip_empty_area=False)]
    except PasswordError as error:
        raise Invalid("file_protected", "file", name, accepted=_ACCEPTED) from error
    except CalamineError as error:
        raise Invalid("file_broken", "file", name, accepted=_ACCEPTED) from error


def _inspect(content: bytes, name: str, most_rows: int) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if _WORKBOOK not in names or any(one.lower().endswith(_FOREIGN) for one in names):
                raise Invalid("file_kind", "file", f"{name}（ZIP）", accepted=_ACCEPTED)
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > _MOST_PARTS or unpacked > _LARGEST_UNPACKED:
                accepted = f"解压后 ≤ {_LARGEST_UNPACKED // 2**20} MB，≤ {_MOST_PARTS} 个部分"
                raise Invalid("file_too_large", "file", unpacked, accepted=accepted)
            for part in parts:
                _inspect_part(archive, part, name, most_rows)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as error:
        raise Invalid("file_broken", "file", name, accepted=_ACCEPTED) from error


def _inspect_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, most_rows: int) -> None:
    """Unpack one part, so that its size and check sum are known to be true, and measure its grid."""
    content = archive.read(part)
    by_row = _ROW.split(content)
    rows, columns = len(by_row), max(len(_CELL.findall(row)) for row in by_row)
    if rows == 1 and not columns:
        return  # no grid: in a theme the same letter means a part of a colour
    if _ESCAPED.search(content):
        raise Invalid("file_broken", "file", name, accepted=_ACCEPTED)
    for letters, row in _PLACE.findall(content):
        rows, columns = max(rows, _number(row)), max(columns, _column(letters))
    if rows > most_rows + _TITLE_ROWS:
        raise Invalid("too_many_rows", "file", name, accepted=f"≤ {most_rows}")
    if rows * columns > _MOST_CELLS:
        raise Invalid("grid_too_large", "file", f"{rows} × {columns}", accepted=f"≤ {_MOST_CELLS}")


def _number(digits: bytes) -> int:
    """Return the row; what has more digits than any sheet has rows stands for too many."""
    significant = digits.lstrip(b"0")[:20]
    return int(significant or b"0")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:9].upper():
        number = number * 26 + letter - 64
    return number
