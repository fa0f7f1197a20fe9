"""One right as the list compares it: what it is today, and its year's output against its permit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

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
from registry.workflows.rights_list.finding import Sight
from registry.workflows.rights_list.showing import rows


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
    lines = scale_lines(session, {row.mineral for row in found if row.mineral})
    year = (found[0].year if found else newest_year(session)) or sight.day.year
    return year, [_row(row, lines.get(row.mineral, []), sight) for row in found]


def _row(row: Any, lines: Sequence[Line], sight: Sight) -> RightRow:
    permit = _permit(row)
    # PostgreSQL sums BIGINT into a Decimal
    output = of_kind(row.mineral_kind, int(row.told)) if row.told is not None else None
    return RightRow(
        number=row.number,
        mine=row.mine,
        kind=row.kind,
        counted=row.counted,
        region=row.region,
        township=row.township,
        source=None if row.counted else row.source,
        holder=row.holder,
        mineral=row.mineral,
        associated=tuple(sorted(row.associated.split("、"))) if row.associated else (),
        permit=permit,
        standing=permit_standing(permit, row.ends, sight.day, sight.ending_by),
        scale_class=class_of(row, lines) if row.counted and row.kind is RightKind.mining else None,
        state=OperatingState(row.state) if row.state else None,
        green=GreenLevel(row.green) if row.green else None,
        output=output,
        through=row.through,
        share=_share(output, permit, row.density_g_m3),
    )


def _permit(row: Any) -> PermitOfDay | None:
    if row.permit is None:
        return None
    return PermitOfDay(
        row.permit, row.valid_from, row.valid_to, row.method,
        _figure(row.permit_kind, row.scale), _written(row.scale_value, row.scale_unit),
        _figure(row.permit_kind, row.max_day), _written(row.max_day_value, row.max_day_unit),
    )  # fmt: skip


def _figure(kind: Kind | None, base: int | None) -> Quantity | None:
    return None if kind is None or base is None else of_kind(kind, base)


def _written(value: str | None, unit: str | None) -> str | None:
    return f"{value} {unit}" if value and unit else None


def class_of(row: Any, lines: Sequence[Line]) -> Classified | Pending:
    """Return the scale class of a right, or why there is none, from a row that says what it rests on."""
    density = None if row.density_g_m3 is None else Density(row.density_g_m3)
    return scale_class(_figure(row.permit_kind, row.scale), lines, density, row.method)


def _share(output: Quantity | None, permit: PermitOfDay | None, grams: int | None) -> Decimal | None:
    """Return the year's output over the permit's scale, where the two can be compared."""
    if output is None or permit is None:
        return None
    scale = in_kind(permit.scale, output.kind, None if grams is None else Density(grams))
    return None if scale is None else ratio(output, scale)
