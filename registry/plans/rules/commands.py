"""A plan or an amendment as judged data; figures stay as printed, with their base quantity beside them."""

from dataclasses import dataclass
from datetime import date

from registry.kernel.quantity import Quantity
from registry.kernel.vocabulary import CapPeriod, Comparison, Kind, RegionLevel, RestrictionKind


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause as the document words it."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class CapRow:
    """One cap line; `limit` is None where the document prints no figure."""

    mineral: str
    printed_name: str | None
    period: CapPeriod
    kind: Kind
    printed_value: str | None
    printed_unit: str | None
    limit: Quantity | None
    binding: bool | None
    approximate: bool
    clause: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A target other than a cap."""

    code: str
    name: str
    mineral: str | None
    value: str | None
    unit: str | None
    comparison: Comparison
    printed: str | None
    cumulative: bool
    binding: bool | None
    year: int | None
    baseline: str | None
    baseline_year: int | None
    clause: str


@dataclass(frozen=True, slots=True)
class ReserveRow:
    """A reserve figure of one year."""

    mineral: str
    printed_name: str | None
    year: int
    printed_value: str
    printed_unit: str
    amount: Quantity
    clause: str


@dataclass(frozen=True, slots=True)
class RestrictionRow:
    """A ban or restriction of a mineral."""

    mineral: str
    printed_name: str | None
    kind: RestrictionKind
    clause: str


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone, with the minerals it names as printed."""

    name: str
    kind: str
    minerals: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """Rights that are to be granted, with their minerals as printed."""

    place: str
    count: int
    minerals: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A remark on the document, and the clause it concerns."""

    about: str | None
    text: str


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """A whole document; an amendment names in `amends` the number or title of the plan it changes."""

    title: str
    number: str | None
    region: str
    level: RegionLevel
    valid_from: date
    valid_to: date
    amends: str | None
    content_hash: str
    clauses: tuple[ClauseRow, ...]
    caps: tuple[CapRow, ...]
    indicators: tuple[IndicatorRow, ...] = ()
    reserves: tuple[ReserveRow, ...] = ()
    restrictions: tuple[RestrictionRow, ...] = ()
    zones: tuple[ZoneRow, ...] = ()
    planned_rights: tuple[PlannedRow, ...] = ()
    notes: tuple[NoteRow, ...] = ()
