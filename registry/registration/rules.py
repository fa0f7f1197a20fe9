"""Frozen commands of registration and its refusals; the only judges of what a right must say."""

from dataclasses import dataclass
from datetime import date

from registry.kernel.area import Area
from registry.kernel.density import Density
from registry.kernel.errors import Invalid, Refused
from registry.kernel.fields import LONG, clean
from registry.kernel.quantity import Quantity, Written
from registry.kernel.vocabulary import (
    CapPeriod,
    GreenLevel,
    Kind,
    MiningMethod,
    OperatingState,
    RightKind,
    ScaleClass,
)
from registry.parties.rules import HolderFacts
from registry.reserves.rules import OpeningLine


def change_reason(text: str) -> str:
    """Return why the state or level of a mine is changed.

    Raises:
        Invalid: nothing is said, or it cannot be kept.
    """
    told = clean(text, "reason", LONG)
    if told is None:
        raise Invalid("field_missing", "reason", "", accepted="变更理由")
    return told


class RightExists(Refused):
    """The number of the right or of its permit is registered with other facts; `field` names the first."""

    code = "right_exists"


class NotOnTheBooks(Refused):
    """The mine is only named by a plan: it has no states, levels or duties."""

    code = "right_only_named"


@dataclass(frozen=True, slots=True)
class PermitFacts:
    """What a permit says; scale and maximum day as written, with their unit; None is unknown."""

    number: str
    valid_from: date | None = None
    valid_to: date | None = None
    scale: Written | None = None
    max_day: Written | None = None
    method: MiningMethod | None = None
    authority: str | None = None

    def __post_init__(self) -> None:
        """Refuse a scale not per year, a maximum day not per day, and a term that runs backwards."""
        _same_time(self.scale, CapPeriod.year, "scale")
        _same_time(self.max_day, CapPeriod.day, "max_day")
        _forwards(self.valid_from, self.valid_to, "permit_to")
        if self.scale and self.max_day and self.scale.quantity.kind is not self.max_day.quantity.kind:
            raise Invalid("kinds_mixed", "max_day", self.max_day.unit.name, accepted=self.scale.unit.name)


@dataclass(frozen=True, slots=True)
class GrantRight:
    """Everything that is entered with a right; None and empty are unknown.

    `states` and `green` carry the first day of each spell; a state whose first day is unknown stands
    from the day of entry on. `number` None takes the next free one. `reserves_at` is the day the
    opening reserves were estimated for.
    """

    region: str
    mine: str
    kind: RightKind
    mineral: str
    associated: tuple[str, ...] = ()
    number: str | None = None
    township: str | None = None
    holder: HolderFacts | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    authority: str | None = None
    area: Area | None = None
    area_m2: int | None = None
    top_mm: int | None = None
    bottom_mm: int | None = None
    deposit_scale: ScaleClass | None = None
    density: Density | None = None
    permit: PermitFacts | None = None
    states: tuple[tuple[OperatingState, date | None], ...] = ()
    green: GreenLevel | None = None
    green_since: date | None = None
    reserves: tuple[OpeningLine, ...] = ()
    reserves_at: date | None = None
    document: str | None = None

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        _forwards(self.valid_from, self.valid_to, "valid_to")
        _at_once(self.associated, self.mineral)
        if self.top_mm is not None and self.bottom_mm is not None and self.top_mm < self.bottom_mm:
            raise Invalid("elevations_reversed", "top_m", self.top_mm, accepted="top_m ≥ bottom_m")
        if self.reserves and self.reserves_at is None:
            raise Invalid("field_missing", "reserves_date", "", accepted="如 2024-12-31")

    @property
    def starts(self) -> date | None:
        """The day from which the right's capacity counts: the permit's first day, else the right's."""
        return (self.permit.valid_from if self.permit else None) or self.valid_from

    @property
    def ends(self) -> date | None:
        """The last day on which it counts."""
        return (self.permit.valid_to if self.permit else None) or self.valid_to


@dataclass(frozen=True, slots=True)
class NamedMine:
    """A real mine that a plan only names: shown with what the plan says, and counted nowhere."""

    region: str
    mine: str
    document: str
    clause: str
    mineral: str | None = None
    place: str | None = None


def capacity(permit: PermitFacts | None) -> dict[CapPeriod, Quantity | None]:
    """Return what a permit takes on the licensed side: by the year and, where one is recorded, by the day.

    What is not recorded is unknown, and never one derived from the other (decision 6).
    """
    scale = permit.scale.quantity if permit and permit.scale else None
    most = permit.max_day.quantity if permit and permit.max_day else None
    return {CapPeriod.year: scale, CapPeriod.day: most}


def in_kind(amount: Quantity | None, kind: Kind, density: Density | None) -> Quantity | None:
    """Return a capacity in the kind its mineral is counted in; unknown when no density is recorded for it."""
    if amount is None or amount.kind is kind:
        return amount
    if density is None or Kind.pieces in (amount.kind, kind):
        return None
    return density.mass(amount) if kind is Kind.mass else density.volume(amount)  # type: ignore[arg-type]


def _same_time(written: Written | None, per: CapPeriod, field: str) -> None:
    if written is not None and written.unit.per is not per:
        raise Invalid(
            "rate_expected", field, f"{written.value} {written.unit.name}", accepted=f"/{per.label}"
        )


def _forwards(first: date | None, last: date | None, field: str) -> None:
    if first is not None and last is not None and last < first:
        raise Invalid("dates_reversed", field, last, accepted=f"≥ {first}")


def _at_once(associated: tuple[str, ...], main: str) -> None:
    twice = next((name for n, name in enumerate(associated) if name in (main, *associated[:n])), None)
    if twice is not None:
        raise Invalid("mineral_repeated", "associated", twice, accepted="主矿种以外，每种一次")
