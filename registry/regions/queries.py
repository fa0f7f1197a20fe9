"""Reads of the administrative tree, and the gate that makes licensing serial."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from registry.kernel.errors import NotFound
from registry.platform.db import locked
from registry.platform.memory import remembered
from registry.platform.rows import table_of
from registry.regions.models import Region, Township

_TREE = "region_parents"
_PARENTS = select_columns(table_of(Region).c.code, table_of(Region).c.parent)


def region(session: Session, code: str) -> Region:
    """Return a region by its code."""
    found = session.get(Region, code)
    if found is None:
        raise NotFound("region", code)
    return found


def chain(session: Session, code: str) -> list[Region]:
    """Return the region and everything above it, lowest first."""
    links = [region(session, code)]
    while (above := links[-1].parent) is not None:
        links.append(region(session, above))
    return links


def lineage(session: Session, code: str) -> list[str]:
    """Return the codes of the region and of everything above it, lowest first.

    The tree is read once per transaction: every return asks for it, and it hardly ever grows.
    """
    memory = remembered(session)
    if code not in memory.get(_TREE, {}):
        memory[_TREE] = _parents(session)
    parents: dict[str, str | None] = memory[_TREE]
    if code not in parents:
        raise NotFound("region", code)
    codes = [code]
    while (above := parents[codes[-1]]) is not None:
        codes.append(above)
    return codes


def top(session: Session) -> str:
    """Return the code of the region that has none above it.

    Raises:
        NotFound: no region has been entered yet.
    """
    for code, parent in _parents(session).items():
        if parent is None:
            return code
    raise NotFound("region", "-")


def _parents(session: Session) -> dict[str, str | None]:
    return {row[0]: row[1] for row in session.connection().execute(_PARENTS)}


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
    """Return the children of every region that has any; one statement for the whole tree."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, parent in _parents(session).items():
        if parent is not None:
            found[parent].append(code)
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
