"""Writes the rows of a plan document, and the checks that plans and amendments share."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel

from registry.identity.rules import Actor
from registry.kernel.errors import Invalid
from registry.kernel.vocabulary import PlanState
from registry.minerals.models import Restriction
from registry.minerals.service import restrict
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
from registry.plans.queries import caps_over, document_called
from registry.plans.rules import AmendmentPending, CapKindDiffers, CapRow, LoadPlan, PlanAlreadyLoaded
from registry.platform import audit, clock
from registry.regions.models import Region

_NO_NUMBER = "无文号"
Keyed = dict[tuple[str, str], Cap]


def judge_place(session: Session, command: LoadPlan) -> None:
    """Refuse a document of a region that is not registered, or is of another level."""
    place = session.get(Region, command.region)
    if place is None:
        raise Invalid("region_unknown", "document.region", command.region, accepted="已登记的行政区划代码")
    if place.level is not command.level:
        raise Invalid("level_differs", "document.level", command.level, accepted=place.level)


def refuse_namesake(session: Session, command: LoadPlan, names: Sequence[str | None]) -> None:
    """Refuse a document whose number or title the region has already with other content."""
    found = document_called(session, command.region, names)
    if found is None:
        return
    if found.state is PlanState.entered and found.number == command.number:
        raise AmendmentPending(document=found.id, number=found.number)
    number = found.number or _NO_NUMBER
    raise PlanAlreadyLoaded(region=command.region, title=found.title, number=number, document=found.id)


def known_caps(session: Session, command: LoadPlan) -> Keyed:
    """Return the caps of the command that are there already, by mineral and period."""
    minerals = {row.mineral for row in command.caps}
    caps: Keyed = {(cap.mineral, cap.period): cap for cap in caps_over(session, [command.region], minerals)}
    for row in command.caps:
        cap = caps.get((row.mineral, row.period))
        if cap is not None and row.printed_unit is not None and cap.kind is not row.kind:
            raise CapKindDiffers(cap=cap.name, stored=cap.kind.label, given=row.kind.label, clause=row.clause)
    return caps


def add_document(
    session: Session,
    actor: Actor,
    command: LoadPlan,
    state: PlanState,
    amends_id: int | None = None,
    scan: str | None = None,
) -> PlanDocument:
    """Write the document itself."""
    document = PlanDocument(
        region=command.region, level=command.level, title=command.title, number=command.number,
        valid_from=command.valid_from, valid_to=command.valid_to, amends_id=amends_id, state=state,
        content_hash=command.content_hash, scan=scan, entered_by=actor.name, entered_at=clock.now(session),
    )  # fmt: skip
    session.add(document)
    session.flush()
    return document


def add_lines(
    session: Session,
    document: PlanDocument,
    rows: Sequence[CapRow],
    caps: Keyed,
    recorded_at: datetime | None,
) -> None:
    """Write the document's cap lines; without `recorded_at` they give no cap a figure yet."""
    lines = [
        CapLine(
            cap_id=caps[row.mineral, row.period].id or 0, document_id=document.id or 0, clause=row.clause,
            printed_name=row.printed_name, printed_value=row.printed_value, printed_unit=row.printed_unit,
            limit=None if row.limit is None else row.limit.base, binding=row.binding,
            approximate=row.approximate, valid_from=row.valid_from, valid_to=row.valid_to,
            recorded_at=recorded_at,
        )
        for row in rows
    ]  # fmt: skip
    session.add_all(lines)
    session.flush()


def add_rows(session: Session, document: PlanDocument, command: LoadPlan) -> None:
    """Write clauses, indicators, reserves, zones, planned rights, notes and restrictions."""
    of: dict[str, Any] = {"document_id": document.id or 0}
    rows: list[SQLModel] = [
        PlanClause(**of, code=clause.code, text=clause.text) for clause in command.clauses
    ]
    rows += _targets(command, of)
    rows += [
        PlanZone(**of, name=z.name, zone_kind=z.kind, minerals="、".join(z.minerals), clause=z.clause)
        for z in command.zones
    ]
    rows += [
        PlannedRight(**of, place=r.place, count=r.count, minerals="、".join(r.minerals), clause=r.clause)
        for r in command.planned_rights
    ]
    rows += [PlanNote(**of, about=n.about, text=n.text) for n in command.notes]
    session.add_all(rows)
    session.flush()
    restrict(session, _restrictions(command))


def _targets(command: LoadPlan, of: dict[str, Any]) -> list[SQLModel]:
    indicators: list[SQLModel] = [
        Indicator(
            **of, code=i.code, name=i.name, mineral=i.mineral, value=i.value, unit=i.unit,
            comparison=i.comparison, printed=i.printed, cumulative=i.cumulative, binding=i.binding,
            year=i.year, baseline=i.baseline, baseline_year=i.baseline_year, clause=i.clause,
        )
        for i in command.indicators
    ]  # fmt: skip
    reserves = [
        PlanReserve(
            **of, mineral=r.mineral, printed_name=r.printed_name, year=r.year, printed_value=r.printed_value,
            printed_unit=r.printed_unit, kind=r.amount.kind, amount=r.amount.base, clause=r.clause,
        )
        for r in command.reserves
    ]  # fmt: skip
    return [*indicators, *reserves]


def _restrictions(command: LoadPlan) -> list[Restriction]:
    return [
        Restriction(
            region=command.region, mineral=r.mineral, printed_name=r.printed_name, kind=r.kind,
            document=command.title, clause=r.clause, valid_from=command.valid_from, valid_to=command.valid_to,
        )
        for r in command.restrictions
    ]  # fmt: skip


def note(session: Session, actor: Actor, act: str, document: PlanDocument, **facts: object) -> None:
    """Leave the act in the audit trail of the document's region."""
    record = document.number or document.title
    facts |= {"document": document.id, "content": document.content_hash}
    audit.note(session, document.region, actor.name, act, record, **facts)
