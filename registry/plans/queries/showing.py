"""What a plan document says, in its public form."""

from datetime import date
from typing import Any

from sqlmodel import Session, SQLModel

from registry.kernel.display import BASE_UNIT, in_base_unit
from registry.kernel.quantity import of_kind
from registry.minerals.queries import restrictions_by
from registry.plans.models import (
    Cap,
    CapLine,
    Indicator,
    PlanClause,
    PlanDocument,
    PlannedRight,
    PlanNote,
    PlanReserve,
    PlanZone,
)
from registry.plans.queries.documents import rows_of
from registry.plans.queries.lines import lines_in

_INDICATOR = (
    "code", "name", "mineral", "value", "unit", "comparison", "printed", "cumulative", "binding", "year",
    "baseline", "baseline_year", "clause",
)  # fmt: skip


def brief(document: PlanDocument) -> dict[str, Any]:
    """Return what names a document, and its state."""
    return _picked(document, "id", "region", "level", "title", "number", "valid_from", "valid_to", "state")


def public(session: Session, document: PlanDocument) -> dict[str, Any]:
    """Return a document with everything it says: figures as printed, and in base units beside them."""
    amended = session.get(PlanDocument, document.amends_id) if document.amends_id else None
    banned = [] if amended else restrictions_by(session, document.region, document.title)
    return {
        **brief(document),
        **_picked(document, "entered_by", "entered_at", "confirmed_by", "confirmed_at", "scan"),
        "amends": _picked(amended, "id", "title", "number") if amended else None,
        "clauses": [{"id": c.code, "text": c.text} for c in rows_of(session, PlanClause, document)],
        "caps": [_line(cap, line) for cap, line in lines_in(session, document)],
        "indicators": [_picked(i, *_INDICATOR) for i in rows_of(session, Indicator, document)],
        "reserves": [_reserve(r) for r in rows_of(session, PlanReserve, document)],
        "restrictions": [_picked(b, "mineral", "printed_name", "kind", "clause") for b in banned],
        "zones": [
            {"name": z.name, "kind": z.zone_kind, "minerals": _listed(z.minerals), "clause": z.clause}
            for z in rows_of(session, PlanZone, document)
        ],
        "planned_rights": [
            {"place": r.place, "count": r.count, "minerals": _listed(r.minerals), "clause": r.clause}
            for r in rows_of(session, PlannedRight, document)
        ],
        "notes": [_picked(n, "about", "text") for n in rows_of(session, PlanNote, document)],
    }


def _line(cap: Cap, line: CapLine) -> dict[str, Any]:
    limit = None if line.limit is None else of_kind(cap.kind, line.limit)
    printed = {"value": line.printed_value, "unit": line.printed_unit} if line.printed_value else None
    return {
        "cap": cap.name,
        "mineral": cap.mineral,
        "printed_name": line.printed_name,
        "period": cap.period,
        "printed": printed,
        "limit": limit and {"value": in_base_unit(limit), "unit": BASE_UNIT[cap.kind]},
        **_picked(line, "binding", "approximate", "clause", "valid_from", "valid_to"),
        "in_force": line.recorded_at is not None and line.superseded_at is None,
        **_picked(line, "recorded_at", "superseded_at"),
    }


def _reserve(row: PlanReserve) -> dict[str, Any]:
    amount = in_base_unit(of_kind(row.kind, row.amount))
    return {
        **_picked(row, "mineral", "printed_name", "year"),
        "printed": {"value": row.printed_value, "unit": row.printed_unit},
        "amount": {"value": amount, "unit": BASE_UNIT[row.kind]},
        "clause": row.clause,
    }


def _picked(row: SQLModel, *names: str) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _listed(minerals: str) -> list[str]:
    return minerals.split("、") if minerals else []
