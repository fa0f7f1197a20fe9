"""登记信息单: everything that stands in the register about one right, on one sheet.

Right and permit are two records (the law in force since 2025-07-01): each has a section of its own.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from registry.kernel.sketch import Sketch
from reports.confidence import Source
from reports.inspection import Spell
from reports.permit import Ring
from reports.render import render
from reports.sheet import Paper


@dataclass(frozen=True, slots=True)
class RegisteredMineral:
    """One mineral of a right: its national code and where that was found, and whether it moves the caps."""

    name: str
    role: str
    code: str | None
    code_source: Source | None
    counted: bool


@dataclass(frozen=True, slots=True)
class RightRecord:
    """The right as its present version has it; None is not recorded and shows as a dash.

    `density` is what was registered for this right: no public text gives a standard figure.
    """

    number: str
    kind: str
    region: str
    township: str | None
    mine: str
    holder: str | None
    credit_code: str | None
    economic_type: str | None
    address: str | None
    minerals: tuple[RegisteredMineral, ...]
    term: str | None
    authority: str | None
    area: str | None
    depth: str | None
    deposit_scale: str | None
    density: str | None
    version: str
    document: str | None


@dataclass(frozen=True, slots=True)
class PermitRecord:
    """One permit of the right, also one that a later entry superseded."""

    number: str
    national: bool
    first: date | None
    last: date | None
    scale: str | None
    max_day: str | None
    method: str | None
    authority: str | None
    standing: str
    recorded_on: date


@dataclass(frozen=True, slots=True)
class CountedCap:
    """What the right takes on the licensed side, and the cap that it counts against with its clause."""

    mineral: str
    region: str
    printed: str | None
    clause: str | None
    binding: str | None
    carried_forward: bool
    amount: str | None
    kind: str
    first: date
    last: date | None
    reference: str


@dataclass(frozen=True, slots=True)
class HeldReserve:
    """The newest balance of one ledger and the report it rests on; resources and reserves stay apart."""

    deposit: str
    mineral: str
    category: str
    unit: str
    held: str
    cumulative: str
    at: str
    source: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry in the history of the right: when, what, and by which document or for which reason."""

    day: date
    what: str
    document: str | None


@dataclass(frozen=True, slots=True)
class RegistrationSheet:
    """Everything registered about a right, on the day of its print.

    `scale_source` is where the limits of the scale classes come from, `ring_source` where the meaning of the
    elevations and notes of single rings does.
    """

    paper: Paper
    right: RightRecord
    permits: tuple[PermitRecord, ...]
    scale_class: str | None
    scale_note: str | None
    scale_source: Source | None
    states: tuple[Spell, ...]
    green: tuple[Spell, ...]
    caps: tuple[CountedCap, ...]
    reserves: tuple[HeldReserve, ...]
    history: tuple[Entry, ...]
    rings: tuple[Ring, ...]
    coordinates: str
    sketch: Sketch | None = None
    ring_source: Source | None = None

    @property
    def corner_count(self) -> int:
        """How many corner points bound the area."""
        return sum(len(ring.corners) for ring in self.rings)


def registration_pdf(sheet: RegistrationSheet, fonts_dir: Path) -> bytes:
    """Return the registration sheet as a PDF."""
    return render("registration/sheet.html", sheet, fonts_dir)
