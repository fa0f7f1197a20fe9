"""Reads of the administrative tree, and the gate that makes licensing serial."""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import event
from sqlalchemy import select as select_columns
from sqlalchemy.orm import object_session
from sqlmodel import Session, col, select

from registry.kernel.errors import NotFound
from registry.platform.db import locked
from registry.platform.memory import remembered
from registry.platform.rows import table_of
from registry.regions.models import Region, Township

_TREE = "region_tree"
_REGION = table_of(Region).c
_ROWS = select_columns(_REGION.code, _REGION.name, _REGION.parent).order_by(_REGION.code)


class Place(NamedTuple):
    """What a region is called, and the code of the one above it."""

    name: str
    parent: str | None


def region(session: Session, code: str) -> Region:
    """Return a region by its code."""
    found = session.get(Region, code)
    if found is None:
        raise NotFound("region", code)
    return found


def code_of(session: Session, text: str) -> str:
    """Return the code of the region that somebody has named by its code or its name.

    Raises:
        NotFound: no region has this code, nor one alone this name.
    """
    found = [code for code, name in names(session).items() if text in (code, name)]
    if len(found) != 1:
        raise NotFound("region", text)
    return found[0]


def chain(session: Session, code: str) -> list[Region]:
    """Return the region and everything above it, lowest first."""
    links = [region(session, code)]
    while (above := links[-1].parent) is not None:
        links.append(region(session, above))
    return links


def lineage(session: Session, code: str) -> list[str]:
    """Return the codes of the region and of everything above it, lowest first."""
    tree = _tree(session)
    if code not in tree:
        raise NotFound("region", code)
    codes = [code]
    while (above := tree[codes[-1]].parent) is not None:
        codes.append(above)
    return codes


def top(session: Session) -> str:
    """Return the code of the region that has none above it.

    Raises:
        NotFound: no region has been entered yet.
    """
    for code, place in _tree(session).items():
        if place.parent is None:
            return code
    raise NotFound("region", "-")


def highest(session: Session, codes: Collection[str] | None) -> str | None:
    """Return the one of these regions (of all for None) that lies highest, by code among several."""
    wanted = _tree(session) if codes is None else codes
    return min(wanted, key=lambda code: (len(lineage(session, code)), code), default=None)


def names(session: Session) -> dict[str, str]:
    """Return the name of every region by its code, in code order."""
    return {code: place.name for code, place in _tree(session).items()}


def _tree(session: Session) -> dict[str, Place]:
    """Return every region, read once per transaction: every act asks for them, and they hardly change."""
    memory = remembered(session)
    if _TREE not in memory:
        memory[_TREE] = {row[0]: Place(row[1], row[2]) for row in session.connection().execute(_ROWS)}
    tree: dict[str, Place] = memory[_TREE]
    return tree


@event.listens_for(Region, "after_insert")
@event.listens_for(Region, "after_update")
def _changed(_mapper: object, _connection: object, region: Region) -> None:
    """Forget the tree of the transaction that changes it."""
    session = object_session(region)
    if isinstance(session, Session):
        remembered(session).pop(_TREE, None)


def below(session: Session, code: str) -> list[str]:
    """Return the codes of the region and of everything below it, in code order."""
    return below_each(session, [code])[code]


def below_each(session: Session, codes: Collection[str]) -> dict[str, list[str]]:
    """Return what `below` does for each of these regions."""
    children = _children(session)
    return {code: sorted(_descend(children, code)) for code in codes}


def counties(session: Session, code: str) -> list[str]:
    """Return the lowest regions at or below a code: those that keep books of their own."""
    return counties_each(session, [code])[code]


def counties_each(session: Session, codes: Collection[str]) -> dict[str, list[str]]:
    """Return what `counties` does for each of these regions."""
    children = _children(session)
    return {code: sorted(c for c in _descend(children, code) if c not in children) for code in codes}


def _children(session: Session) -> dict[str, list[str]]:
    """Return the children of every region that has any."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, place in _tree(session).items():
        if place.parent is not None:
            found[place.parent].append(code)
    return found


def _descend(children: dict[str, list[str]], code: str) -> list[str]:
    return [code, *(below for child in children.get(code, []) for below in _descend(children, child))]


def all_regions(session: Session) -> list[Region]:
    """Return every region in code order."""
    return list(session.exec(select(Region).order_by(Region.code)).all())


def townships(session: Session, code: str) -> list[str]:
    """Return the township names of a county."""
    statement = select(Township.name).where(Township.region == code).order_by(col(Township.id))
    return list(session.exec(statement).all())


def gate(session: Session) -> None:
    """Lock the top region until commit: every licensing act passes here, one at a time."""
    locked(session, select(Region).where(col(Region.parent).is_(None)).order_by(Region.code))
