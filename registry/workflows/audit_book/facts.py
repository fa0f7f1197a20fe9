"""The facts of an audit entry in the words of the office."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from registry.kernel.display import office, percent
from registry.kernel.quantity import of_kind
from registry.kernel.vocabulary import (
    CapPeriod,
    Covered,
    DocumentKind,
    GreenLevel,
    Kind,
    OperatingState,
    ReserveCategory,
    Role,
    Word,
)
from registry.platform.audit import AuditEntry
from registry.wording import JOBS, RESULTS
from registry.wording.acts import RULINGS
from registry.workflows.audit_book.records import Records

_LONGEST = 160  # signs of one fact in a sentence; the export holds the whole text
_SOURCES = {"import": "随导入登记", "grant": "随新立登记"}


def shown_facts(
    entry: AuditEntry, facts: Mapping[str, Any], records: Records, places: Mapping[str, str]
) -> dict[str, str]:
    """Return each fact of an entry as people read it; what is missing stays away."""
    words = {name: _short(_word(entry.act, name, value)) for name, value in facts.items()}
    more = {
        "place": places.get(entry.region, entry.region),
        "categories": _categories(facts),
        "counts": _counts(facts),
        "amount": _amount(entry, facts, records),
        "reading": _reading(entry, facts, records),
    }
    return words | more


def _word(act: str, name: str, value: Any) -> str:
    if value is None:
        return ""
    if (kind := _WORDS.get((act.partition(".")[0], name))) is not None:
        found = kind.read(str(value))
        return found.label if found else str(value)
    if (tell := _TELL.get(name)) is not None:
        return tell(value)
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


_WORDS: dict[tuple[str, str], type[Word]] = {
    ("user", "role"): Role,
    ("right", "state"): OperatingState,
    ("right", "level"): GreenLevel,
    ("output", "covered"): Covered,
    ("document", "kind"): DocumentKind,
}
_TELL: dict[str, Callable[[Any], str]] = {
    "shares": lambda shares: "、".join(percent(Decimal(share) / 10000, 0) for share in shares),
    "result": lambda result: RULINGS.get(result, str(result)),
    "reason": lambda reason: _SOURCES.get(reason, str(reason)),
    "kind": lambda kind: JOBS.get(kind, str(kind)),
}


def _categories(facts: Mapping[str, Any]) -> str:
    found = [category.label for category in ReserveCategory if facts.get(category.value) is not None]
    return "、".join(found)


def _counts(facts: Mapping[str, Any]) -> str:
    found = [f"{label} {facts[name]}" for name, label in RESULTS.items() if facts.get(name)]
    return "、".join(found) or "没有变化"


def _amount(entry: AuditEntry, facts: Mapping[str, Any], records: Records) -> str:
    kind = records.kinds.get((entry.record, str(facts.get("mineral"))))
    period = CapPeriod.read(str(facts.get("period", ""))) or CapPeriod.year
    return _quantity(kind, facts.get("amount"), period)


def _reading(entry: AuditEntry, facts: Mapping[str, Any], records: Records) -> str:
    alarm = records.alarms.get(entry.record)
    if alarm is None or alarm.kind is None:
        return ""
    per = CapPeriod.day if len(alarm.period or "") >= len("2025-01-01") else CapPeriod.year
    return _quantity(Kind(alarm.kind), facts.get("reading"), per)


def _quantity(kind: Kind | None, base: Any, per: CapPeriod) -> str:
    """Return a figure with its unit; without knowing what it measures none is told."""
    return office(of_kind(kind, base), per) if kind is not None and isinstance(base, int) else ""


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
