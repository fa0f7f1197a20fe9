"""Notices that an office sends: what a cap has come to, which returns are late, which permit ends.

A notice tells facts of the register and asks; it judges nobody.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reports.confidence import Source
from reports.letters import Letter
from reports.render import render
from reports.sheet import Paper


@dataclass(frozen=True, slots=True)
class Due:
    """One month of which a return, or returns of days, are late; `late` counts days on the day of print."""

    mineral: str
    month: str
    what: str
    due_on: date
    late: int
    remark: str = ""


@dataclass(frozen=True, slots=True)
class MissingNotice:
    """催报函: the returns of a year that a mine still owes."""

    paper: Paper
    letter: Letter
    lines: tuple[Due, ...]
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what stands beside it, already with its unit; None where the register has nothing.

    A `wide` one has a row for itself where others stand two to a row.
    """

    name: str
    value: str | None
    wide: bool = False


@dataclass(frozen=True, slots=True)
class CapMine:
    """A mine under a cap: what it may dig and what it has dug in the year, each with its unit.

    Under a daily cap also the most it may dig on a day (`most`), and the highest day that the alarm is about.
    """

    right: str
    mine: str
    holder: str | None
    scale: str | None
    output: str | None
    share: str | None
    most: str | None = None
    day: str | None = None


@dataclass(frozen=True, slots=True)
class AlarmNotice:
    """预警告知函: a cap, what its meter has come to, and the mines that it is told to."""

    paper: Paper
    letter: Letter
    facts: tuple[Fact, ...]
    mines: tuple[CapMine, ...]
    year: int
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RenewalNotice:
    """延续提醒: by which day the renewal of a permit must be applied for, and on what that rests."""

    paper: Paper
    letter: Letter
    facts: tuple[Fact, ...]
    bases: tuple[Source, ...]


def missing_notice_pdf(notice: MissingNotice, fonts_dir: Path) -> bytes:
    """Return the reminder as a PDF."""
    return render("notices/missing.html", notice, fonts_dir)


def alarm_notice_pdf(notice: AlarmNotice, fonts_dir: Path) -> bytes:
    """Return the notice of an alarm as a PDF."""
    return render("notices/alarm.html", notice, fonts_dir)


def renewal_notice_pdf(notice: RenewalNotice, fonts_dir: Path) -> bytes:
    """Return the reminder of a renewal as a PDF."""
    return render("notices/renewal.html", notice, fonts_dir)
