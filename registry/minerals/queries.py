"""Reads of the mineral catalogue."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from registry.kernel.errors import Invalid
from registry.kernel.quantity import Quantity, of_kind
from registry.kernel.vocabulary import MiningMethod
from registry.minerals.models import Mineral, MineralAlias, Restriction, ScaleLine, ScaleLineMineral
from registry.minerals.rules import Known, Line
from registry.platform.keys import among
from registry.platform.rows import table_of


def mineral_named(session: Session, name: str, field: str = "mineral") -> Mineral:
    """Return a mineral by its name, an alias or its national code.

    Raises:
        Invalid: the catalogue does not know it.
    """
    wanted = name.strip()
    found = session.get(Mineral, wanted)
    if found is None and (alias := session.get(MineralAlias, wanted)) is not None:
        found = session.get(Mineral, alias.mineral)
    if found is None and wanted.isascii() and wanted:
        found = session.exec(select(Mineral).where(Mineral.code == wanted)).first()
    if found is None:
        raise Invalid("mineral_unknown", field, name, accepted="目录中的矿种名称、别名或代码")
    return found


def minerals_named(session: Session, names: Collection[str]) -> dict[str, Mineral]:
    """Return minerals by their canonical names; unknown names are left out."""
    found = session.exec(select(Mineral).where(col(Mineral.name).in_(names))).all()
    return {mineral.name: mineral for mineral in found}


_MINERAL = table_of(Mineral).c
_NAMED = select_columns(_MINERAL.name, _MINERAL.kind).where(_MINERAL.name == bindparam("name"))


def known_as(session: Session, word: str) -> Known:
    """Return name and kind of the mineral that a word means; see `mineral_named`."""
    row = session.connection().execute(_NAMED, {"name": word}).first()
    if row is not None:
        return Known(*row)
    found = mineral_named(session, word)
    return Known(found.name, found.kind)


def name_meant(session: Session, word: str | None) -> str | None:
    """Return the name of the mineral that a filter asks for by a name, an alias or a code; None for all.

    Raises:
        Invalid: the catalogue does not know it.
    """
    return known_as(session, word).name if word else None


def catalogue(session: Session) -> dict[str, Known]:
    """Return every name, alias and national code with the mineral it means."""
    minerals = {m.name: m for m in session.exec(select(Mineral)).all()}
    words = {alias.alias: alias.mineral for alias in session.exec(select(MineralAlias)).all()}
    words |= {m.code: m.name for m in minerals.values() if m.code} | {name: name for name in minerals}
    return {word: Known(name, minerals[name].kind) for word, name in words.items()}


def scale_lines(session: Session, minerals: Collection[str] | None = None) -> dict[str, list[Line]]:
    """Return the scale-table lines that minerals follow, for these minerals or for all."""
    statement = _LINES if minerals is None else _LINES_OF
    given = {} if minerals is None else {"minerals": minerals}
    found: dict[str, list[Line]] = {}
    for row in session.connection().execute(statement, given).all():
        found.setdefault(row.mineral, []).append(as_line(row, row.method))
    return found


_FOLLOWS, _LINE = table_of(ScaleLineMineral).c, table_of(ScaleLine)
_LINES = (
    select_columns(_FOLLOWS.mineral, _FOLLOWS.method, *(column for column in _LINE.c if column.name != "id"))
    .join(_LINE, _LINE.c.id == _FOLLOWS.line_id)
    .order_by(_FOLLOWS.id)
)
_LINES_OF = _LINES.where(among(_FOLLOWS.mineral, "minerals"))


def as_line(row: Any, method: MiningMethod | None = None) -> Line:
    """Return a stored line (of scale_line's columns) as the rules read it, for minerals under a method."""

    def figure(base: int | None) -> Quantity | None:
        return None if base is None else of_kind(row.kind, base)

    return Line(
        row.line, row.unit, row.kind, figure(row.large_from), figure(row.small_below), figure(row.minimum),
        row.mark, row.confidence, row.source, row.note, method,
    )  # fmt: skip


def restrictions(session: Session, mineral: str, regions: list[str], on: date) -> list[Restriction]:
    """Return the bans and restrictions of a mineral in any of the regions on a day."""
    statement = select(Restriction).where(
        Restriction.mineral == mineral,
        col(Restriction.region).in_(regions),
        Restriction.valid_from <= on,
        Restriction.valid_to >= on,
    )
    return list(session.exec(statement).all())


def restrictions_by(session: Session, region: str, document: str) -> list[Restriction]:
    """Return the bans and restrictions that one document of a region states, in its order."""
    statement = select(Restriction).where(Restriction.region == region, Restriction.document == document)
    return list(session.exec(statement.order_by(col(Restriction.id))).all())


def catalogue_order(session: Session) -> dict[str, tuple[bool, str, str]]:
    """Return a sort key by mineral: national code first, those without a code last by name."""
    minerals = session.exec(select(Mineral)).all()
    return {m.name: (m.code is None, m.code or "", m.name) for m in minerals}
