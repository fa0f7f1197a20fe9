"""年检报告书 of one right and year: what is on the books, laid out for two officers and the holder to sign.

Nothing is judged here: the words of findings and verdicts are printed to be ticked by hand. One sheet gives
both views of the year, the inspection (年检, 旧称年审) and the disclosure (年度信息公示).
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reports.checklist import CheckItem, DatedDuty, Disclosed, Form, PlanLine, Rate
from reports.permit import PermitFacts
from reports.render import render
from reports.sheet import AlarmLine, Paper


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month of returns in the table's unit; `output` None is a month without a return."""

    month: str
    output: str | None
    cumulative: str | None
    share: str | None
    lost: str | None
    peak: str | None
    days: str | None
    marks: tuple[str, ...]
    missing: bool


@dataclass(frozen=True, slots=True)
class MineralYear:
    """A year of one mineral: twelve months against the permit's scale."""

    mineral: str
    role: str
    unit: str
    day_unit: str | None
    months: tuple[MonthLine, ...]
    total: str | None
    lost: str | None
    scale: str | None
    share: str | None
    excess: str | None
    over: bool
    max_day: str | None = None


@dataclass(frozen=True, slots=True)
class ReserveLine:
    """One line of the reserve ledger in the year, in the line's unit."""

    deposit: str
    mineral: str
    category: str
    unit: str
    opening: str | None
    extracted: str | None
    lost: str | None
    explored: str | None
    reestimated: str | None
    transferred: str | None
    closing: str | None
    cumulative: str | None


@dataclass(frozen=True, slots=True)
class Spell:
    """A state, such as 生产 or 市级, and since when it has held."""

    what: str
    since: date | None


@dataclass(frozen=True, slots=True)
class InspectionSheet:
    """The annual inspection report of one right; the office chooses the words of its form."""

    paper: Paper
    form: Form
    facts: PermitFacts
    states: tuple[Spell, ...]
    green: tuple[Spell, ...]
    minerals: tuple[MineralYear, ...]
    plan: tuple[PlanLine, ...]
    reserves: tuple[ReserveLine, ...]
    reserves_remark: str | None
    rates: tuple[Rate, ...]
    alarms: tuple[AlarmLine, ...]
    checklist: tuple[CheckItem, ...]
    disclosure: tuple[Disclosed, ...]
    dates: tuple[DatedDuty, ...]


def inspection_pdf(sheet: InspectionSheet, fonts_dir: Path) -> bytes:
    """Return the inspection report as a PDF."""
    return render("inspection/sheet.html", sheet, fonts_dir)
