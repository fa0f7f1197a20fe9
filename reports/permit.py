"""采矿许可证 as the register prints it: facts of the right and its permit, and the corner points.

The official blank is the ministry's (自然资办发〔2018〕6号); this paper never claims to be one.
"""

from dataclasses import dataclass
from pathlib import Path

from registry.kernel.sketch import Sketch
from reports.confidence import Source
from reports.render import render
from reports.sheet import Paper


@dataclass(frozen=True, slots=True)
class PermitFacts:
    """What right and permit say, as printed; None is unknown and shows as a dash.

    `scale_source` tells where the limits of the scale classes come from.
    """

    right: str
    number: str | None
    national: bool
    holder: str | None
    credit_code: str | None
    address: str | None
    mine: str
    economic_type: str | None
    mineral: str
    associated: tuple[str, ...]
    method: str | None
    scale: str | None
    scale_class: str | None
    scale_note: str | None
    max_day: str | None
    area: str | None
    depth: str | None
    term: str | None
    authority: str | None
    standing: str | None = None
    scale_source: Source | None = None


@dataclass(frozen=True, slots=True)
class PlanBasis:
    """The cap a permit stands under: document, clause, 属性, and the figure as the plan prints it."""

    document: str
    clause: str | None
    mineral: str
    binding: str | None
    printed: str | None
    base: str | None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Corner:
    """One corner point: X to the north, Y to the east, in metres."""

    number: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Ring:
    """One closed line of corner points; a hole is taken off the area."""

    hole: bool
    depth: str | None
    note: str | None
    corners: tuple[Corner, ...]


@dataclass(frozen=True, slots=True)
class PermitSheet:
    """A mining permit: the main sheet with the facts, and the supplement with the area and what is noted.

    `remarks` are what the register keeps of the supplement's own notes (许可证副本说明); `ring_source` is
    where the meaning of the elevations and notes of single rings comes from.
    """

    paper: Paper
    facts: PermitFacts
    bases: tuple[PlanBasis, ...]
    rings: tuple[Ring, ...]
    coordinates: str
    sketch: Sketch | None = None
    remarks: tuple[str, ...] = ()
    ring_source: Source | None = None

    @property
    def corner_count(self) -> int:
        """How many corner points bound the area."""
        return sum(len(ring.corners) for ring in self.rings)


def permit_pdf(sheet: PermitSheet, fonts_dir: Path) -> bytes:
    """Return the permit sheet as a PDF."""
    return render("permit/sheet.html", sheet, fonts_dir)
