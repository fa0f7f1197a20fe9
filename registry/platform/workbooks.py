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
# Any part may be the sheet: which one is, says a relation that a hostile file can bend.
_CELL = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{0,3})(\d{1,9})[\"']")
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
            if _WORKBOOK not in {part.filename for part in parts}:
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
    rows = columns = 1
    for letters, row in _CELL.findall(archive.read(part)):
        rows, columns = max(rows, int(row)), max(columns, _column(letters))
    if rows > most_rows + _TITLE_ROWS:
        raise Invalid("too_many_rows", "file", name, accepted=f"≤ {most_rows}")
    if rows * columns > _MOST_CELLS:
        raise Invalid("grid_too_large", "file", f"{rows} × {columns}", accepted=f"≤ {_MOST_CELLS}")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
