"""A cap and its two meters as papers print them; None is unknown, never zero."""

from dataclasses import dataclass
from datetime import date

from registry.kernel.meter import Meter
from registry.kernel.shown import Shown
from reports.confidence import Source


@dataclass(frozen=True, slots=True)
class Side:
    """One meter of a cap in the row's unit.

    `held` and `unknown` (how many rights have no recorded scale) stand on the licensed side only,
    `uncovered` (what no permit covers) on the output side only.
    """

    used: str | None
    held: str | None
    free: str | None
    ratio: str | None
    unknown: int = 0
    uncovered: str | None = None


@dataclass(frozen=True, slots=True)
class DayReading:
    """What a daily cap adds: the highest and the latest day, days over and days missing."""

    peak_day: str | None
    peak: str | None
    latest_day: str | None
    latest: str | None
    days_over: int
    days_missing: int
    mean: str | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what a cap covers has been heard of: counties and returns."""

    regions_expected: int
    regions_reported: int
    returns_expected: int
    returns_reported: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CapRow:
    """One cap: the printed figure and the base figure beside each other, both meters, the state.

    `meter` is their drawing, None where there is no figure to hold them against; `outlook` says in words
    where the year will end and by what it is reckoned; `code_source` where the mineral's code was found.
    """

    region: str
    mineral: str
    code: str | None
    binding: str | None
    printed: str | None
    base: str | None
    unit: str
    document: str | None
    clause: str | None
    carried_forward: bool
    licensed: Side
    output: Side
    state: Shown
    coverage: Coverage
    data_through: date | None
    day: DayReading | None = None
    alarms: tuple[str, ...] = ()
    meter: Meter | None = None
    outlook: str | None = None
    code_source: Source | None = None


@dataclass(frozen=True, slots=True)
class CapReading:
    """What the annual inspection of one right says about a cap above it: the whole region's output."""

    region: str
    mineral: str
    printed: str | None
    clause: str | None
    binding: str | None
    carried_forward: bool
    used: str | None
    ratio: str | None
    state: Shown
    data_through: date | None
