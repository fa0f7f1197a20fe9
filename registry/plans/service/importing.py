"""Loads a whole plan, in force at once."""

from sqlmodel import Session

from registry.identity.queries import require
from registry.identity.rules import Actor
from registry.kernel.period import Term
from registry.kernel.vocabulary import PlanState
from registry.plans.models import Cap, PlanDocument
from registry.plans.queries import document_with, lines_of
from registry.plans.rules import CapLinesOverlap, LoadPlan
from registry.plans.service.writing import (
    Keyed,
    add_document,
    add_lines,
    add_rows,
    judge_place,
    known_caps,
    note,
    refuse_namesake,
)
from registry.regions.queries import gate


def import_plan(session: Session, actor: Actor, command: LoadPlan) -> PlanDocument:
    """Load a plan in force; the same content again changes nothing and returns what is there.

    Raises:
        PlanAlreadyLoaded: the region has a document of that number or title with other content.
        CapLinesOverlap: another document gives one of the caps a figure for the same days.
        CapKindDiffers: a cap has been measured in another kind.
        Invalid: the region is unknown, or of another level.
    """
    gate(session)
    judge_place(session, command)
    require(session, actor, "plan.import", command.region)
    if (known := document_with(session, command.content_hash)) is not None:
        return known
    refuse_namesake(session, command, (command.number, command.title))
    caps = known_caps(session, command)
    _refuse_overlaps(session, command, caps)
    _open_caps(session, command, caps)
    document = add_document(session, actor, command, PlanState.adopted)
    add_lines(session, document, command.caps, caps, document.entered_at)
    add_rows(session, document, command)
    note(session, actor, "plan.import", document, caps=len(command.caps))
    return document


def _refuse_overlaps(session: Session, command: LoadPlan, caps: Keyed) -> None:
    live = lines_of(session, caps.values())
    for row in command.caps:
        cap = caps.get((row.mineral, row.period))
        days = Term(row.valid_from, row.valid_to)
        for line, document in live.get(cap.id or 0, []) if cap else ():
            if cap and days.touches(Term(line.valid_from, line.valid_to)):
                raise CapLinesOverlap(
                    cap=cap.name, document=document.title, clause=line.clause, valid_from=line.valid_from,
                    valid_to=line.valid_to, given=row.clause,
                )  # fmt: skip


def _open_caps(session: Session, command: LoadPlan, caps: Keyed) -> None:
    for row in command.caps:
        if (row.mineral, row.period) not in caps:
            cap = Cap(region=command.region, mineral=row.mineral, period=row.period, kind=row.kind)
            caps[row.mineral, row.period] = cap
            session.add(cap)
    session.flush()
