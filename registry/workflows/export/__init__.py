"""Writes the book as CSV files, a row per record, quantities in whole base units (g, l).

The files appear together or not at all. A text that a spreadsheet would take for a formula begins with
an apostrophe, which the imports take off again.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from registry.platform import clock
from registry.platform.files import make_folder, together
from registry.platform.tables import guarded
from registry.workflows.export.basis import basis
from registry.workflows.export.tables import records

__all__ = ["export"]


def export(session: Session, folder: Path, as_of: date | None = None) -> dict[str, int]:
    """Write every file of the export into a folder; return the number of rows of each.

    With `as_of` each file holds what the book said at the end of that local day; alarms
    raised later are left out, but their handling is as it stands now: its past is in their steps.
    """
    make_folder(folder)
    moment = None if as_of is None else clock.end_of_day(as_of)
    counts = {}
    with together(folder) as write:
        for name, (columns, statement) in (records(moment) | basis(moment)).items():
            rows = session.execute(statement.execution_options(yield_per=5000))
            content, counts[name] = _csv([title for title, _ in columns], rows)
            write(f"{name}.csv", content)
    return counts


def _csv(header: Sequence[str], rows: Iterator[Any] | Any) -> tuple[bytes, int]:
    buffer, count = io.StringIO(), 0
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_text(value) for value in row])
        count += 1
    return buffer.getvalue().encode("utf-8"), count


def _text(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return guarded(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
