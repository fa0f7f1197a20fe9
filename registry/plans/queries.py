"""Reads of plans: which caps lie over a place, and which line gave a cap its figure when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from registry.kernel.period import Period
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


def caps_over(session: Session, regions: Collection[str], minerals: Collection[str] | None = None) -> list[Cap]:
    """Return the caps of these regions, of these minerals or of all."""
    statement = select(Cap).where(col(Cap.region).in_(regions)).order_by(col(Cap.id))
    if minerals is not None:
        statement = statement.where(col(Cap.mineral).in_(minerals))
    return list(session.exec(statement).all())


def lines_of(
    session: Session, caps: Collection[Cap], as_of: datetime | None = None
) -> dict[int, list[tuple[CapLine, PlanDocument]]]:
    """Return the adopted lines of caps that were known at a moment (now by default), oldest first."""
    statement = (
        select(CapLine, PlanDocument)
        .join(PlanDocument, col(PlanDocument.id) == col(CapLine.document_id))
        .where(col(CapLine.cap_id).in_([cap.id for cap in caps]), col(CapLine.recorded_at).is_not(None))
        .order_by(col(CapLine.valid_from), col(CapLine.id))
    )
    if as_of is None:
        statement = statement.where(col(CapLine.superseded_at).is_(None))
    else:
        still = or_(col(CapLine.superseded_at).is_(None), col(CapLine.superseded_at) >= as_of)
        statement = statement.where(col(CapLine.recorded_at) < as_of, still)
    found: dict[int, list[tuple[CapLine, PlanDocument]]] = {}
    for line, document in session.exec(statement).all():
        found.setdefault(line.cap_id, []).append((line, document))
    return found


def figure(cap: Cap, lines: Sequence[tuple[CapLine, PlanDocument]], period: Period) -> CapFigure:
    """Return what a cap is in a period, given its lines oldest first.

    A line in force on the period's last day wins, else one in force on any of its days, else the
    last line that ended before it, marked as carried forward (architecture decision 8).
    """
    begun = [pair for pair in lines if pair[0].valid_from <= period.last]
    if not begun:
        return CapFigure(cap)
    live = [pair for pair in begun if pair[0].valid_to >= period.first]
    line, document = max(live or begun, key=lambda pair: (pair[0].valid_to >= period.last, pair[0].valid_from))
    return CapFigure(cap, line, document, carried_forward=not live)
