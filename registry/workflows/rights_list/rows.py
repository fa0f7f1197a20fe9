"""One right as the list compares it: what it is today, and its year's output against its permit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from registry.kernel.density import Density
from registry.kernel.quantity import Quantity, of_kind, ratio
from registry.kernel.vocabulary import (
    GreenLevel,
    Kind,
    MiningMethod,
    OperatingState,
    PermitStanding,
    RightKind,
)
from registry.minerals.queries import scale_lines
from registry.minerals.rules import Classified, Line, Pending, scale_class
from registry.output.queries import newest_year
from registry.registration.rules import in_kind
from registry.rights.rules import permit_standing
from registry.workflows.rights_list.asking import Sight
from registry.workflows.rights_list.finding import Basis
from registry.workflows.rights_list.showing import Told, rows


@dataclass(frozen=True, slots=True)
class PermitOfDay:
    """The permit of the day: its figures, None where none is recorded, and how they were written."""

    number: str
    valid_from: date | None
    valid_to: date | None
    method: MiningMethod | None
    scale: Quantity | None
    scale_written: str | None
    max_day: Quantity | None
    max_day_written: str | None


@dataclass(frozen=True, slots=True)
class RightRow:
    """One right of the list; a mine that a plan only names says nothing but what the plan (`source`) says."""

    number: str
    mine: str
    kind: RightKind
    counted: bool
    region: str
    township: str | None
    source: str | None
    holder: str | None
    mineral: str | None
    associated: tuple[str, ...]
    permit: PermitOfDay | None
    standing: PermitStanding
    scale_class: Classified | Pending | None
    state: OperatingState | None
    green: GreenLevel | None
    output: Quantity | None
    through: date | None
    share: Decimal | None

    @property
    def is_over(self) -> bool:
        """Whether more was dug of the main mineral in the year than the permit's scale."""
        return self.share is not None and self.share > 1


def read_rows(session: Session, right_ids: Sequence[int], sight: Sight) -> tuple[int, list[RightRow]]:
    """Return the rows of rights in the order of the list, and the year whose output they tell."""
    found = rows(session, right_ids, sight)
    lines = scale_lines(session, {told.mineral for told in found if told.mineral})
    year = (found[0].year if found else newest_year(session)) or sight.day.year
    return year, [_row(told, lines.get(told.mineral or "", []), sight) for told in found]


def _row(told: Told, lines: Sequence[Line], sight: Sight) -> RightRow:
    permit = _permit(told)
    output = None if told.output is None else _figure(told.mineral_kind, int(told.output))
    density = None if told.density_g_m3 is None else Density(told.density_g_m3)
    is_mine = told.counted and told.kind is RightKind.mining
    scale = permit.scale if permit else None
    return RightRow(
        number=told.number,
        mine=told.mine,
        kind=told.kind,
        counted=told.counted,
        region=told.region,
        township=told.township,
        source=None if told.counted else told.source,
        holder=told.holder,
        mineral=told.mineral,
        associated=tuple(sorted(told.associated.split("、"))) if told.associated else (),
        permit=permit,
        standing=permit_standing(permit, told.ends, sight.day, sight.ending_by),
        scale_class=scale_class(scale, lines, density, told.method) if is_mine else None,
        state=told.state,
        green=told.green,
        output=output,
        through=told.through,
        share=_share(output, scale, density),
    )


def _permit(told: Told) -> PermitOfDay | None:
    if told.permit is None:
        return None
    return PermitOfDay(
        told.permit, told.valid_from, told.valid_to, told.method,
        _figure(told.permit_kind, told.scale), _written(told.scale_value, told.scale_unit),
        _figure(told.permit_kind, told.max_day), _written(told.max_day_value, told.max_day_unit),
    )  # fmt: skip


def _figure(kind: Kind | None, base: int | None) -> Quantity | None:
    return None if kind is None or base is None else of_kind(kind, base)


def _written(value: str | None, unit: str | None) -> str | None:
    return f"{value} {unit}" if value and unit else None


def class_of(basis: Basis, lines: Sequence[Line]) -> Classified | Pending:
    """Return the scale class of the mines that rest on the same figures, or why there is none."""
    density = None if basis.density_g_m3 is None else Density(basis.density_g_m3)
    return scale_class(_figure(basis.permit_kind, basis.scale), lines, density, basis.method)


def _share(output: Quantity | None, scale: Quantity | None, density: Density | None) -> Decimal | None:
    """Return the year's output over the permit's scale, where the two can be compared."""
    whole = None if output is None else in_kind(scale, output.kind, density)
    return None if output is None or whole is None else ratio(output, whole)
