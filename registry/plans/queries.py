"""Reads of plans: which caps lie over a place, and which line gave a cap its figure when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import bindparam
from sqlmodel import Session, SQLModel, col, or_, select

from registry.kernel.display import BASE_UNIT, in_base_unit
from registry.kernel.errors import NotFound
from registry.kernel.period import Period
from registry.kernel.quantity import LARGEST, Quantity, of_kind
from registry.kernel.vocabulary import PlanState
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
from registry.platform.db import locked

Row = TypeVar("Row", bound=SQLModel)
_INDICATOR = (
    "code", "name", "mineral", "value", "unit", "comparison", "printed", "cumulative", "binding", "year",
    "baseline", "baseline_year", "clause",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CapFigure:
    """What a cap is in one period: the line in force, or the last one carried forward (沿用)."""

    cap: Cap
    line: CapLine | None = None
    document: PlanDocument | None = None
    carried_forward: bool = False

    @property
    def limit(self) -> Quantity | None:
        """The limit, or None where the plan prints no figure or no plan is in force yet."""
        known = self.line is not None and self.line.limit is not None
        return of_kind(self.cap.kind, self.line.limit or 0) if self.line and known else None

    @property
    def binding(self) -> bool | None:
        """约束性, 预期性, or unknown."""
        return self.line.binding if self.line else None


# Every return asks for the caps above it and their lines: built once, the statements cost half.
_CAPS = select(Cap).where(col(Cap.region).in_(bindparam("regions", expanding=True))).order_by(col(Cap.id))
_CAPS_OF_MINERALS = _CAPS.where(col(Cap.mineral).in_(bindparam("minerals", expanding=True)))
_LINES = (
    select(CapLine, PlanDocument)
    .join(PlanDocument, col(PlanDocument.id) == col(CapLine.document_id))
    .where(
        col(CapLine.cap_id).in_(bindparam("caps", expanding=True)),
        col(CapLine.recorded_at).is_not(None),
    )
    .order_by(col(CapLine.valid_from), col(CapLine.id))
)
_LINES_NOW = _LINES.where(col(CapLine.superseded_at).is_(None))


def caps_over(
    session: Session, regions: Collection[str], minerals: Collection[str] | None = None
) -> list[Cap]:
    """Return the caps of these regions, of these minerals or of all."""
    if minerals is None:
        return list(session.exec(_CAPS, params={"regions": list(regions)}).all())
    given = {"regions": list(regions), "minerals": list(minerals)}
    return list(session.exec(_CAPS_OF_MINERALS, params=given).all())


def lines_of(
    session: Session, caps: Collection[Cap], as_of: datetime | None = None
) -> dict[int, list[tuple[CapLine, PlanDocument]]]:
    """Return the adopted lines of caps that were known at a moment (now by default), oldest first."""
    statement = _LINES_NOW
    if as_of is not None:
        still = or_(col(CapLine.superseded_at).is_(None), col(CapLine.superseded_at) >= as_of)
        statement = _LINES.where(col(CapLine.recorded_at) < as_of, still)
    found: dict[int, list[tuple[CapLine, PlanDocument]]] = {}
    for line, document in session.exec(statement, params={"caps": [cap.id for cap in caps]}).all():
        found.setdefault(line.cap_id, []).append((line, document))
    return found


def figure(cap: Cap, lines: Sequence[tuple[CapLine, PlanDocument]], period: Period) -> CapFigure:
    """Return what a cap is in a period, given its lines oldest first.

    A line in force on the period's last day wins, else one in force on any of its days, else the
    last line that ended before it, marked as carried forward (decision 8).
    """
    begun = [pair for pair in lines if pair[0].valid_from <= period.last]
    if not begun:
        return CapFigure(cap)
    live = [pair for pair in begun if pair[0].valid_to >= period.first]
    line, document = max(
        live or begun, key=lambda pair: (pair[0].valid_to >= period.last, pair[0].valid_from)
    )
    return CapFigure(cap, line, document, carried_forward=not live)


def documents(session: Session, regions: Collection[str] | None = None) -> list[PlanDocument]:
    """Return the plan documents of these regions or of all: by region, each before what amends it."""
    statement = select(PlanDocument).order_by(col(PlanDocument.region), col(PlanDocument.id))
    if regions is not None:
        statement = statement.where(col(PlanDocument.region).in_(regions))
    return list(session.exec(statement).all())


def document_with(session: Session, content_hash: str) -> PlanDocument | None:
    """Return the document that was loaded from this very content."""
    return session.exec(select(PlanDocument).where(PlanDocument.content_hash == content_hash)).first()


def document_called(
    session: Session, region: str, names: Collection[str | None], state: PlanState | None = None
) -> PlanDocument | None:
    """Return the first document of a region with one of these numbers or titles that was not withdrawn."""
    wanted = [name for name in names if name]
    named = or_(col(PlanDocument.number).in_(wanted), col(PlanDocument.title).in_(wanted))
    stands = PlanDocument.state != PlanState.withdrawn
    statement = (
        select(PlanDocument)
        .where(PlanDocument.region == region, named, stands)
        .order_by(col(PlanDocument.id))
    )
    if state is not None:
        statement = statement.where(PlanDocument.state == state)
    return session.exec(statement).first()


def locked_document(session: Session, document_id: int, regions: Collection[str] | None) -> PlanDocument:
    """Lock one document that lies in the given regions.

    Raises:
        NotFound: there is none.
    """
    statement = select(PlanDocument).where(PlanDocument.id == document_id)
    found = locked(session, statement) if 0 < document_id <= LARGEST else []
    if not found or (regions is not None and found[0].region not in regions):
        raise NotFound("plan", document_id)
    return found[0]


def rows_of(session: Session, table: type[Row], document: PlanDocument) -> list[Row]:
    """Return a document's rows of one table in the order of the document."""
    columns: Any = table
    statement = select(table).where(columns.document_id == document.id).order_by(columns.id)
    return list(session.exec(statement).all())


def lines_in(session: Session, document: PlanDocument) -> list[tuple[Cap, CapLine]]:
    """Return every line that a document ever gave a cap, superseded ones too, in the document's order."""
    statement = (
        select(Cap, CapLine)
        .join(CapLine, col(CapLine.cap_id) == col(Cap.id))
        .where(CapLine.document_id == document.id)
        .order_by(col(CapLine.id))
    )
    return list(session.exec(statement).all())


def caps_of(session: Session, document: PlanDocument) -> list[Cap]:
    """Return the caps that a document gives a line."""
    return list({cap.id: cap for cap, _ in lines_in(session, document)}.values())


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
