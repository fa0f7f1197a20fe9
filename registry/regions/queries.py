"""Reads of the administrative tree, and the gate that makes licensing serial."""

from sqlmodel import Session, col, select

from registry.kernel.errors import NotFound
from registry.platform.db import locked
from registry.regions.models import Region, Township


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


def below(session: Session, code: str) -> list[str]:
    """Return the codes of the region and of everything below it, in code order."""
    children = select(Region.code).where(Region.parent == code)
    found = [code]
    for child in session.exec(children).all():
        found.extend(below(session, child))
    return sorted(found)


def counties(session: Session, code: str) -> list[str]:
    """Return the lowest regions at or below a code: those that keep books of their own."""
    parents = set(session.exec(select(Region.parent)).all())
    return [c for c in below(session, code) if c not in parents]


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
