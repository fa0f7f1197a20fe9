"""Loads the administrative tree."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, select

from registry.kernel.vocabulary import RegionLevel
from registry.regions.models import Region, Township


def load(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    """Add or rename regions and townships; return how many regions were new. Parents come first."""
    new = 0
    for row in rows:
        known = session.get(Region, row["code"])
        new += known is None
        fresh = Region(
            code=row["code"], name=row["name"], level=RegionLevel(row["level"]),
            parent=row.get("parent"), letters=row.get("letters") or row["code"],
        )  # fmt: skip
        session.merge(fresh)
        session.flush()
        _load_townships(session, row["code"], row.get("townships") or [])
    return new


def _load_townships(session: Session, code: str, names: Sequence[str]) -> None:
    known = set(session.exec(select(Township.name).where(Township.region == code)).all())
    session.add_all(Township(region=code, name=name) for name in names if name not in known)
    session.flush()
