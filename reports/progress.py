"""月度进度表: the caps of a region by the end of a month on one A4, for the office meeting."""

from dataclasses import dataclass
from pathlib import Path

from registry.kernel.meter import Meter
from registry.kernel.shown import Shown
from reports.render import render
from reports.sheet import Paper


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One cap as it stood by the end of the month, figures in the row's unit; None is unknown, never zero.

    `month` is what the month alone brought, under a daily cap its highest day. `ahead` is the cap's share
    less the year's, in percentage points with a sign; None under a daily cap. `basis` tells 属性 and clause.
    """

    mineral: str
    basis: str
    printed: str | None
    unit: str
    month: str | None
    used: str | None
    share: str | None
    ahead: str | None
    licensed: str | None
    licensed_share: str | None
    outlook: str | None
    state: Shown
    returns: str
    meter: Meter | None


@dataclass(frozen=True, slots=True)
class ProgressAlarm:
    """An alarm of the month in one line."""

    severity: Shown
    text: str


@dataclass(frozen=True, slots=True)
class ProgressSheet:
    """The caps of a region, the alarms of the month and who has not returned; lists are cut, and say so."""

    paper: Paper
    month: str
    elapsed: str
    rows: tuple[ProgressRow, ...]
    alarms: tuple[ProgressAlarm, ...]
    alarms_more: int
    missing: tuple[str, ...]
    missing_more: int
    missing_returns: int
    notes: tuple[str, ...]


def progress_pdf(sheet: ProgressSheet, fonts_dir: Path) -> bytes:
    """Return the progress sheet as a PDF: one page, landscape A4."""
    return render("progress/sheet.html", sheet, fonts_dir)
