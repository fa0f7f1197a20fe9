"""The catalogue as a list: each mineral with its other names, and what plans say about it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, select

from registry.minerals.models import Mineral, MineralAlias, Restriction


@dataclass(frozen=True, slots=True)
class Entry:
    """One mineral of the catalogue with its other names, and what plans say about it, ended ones too."""

    mineral: Mineral
    aliases: list[str]
    restrictions: list[Restriction]


def entries(session: Session, regions: Collection[str] | None) -> list[Entry]:
    """Return the catalogue in national order, with the restrictions of these regions (of all for None)."""
    names: dict[str, list[str]] = defaultdict(list)
    for alias in session.exec(select(MineralAlias).order_by(MineralAlias.alias)).all():
        names[alias.mineral].append(alias.alias)
    statement = select(Restriction)
    if regions is not None:
        statement = statement.where(col(Restriction.region).in_(regions))
    said: dict[str, list[Restriction]] = defaultdict(list)
    for restriction in session.exec(statement.order_by(col(Restriction.id))).all():
        said[restriction.mineral].append(restriction)
    found = sorted(session.exec(select(Mineral)).all(), key=lambda m: (m.code is None, m.code or "", m.name))
    return [Entry(one, names[one.name], said[one.name]) for one in found]
