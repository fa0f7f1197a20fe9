"""Reads what a list shows of its rights: a statement for the rows of a page, one for the filters."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    String,
    and_,
    cast,
    func,
    null,
    select,
    union_all,
)
from sqlmodel import Session

from registry.kernel.vocabulary import (
    GreenLevel,
    Kind,
    MineralRole,
    MiningMethod,
    OperatingState,
    RightKind,
)
from registry.output.models import OutputReturn
from registry.output.queries import NEWEST_YEAR
from registry.platform.keys import among
from registry.platform.rows import table_of
from registry.workflows.rights_list import today
from registry.workflows.rights_list.asking import Condition, Sight, within
from registry.workflows.rights_list.tables import (
    HOLDER,
    LINE,
    MAIN,
    MINERAL,
    ORDER,
    PERMIT,
    VERSION,
    select_rights,
)
from registry.workflows.rights_list.today import RIGHT

RETURN = table_of(OutputReturn)


class Told(NamedTuple):
    """What the database tells of a right for a list; figures in base units of their kind."""

    number: str
    region: str
    township: str | None
    kind: RightKind
    mine: str
    counted: bool
    holder: str | None
    mineral: str | None
    mineral_kind: Kind | None
    associated: str | None
    density_g_m3: int | None
    source: str | None
    permit: str | None
    permit_kind: Kind | None
    valid_from: date | None
    valid_to: date | None
    method: MiningMethod | None
    scale: int | None
    scale_value: str | None
    scale_unit: str | None
    max_day: int | None
    max_day_value: str | None
    max_day_unit: str | None
    year: int | None
    output: int | Decimal | None  # PostgreSQL sums BIGINT into a Decimal
    through: date | None
    ends: date | None
    state: OperatingState | None
    green: GreenLevel | None


# Statements give the names in any order.
_ASSOCIATED = (
    select(func.aggregate_strings(LINE.c.mineral, "、"))
    .where(LINE.c.right_id == RIGHT.c.id, LINE.c.role != MineralRole.main)
    .correlate(RIGHT)
    .scalar_subquery()
)


_TOLD = (
    select(
        RETURN.c.right_id,
        RETURN.c.mineral,
        func.sum(RETURN.c.quantity).label("output"),
        func.max(RETURN.c.last_day).label("through"),
    )
    .where(
        among(RETURN.c.right_id, "rights"),
        RETURN.c.year == NEWEST_YEAR,
        RETURN.c.superseded_at.is_(None),
        RETURN.c.voided.is_(False),
    )
    .group_by(RETURN.c.right_id, RETURN.c.mineral)
    .subquery()
)


_COLUMNS: dict[str, Any] = {
    **{name: PERMIT.c.get(name) for name in Told._fields},
    **{name: RIGHT.c.get(name) for name in ("number", "region", "township", "kind", "mine", "counted")},
    "holder": HOLDER.c.name,
    "mineral": MAIN.c.mineral,
    "mineral_kind": MINERAL.c.kind,
    "associated": _ASSOCIATED,
    "density_g_m3": VERSION.c.density_g_m3,
    "source": VERSION.c.document,
    "permit": PERMIT.c.number,
    "permit_kind": PERMIT.c.kind,
    "year": NEWEST_YEAR,
    "output": _TOLD.c.output,
    "through": _TOLD.c.through,
    "ends": today.ends,
    "state": today.state,
    "green": today.green,
}
# Built once: the statement is long, and every page sends it.
_ROWS = (
    select_rights(*(_COLUMNS[name].label(name) for name in Told._fields))
    .outerjoin(_TOLD, and_(_TOLD.c.right_id == RIGHT.c.id, _TOLD.c.mineral == MAIN.c.mineral))
    .where(
        among(RIGHT.c.id, "rights"), among(VERSION.c.right_id, "rights")
    )  # said twice: so both are looked up
    .order_by(*ORDER)
)


def rows(session: Session, right_ids: Collection[int], sight: Sight) -> list[Told]:
    """Return what the list shows of these rights, in the order of the list."""
    found = session.connection().execute(_ROWS, {"today": sight.day, "rights": right_ids}).all()
    return [Told._make(row) for row in found]


def choices(session: Session, codes: Collection[str] | None) -> dict[str, list[str]]:
    """Return what the filters can be set to: minerals, townships and regions of the rights in sight."""
    found: dict[str, set[str]] = {name: set() for name in ("mineral", "township", "region")}
    sight = within(codes)
    for row in session.connection().execute(_choices(sight.holds), sight.given).all():
        for name, values in found.items():
            values.add(getattr(row, name))
    return {name: sorted(values - {None}) for name, values in found.items()}


@cache
def _choices(holds: tuple[Condition, ...]) -> CompoundSelect[Any]:
    """Ask for places and minerals; a mineral is looked for until its first right is found, not counted."""
    nothing: ColumnElement[str | None] = cast(null(), String)
    places = select(RIGHT.c.region, RIGHT.c.township, nothing.label("mineral")).where(*holds).distinct()
    first = select(LINE.c.right_id).where(LINE.c.mineral == MINERAL.c.name).limit(1).correlate(MINERAL)
    if holds:
        first = first.join(RIGHT, RIGHT.c.id == LINE.c.right_id).where(*holds)
    dug = first.scalar_subquery().is_not(None)
    return union_all(places, select(nothing, nothing, MINERAL.c.name).where(dug))
