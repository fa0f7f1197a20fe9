"""Reads of what plans aim at: their indicators and their figures of reserves."""

from collections.abc import Collection
from datetime import date

from sqlmodel import Session, col, select

from registry.kernel.vocabulary import PlanState
from registry.plans.models import Indicator, PlanDocument, PlanReserve


def indicators_over(
    session: Session, regions: Collection[str], on: date
) -> list[tuple[Indicator, PlanDocument]]:
    """Return the indicators of the adopted plans of regions that had begun on a day, in the plans' order.

    Where a later plan of a region states the same indicator anew, the later one holds.
    """
    statement = (
        select(Indicator, PlanDocument)
        .join(PlanDocument, col(PlanDocument.id) == col(Indicator.document_id))
        .where(
            col(PlanDocument.region).in_(regions),
            PlanDocument.state == PlanState.adopted,
            col(PlanDocument.valid_from) <= on,
        )
        .order_by(col(PlanDocument.valid_from), col(Indicator.id))
    )
    newest = {(plan.region, line.code): (line, plan) for line, plan in session.exec(statement).all()}
    return sorted(newest.values(), key=lambda pair: pair[0].id or 0)


def reserves_over(session: Session, region: str, on: date) -> list[tuple[PlanReserve, PlanDocument]]:
    """Return the reserve figures of the adopted plans of a region that had begun on a day, in their order."""
    statement = (
        select(PlanReserve, PlanDocument)
        .join(PlanDocument, col(PlanDocument.id) == col(PlanReserve.document_id))
        .where(
            PlanDocument.region == region,
            PlanDocument.state == PlanState.adopted,
            col(PlanDocument.valid_from) <= on,
        )
        .order_by(col(PlanReserve.id))
    )
    return list(session.exec(statement).all())
