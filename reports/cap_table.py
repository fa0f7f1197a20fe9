"""The cap table of a year: every cap of a region with its figure, clause, meters, state and alarms."""

from dataclasses import dataclass
from pathlib import Path

from reports.caps import CapRow
from reports.render import render
from reports.sheet import AlarmCount, AlarmLine, Paper


@dataclass(frozen=True, slots=True)
class CapTable:
    """The caps of a region and of everything below it in one year."""

    paper: Paper
    rows: tuple[CapRow, ...]
    alarms: tuple[AlarmLine, ...]
    right_alarms: tuple[AlarmCount, ...] = ()
    notes: tuple[str, ...] = ()


def cap_table_pdf(table: CapTable, fonts_dir: Path) -> bytes:
    """Return the cap table as a PDF, landscape A4."""
    return render("cap_table/sheet.html", table, fonts_dir)
