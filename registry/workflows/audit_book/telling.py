"""Tells entries of the audit trail in sentences, each with the address of what it was done to."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from registry.platform.audit import AuditEntry
from registry.regions.queries import names
from registry.wording.acts import VARIANTS, tell_act
from registry.workflows.audit_book.facts import shown_facts
from registry.workflows.audit_book.records import Records, look_up


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as people read it: a sentence around what it was done to, and where that is shown."""

    entry: AuditEntry
    before: str
    record: str
    after: str
    address: str | None

    @property
    def sentence(self) -> str:
        """The whole sentence."""
        return f"{self.before}{self.record}{self.after}"


def sentences(session: Session, entries: Sequence[AuditEntry]) -> list[Line]:
    """Return entries in words; what they were done to is looked up for all of them at once."""
    places = names(session)
    records = look_up(session, [(entry.act, entry.record) for entry in entries])
    return [_line(entry, records, places) for entry in entries]


def _line(entry: AuditEntry, records: Records, places: dict[str, str]) -> Line:
    facts = _facts_of(entry)
    told = tell_act(_variant(entry, facts), shown_facts(entry, facts, records, places))
    found = records.named(entry.act, entry.record, facts, places)
    return Line(entry, told.before, found.words if told.names_record else "", told.after, found.address)


def _variant(entry: AuditEntry, facts: dict[str, Any]) -> str:
    is_other = facts.get("revision", 1) != 1 if entry.act == "output.record" else entry.actor == entry.record
    return VARIANTS[entry.act] if entry.act in VARIANTS and is_other else entry.act


def _facts_of(entry: AuditEntry) -> dict[str, Any]:
    """Return the facts that the hashed text holds; a text that somebody has bent tells none."""
    try:
        found = json.loads(entry.text)
    except ValueError:
        return {}
    facts = found.get("facts") if isinstance(found, dict) else None
    return facts if isinstance(facts, dict) else {}
