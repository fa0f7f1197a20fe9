"""Reads of the mineral catalogue."""

from datetime import date

from sqlmodel import Session, col, select

from registry.kernel.errors import Invalid
from registry.minerals.models import Mineral, MineralAlias, Restriction, ScaleLine, ScaleLineMineral


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
        raise Invalid("mineral_unknown", field, name, accepted="a mineral of the catalogue")
    return found


def scale_line(session: Session, mineral: str) -> tuple[ScaleLine, bool] | None:
    """Return the scale-table line a mineral follows and whether that is an assumption."""
    statement = (
        select(ScaleLine, ScaleLineMineral.assumed)
        .join(ScaleLineMineral, col(ScaleLineMineral.line_id) == col(ScaleLine.id))
        .where(ScaleLineMineral.mineral == mineral)
    )
    found = session.exec(statement).first()
    return None if found is None else (found[0], found[1])


def restrictions(session: Session, mineral: str, regions: list[str], on: date) -> list[Restriction]:
    """Return the bans and restrictions of a mineral in any of the regions on a day."""
    statement = select(Restriction).where(
        Restriction.mineral == mineral,
        col(Restriction.region).in_(regions),
        Restriction.valid_from <= on,
        Restriction.valid_to >= on,
    )
    return list(session.exec(statement).all())


def catalogue_order(session: Session) -> dict[str, tuple[bool, str, str]]:
    """Return a sort key by mineral: national code first, those without a code last by name."""
    minerals = session.exec(select(Mineral)).all()
    return {m.name: (m.code is None, m.code or "", m.name) for m in minerals}
