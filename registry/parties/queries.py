"""Reads of holders."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from registry.parties.models import Holder


def holder_by_code(session: Session, credit_code: str) -> Holder | None:
    """Return the holder of a credit code, or None."""
    return session.exec(select(Holder).where(Holder.credit_code == credit_code)).first()


def holders_named(session: Session, name: str) -> list[Holder]:
    """Return the holders of exactly this name, oldest first."""
    return list(session.exec(select(Holder).where(Holder.name == name).order_by(col(Holder.id))).all())


def holders_by_id(session: Session, ids: Collection[int | None]) -> dict[int, Holder]:
    """Return holders by key."""
    wanted = {key for key in ids if key is not None}
    found = session.exec(select(Holder).where(col(Holder.id).in_(wanted))).all()
    return {holder.id or 0: holder for holder in found}
