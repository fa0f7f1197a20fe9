"""Finds entries of the audit trail in the database, the newest first."""

from collections.abc import Collection
from datetime import time

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session

from registry.platform import clock
from registry.platform.audit import AuditEntry
from registry.platform.rows import table_of
from registry.wording.acts import acts_of
from registry.workflows.audit_book.wanted import Wanted

ENTRY = table_of(AuditEntry).c


def count_entries(session: Session, regions: Collection[str] | None, wanted: Wanted) -> int:
    """Count the wanted entries of these regions (of all for None)."""
    asked = select(func.count(ENTRY.id)).where(*_conditions(regions, wanted))
    return int(session.execute(asked).scalar_one())


def find(
    session: Session, regions: Collection[str] | None, wanted: Wanted, skipped: int = 0, most: int = 50
) -> list[AuditEntry]:
    """Return the wanted entries of these regions (of all for None), `most` of them after `skipped`.

    In one region the order of the chain is that of the entries, and its index saves sorting all of them.
    """
    is_one = regions is not None and len(regions) == 1
    newest = ENTRY.seq.desc() if is_one else ENTRY.id.desc()
    statement = select(AuditEntry).where(*_conditions(regions, wanted)).order_by(newest)
    return list(session.execute(statement.offset(skipped).limit(most)).scalars())


def _conditions(regions: Collection[str] | None, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if regions is not None:
        found.append(ENTRY.region.in_(sorted(regions)))
    if wanted.actor is not None:
        found.append(ENTRY.actor == wanted.actor)
    if wanted.group is not None:
        found.append(ENTRY.act.in_(acts_of(wanted.group)))
    if wanted.record is not None:
        found.append(ENTRY.record.icontains(wanted.record, autoescape=True))
    if wanted.since is not None:
        found.append(ENTRY.at >= clock.at_local(wanted.since, time(0)))
    if wanted.until is not None:
        found.append(ENTRY.at < clock.end_of_day(wanted.until))
    return found
