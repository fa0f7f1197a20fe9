"""What stands on rights today as plain rows, for whoever reads many rights and changes none.

As objects the same rows cost four times as much, and every return reads four of these tables.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, select
from sqlmodel import Session

from registry.kernel.vocabulary import Kind, MineralRole, OperatingState
from registry.platform.rows import table_of
from registry.rights.models import OperatingSpell, Permit, RightMineral, RightVersion

Columns = tuple[Any, ...]
_MINERAL, _PERMIT = table_of(RightMineral).c, table_of(Permit).c
_SPELL, _VERSION = table_of(OperatingSpell).c, table_of(RightVersion).c


class MineralLine(NamedTuple):
    """A mineral of a right and whether its output moves the caps."""

    mineral: str
    role: MineralRole
    counted: bool


class Licence(NamedTuple):
    """A live permit: its term, and the most it allows in a year and on a day, in base units of its kind."""

    number: str
    valid_from: date | None
    valid_to: date | None
    kind: Kind | None
    scale: int | None
    max_day: int | None


class Spell(NamedTuple):
    """What a mine has been doing since a day."""

    state: OperatingState
    since: date


_MINERALS = (
    select(_MINERAL.right_id, _MINERAL.mineral, _MINERAL.role, _MINERAL.counted)
    .where(_MINERAL.right_id.in_(bindparam("rights", expanding=True)))
    .order_by(_MINERAL.mineral)
)
_LICENCES = (
    select(
        _PERMIT.right_id, _PERMIT.number, _PERMIT.valid_from, _PERMIT.valid_to,
        _PERMIT.kind, _PERMIT.scale, _PERMIT.max_day,
    )
    .where(_PERMIT.right_id.in_(bindparam("rights", expanding=True)), _PERMIT.superseded_at.is_(None))
    .order_by(_PERMIT.id)
)  # fmt: skip
_SPELLS = (
    select(_SPELL.right_id, _SPELL.state, _SPELL.since)
    .where(_SPELL.right_id.in_(bindparam("rights", expanding=True)), _SPELL.superseded_at.is_(None))
    .order_by(_SPELL.since, _SPELL.id)
)
_DENSITIES = select(_VERSION.right_id, _VERSION.density_g_m3).where(
    _VERSION.right_id.in_(bindparam("rights", expanding=True)),
    _VERSION.superseded_at.is_(None),
    _VERSION.density_g_m3.is_not(None),
)


def minerals(session: Session, rights: Collection[int]) -> dict[int, list[MineralLine]]:
    """Return the minerals of rights, the main one first, then by name."""
    found: dict[int, list[MineralLine]] = defaultdict(list)
    for right, *columns in _read(session, _MINERALS, rights):
        found[right].append(MineralLine(*columns))
    for lines in found.values():
        lines.sort(key=lambda line: line.role is not MineralRole.main)
    return found


def licences(session: Session, rights: Collection[int]) -> dict[int, list[Licence]]:
    """Return the live permits of rights, earliest first; one without a first day counts as earliest."""
    found: dict[int, list[Licence]] = defaultdict(list)
    for right, *columns in _read(session, _LICENCES, rights):
        found[right].append(Licence(*columns))
    for permits in found.values():
        permits.sort(key=lambda permit: permit.valid_from or date.min)
    return found


def spells(session: Session, rights: Collection[int]) -> dict[int, list[Spell]]:
    """Return the live operating spells of rights, earliest first."""
    found: dict[int, list[Spell]] = defaultdict(list)
    for right, *columns in _read(session, _SPELLS, rights):
        found[right].append(Spell(*columns))
    return found


def densities(session: Session, rights: Collection[int]) -> dict[int, int]:
    """Return the recorded densities of rights, grams per cubic metre; rights without one are left out."""
    return {row[0]: row[1] for row in _read(session, _DENSITIES, rights)}


def _read(session: Session, statement: Select[*Columns], rights: Collection[int]) -> Sequence[Row[*Columns]]:
    return session.connection().execute(statement, {"rights": list(rights)}).all()
