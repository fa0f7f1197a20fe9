"""年度执行情况报告: what a county tells the municipal bureau of a year.

Every cap with both meters, its months, the alarms and what was done, the plan's indicators with the mines
behind each, mines by scale and green level, the balance of reserves, and what is missing. None is unknown,
never zero. Its XLSX annexes and its covering letter are written from these same data.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from registry.kernel.month_chart import MonthChart
from registry.kernel.shown import Shown
from reports.caps import CapRow
from reports.confidence import Source
from reports.render import render
from reports.sheet import AlarmLine, Paper


@dataclass(frozen=True, slots=True)
class CapMonth:
    """One month under a cap, in the cap's unit; under a daily cap `amount` is the month's highest day."""

    month: int
    amount: str | None
    cumulative: str | None
    missing: int


@dataclass(frozen=True, slots=True)
class CapYear:
    """The months of one cap, as a table and as the drawing of it."""

    region: str
    mineral: str
    unit: str
    daily: bool
    limit: str | None
    months: tuple[CapMonth, ...]
    chart: MonthChart


@dataclass(frozen=True, slots=True)
class Step:
    """What happened to an alarm, when, by whom, and what they wrote."""

    act: str
    on: date
    who: str
    note: str | None


@dataclass(frozen=True, slots=True)
class AlarmStory:
    """One alarm with its steps; `handled` is whether a person has taken one."""

    line: AlarmLine
    steps: tuple[Step, ...]
    handled: bool


@dataclass(frozen=True, slots=True)
class Aim:
    """One indicator of a plan: counted over the whole, against the target; the mines by their numbers.

    `numerator` is None where the book keeps no such thing; `left_out` are in neither part.
    """

    name: str
    plan: str
    clause: str
    binding: str | None
    own: bool
    numerator: int | None
    denominator: int | None
    figure: str | None
    target: str
    target_year: int | None
    cumulative: bool
    baseline: str | None
    standing: Shown
    lacking: int | None
    counted: tuple[str, ...]
    others: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MineLine:
    """One mine on the day of the report; `source` is the line of the scale table that its class rests on."""

    number: str
    name: str
    place: str
    mineral: str | None
    scale: str | None
    scale_class: str
    why: str | None
    source: Source | None
    green: str | None
    state: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many mines of one class, or of one mineral, stand at each of the columns, and in all."""

    name: str
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Tallies:
    """Mines counted: `columns` name what each line counts; the last line is their sum."""

    columns: tuple[str, ...]
    lines: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """The year of one mineral and category over all ledgers; resources and reserves stand apart."""

    mineral: str
    group: str
    category: str
    unit: str
    ledgers: int
    opening: str
    extracted: str
    lost: str
    explored: str
    reestimated: str
    transferred: str
    closing: str
    cumulative: str


@dataclass(frozen=True, slots=True)
class PlanReserve:
    """What the plan prints of a mineral beside what the ledgers hold: side by side, never compared."""

    mineral: str
    printed: tuple[str, ...]
    clause: str | None
    held: str | None
    ledgers: int
    reports: int


@dataclass(frozen=True, slots=True)
class MissingReturns:
    """The returns of one mine's mineral that are due and have not come."""

    number: str
    mine: str
    mineral: str
    periods: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that the report cannot tell, and of what."""

    what: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What the first page counts."""

    caps: int
    exceeded: int
    warning: int
    near: int
    without_figure: int
    mines: int
    returns_expected: int
    returns_reported: int
    alarms: int
    open_alarms: int
    handled_alarms: int


@dataclass(frozen=True, slots=True)
class CoveringLetter:
    """The words of the covering letter that the office sets."""

    title: str
    addressee: str | None
    opening: str
    closing: str
    annexes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MunicipalReport:
    """The report of a region and a year in one of its editions, 快报 or 定报."""

    paper: Paper
    region: str
    year: int
    edition: str
    status: str
    summary: Summary
    caps: tuple[CapRow, ...]
    years: tuple[CapYear, ...]
    alarms: tuple[AlarmStory, ...]
    aims: tuple[Aim, ...]
    mines: tuple[MineLine, ...]
    by_scale: Tallies
    by_mineral: Tallies
    balance: tuple[BalanceLine, ...]
    plan_reserves: tuple[PlanReserve, ...]
    missing: tuple[MissingReturns, ...]
    gaps: tuple[Gap, ...]
    pending: tuple[str, ...]
    sources: tuple[Source, ...]
    notes: tuple[str, ...]
    letter: CoveringLetter


def municipal_pdf(report: MunicipalReport, fonts_dir: Path) -> bytes:
    """Return the report as a PDF; the table of caps lies across."""
    return render("municipal/sheet.html", report, fonts_dir)
