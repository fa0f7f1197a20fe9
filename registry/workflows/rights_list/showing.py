"""Reads what a list shows of its rights: a statement for the rows of a page, one for the filters."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, literal, select, union_all
from sqlmodel import Session

from registry.kernel.vocabulary import MineralRole
from registry.output.models import OutputReturn
from registry.platform.rows import table_of
from registry.workflows.rights_list import today
from registry.workflows.rights_list.finding import (
    HOLDER,
    LINE,
    MAIN,
    MINERAL,
    ORDER,
    PERMIT,
    VERSION,
    Sight,
    select_rights,
)
from registry.workflows.rights_list.today import RIGHT

RETURN = table_of(OutputReturn)
_PERMIT = (
    "valid_from", "valid_to", "scale", "scale_value", "scale_unit", "max_day", "max_day_value",
    "max_day_unit", "method",
)  # fmt: skip
# Statements give the names in any order.
_ASSOCIATED = (
    select(func.aggregate_strings(LINE.c.mineral, "、"))
    .where(LINE.c.right_id == RIGHT.c.id, LINE.c.role != MineralRole.main)
    .correlate(RIGHT)
    .scalar_subquery()
)

# The year of the outputs is the newest of which anything was told; the index over right and year finds them.
YEAR = select(func.max(RETURN.c.year)).scalar_subquery()


_RIGHTS: Any = bindparam("rights", expanding=True)
_TOLD = (
    select(
        RETURN.c.right_id,
        RETURN.c.mineral,
        func.sum(RETURN.c.quantity).label("told"),
        func.max(RETURN.c.last_day).label("through"),
    )
    .where(
        RETURN.c.right_id.in_(_RIGHTS),
        RETURN.c.year == YEAR,
        RETURN.c.superseded_at.is_(None),
        RETURN.c.voided.is_(False),
    )
    .group_by(RETURN.c.right_id, RETURN.c.mineral)
    .subquery()
)


# Built once: the statement is long, and every page sends it.
_ROWS = (
    select_rights(
        *(RIGHT.c[name] for name in ("id", "number", "region", "township", "kind", "mine", "counted")),
        HOLDER.c.name.label("holder"),
        MAIN.c.mineral,
        MINERAL.c.kind.label("mineral_kind"),
        _ASSOCIATED.label("associated"),
        VERSION.c.density_g_m3,
        VERSION.c.document.label("source"),
        PERMIT.c.number.label("permit"),
        PERMIT.c.kind.label("permit_kind"),
        *(PERMIT.c[name] for name in _PERMIT),
        YEAR.label("year"),
        _TOLD.c.told,
        _TOLD.c.through,
        today.ends.label("ends"),
        today.state.label("state"),
        today.green.label("green"),
    )
    .outerjoin(_TOLD, and_(_TOLD.c.right_id == RIGHT.c.id, _TOLD.c.mineral == MAIN.c.mineral))
    .where(RIGHT.c.id.in_(_RIGHTS))
    .order_by(*ORDER)
)


def rows(session: Session, right_ids: Collection[int], sight: Sight) -> Sequence[Row[Any]]:
    """Return what the list shows of these rights, in the order of the list."""
    return session.connection().execute(_ROWS, sight.given | {"rights": list(right_ids)}).all()


def choices(session: Session, codes: Collection[str] | None) -> dict[str, list[str]]:
    """Return what the filters can be set to: minerals, townships and regions of the rights in sight."""
    found: dict[str, list[str]] = {name: [] for name in _CHOICES}
    statement, given = (_CHOICES_OF_ALL, {}) if codes is None else (_CHOICES_WITHIN, {"codes": list(codes)})
    for value, name in session.connection().execute(statement, given):
        found[name].append(value)
    return {name: sorted(values) for name, values in found.items()}


_CHOICES = {
    "mineral": select(LINE.c.mineral).join(RIGHT, RIGHT.c.id == LINE.c.right_id).distinct(),
    "township": select(RIGHT.c.township).where(RIGHT.c.township.is_not(None)).distinct(),
    "region": select(RIGHT.c.region).distinct(),
}
_WITHIN = RIGHT.c.region.in_(bindparam("codes", expanding=True))
_CHOICES_OF_ALL = union_all(*(one.add_columns(literal(name)) for name, one in _CHOICES.items()))
_CHOICES_WITHIN = union_all(
    *(one.add_columns(literal(name)).where(_WITHIN) for name, one in _CHOICES.items())
)
