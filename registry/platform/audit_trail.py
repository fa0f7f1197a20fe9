"""Reads of the audit trail: the acts of regions, newest first, and the heads of their chains."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlmodel import Session, col, select

from registry.platform import clock
from registry.platform.audit import AuditEntry, AuditHead


@dataclass(frozen=True, slots=True)
class Sought:
    """Which acts are wanted; None asks for all. `act` and `record` are beginnings, such as `output.`."""

    actor: str | None = None
    act: str | None = None
    record: str | None = None
    since: date | None = None
    until: date | None = None


def entries(
    session: Session, regions: Collection[str] | None, sought: Sought, behind: int | None, most: int
) -> list[AuditEntry]:
    """Return the wanted acts of these regions (of all for None), newest first, behind one by its number."""
    statement = select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(most)
    if regions is not None:
        statement = statement.where(col(AuditEntry.region).in_(list(regions)))
    if behind is not None:
        statement = statement.where(col(AuditEntry.id) < behind)
    if sought.actor is not None:
        statement = statement.where(AuditEntry.actor == sought.actor)
    for column, begins in ((AuditEntry.act, sought.act), (AuditEntry.record, sought.record)):
        if begins is not None:
            statement = statement.where(col(column).startswith(begins, autoescape=True))
    if sought.since is not None:
        statement = statement.where(col(AuditEntry.at) >= clock.at_local(sought.since, time(0)))
    if sought.until is not None:
        statement = statement.where(col(AuditEntry.at) < clock.end_of_day(sought.until))
    return list(session.exec(statement).all())


def heads_of(session: Session, regions: Collection[str] | None) -> list[AuditHead]:
    """Return the heads of the chains of these regions (of all for None), in code order."""
    statement = select(AuditHead).order_by(AuditHead.region)
    if regions is not None:
        statement = statement.where(col(AuditHead.region).in_(list(regions)))
    return list(session.exec(statement).all())


def facts_of(entry: AuditEntry) -> dict[str, Any]:
    """Return the facts that an act was noted with; none where somebody has spoilt the text."""
    try:
        content = json.loads(entry.text)
        facts: Any = content["facts"]
    except (ValueError, KeyError, TypeError):
        return {}
    return facts if isinstance(facts, dict) else {}


@dataclass(frozen=True, slots=True)
class Act:
    """One act on a record as people may read it: when, by whom, what, and the facts it was noted with.

    A later act of the same region has a greater `number`.
    """

    number: int
    at: datetime
    actor: str
    act: str
    facts: dict[str, Any]


def acts_on(session: Session, record: str) -> list[Act]:
    """Return what was done to one record, newest first."""
    statement = select(AuditEntry).where(AuditEntry.record == record).order_by(col(AuditEntry.id).desc())
    return [
        Act(one.id or 0, one.at, one.actor, one.act, facts_of(one)) for one in session.exec(statement).all()
    ]
