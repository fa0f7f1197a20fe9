"""Reads of caps and of the lines that gave them their figures."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col, or_, select

from registry.kernel.period import Period, Year
from registry.kernel.quantity import Quantity, of_kind
from registry.plans.models import Cap, CapLine, PlanDocument


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

    @property
    def clause(self) -> str | None:
        """The clause that it stands in; an article of an amendment with the amendment's 文号."""
        if self.line is None or self.document is None:
            return None
        number = self.document.number if self.document.amends_id is not None else None
        return f"{number} {self.line.clause}" if number else self.line.clause


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


def adopted(as_of: datetime | None = None) -> list[ColumnElement[bool]]:
    """Return what picks the adopted lines that were known at a moment (now by default)."""
    live = col(CapLine.superseded_at).is_(None)
    if as_of is None:
        return [col(CapLine.recorded_at).is_not(None), live]
    return [col(CapLine.recorded_at) < as_of, or_(live, col(CapLine.superseded_at) >= as_of)]


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
    statement = _LINES_NOW if as_of is None else _LINES.where(*adopted(as_of))
    found: dict[int, list[tuple[CapLine, PlanDocument]]] = {}
    for line, document in session.exec(statement, params={"caps": [cap.id for cap in caps]}).all():
        found.setdefault(line.cap_id, []).append((line, document))
    return found


def versions_of(session: Session, caps: Collection[Cap]) -> dict[int, list[tuple[CapLine, PlanDocument]]]:
    """Return every line that caps ever had, superseded and unconfirmed ones too, as they were entered."""
    statement = (
        select(CapLine, PlanDocument)
        .join(PlanDocument, col(PlanDocument.id) == col(CapLine.document_id))
        .where(col(CapLine.cap_id).in_([cap.id for cap in caps]))
        .order_by(col(CapLine.id))
    )
    found: dict[int, list[tuple[CapLine, PlanDocument]]] = {}
    for line, document in session.exec(statement).all():
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


def years_changed(
    cap: Cap, lines: Sequence[tuple[CapLine, PlanDocument]], document: PlanDocument, within: range
) -> list[Year]:
    """Return which years of a range a document in force gives another figure than they had.

    `lines` are those in force, oldest first. The first figure of a year is no change: only an amendment
    takes the place of one, or a new plan that of one carried forward.
    """
    others = [pair for pair in lines if pair[1].id != document.id]
    given = [year for year in map(Year, within) if _source(cap, lines, year) == document.id]
    return [year for year in given if document.amends_id is not None or _source(cap, others, year)]


def _source(cap: Cap, lines: Sequence[tuple[CapLine, PlanDocument]], year: Year) -> int | None:
    line = figure(cap, lines, year).line
    return line.document_id if line else None


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
