"""Puts a plan or an amendment in force, and judges at once everything that its caps measure."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session

from registry.caps.service import rejudge
from registry.identity.rules import Actor
from registry.output.service import backfill, open_duties
from registry.plans import service as plans
from registry.plans.models import Cap, PlanDocument
from registry.plans.queries import caps_of, caps_over, document_with
from registry.plans.rules import LoadPlan
from registry.regions.queries import gate


@dataclass(frozen=True, slots=True)
class Adoption:
    """A document in force, and whether this act changed anything."""

    document: PlanDocument
    changed: bool


def adopt(session: Session, actor: Actor, command: LoadPlan) -> Adoption:
    """Load a plan; returns that were kept before it came are posted to its new caps, then all is judged.

    Raises:
        Refused, Invalid: what `plans.service.import_plan` refuses.
    """
    gate(session)
    known = document_with(session, command.content_hash) is not None
    before = {cap.id for cap in caps_over(session, [command.region])}
    document = plans.import_plan(session, actor, command)
    if known:
        return Adoption(document, changed=False)
    caps = caps_of(session, document)
    backfill(session, actor, [cap for cap in caps if cap.id not in before])
    _judge(session, actor, document, caps)
    return Adoption(document, changed=True)


def confirm(session: Session, actor: Actor, document_id: int) -> PlanDocument:
    """Confirm an amendment, and judge the caps it changed.

    Raises:
        Refused, NotFound: what `plans.service.confirm_amendment` refuses.
    """
    document = plans.confirm_amendment(session, actor, document_id)
    _judge(session, actor, document, caps_of(session, document))
    return document


def _judge(session: Session, actor: Actor, document: PlanDocument, caps: Collection[Cap]) -> None:
    rejudge(session, actor, caps, document.number or document.title, document)
    open_duties(session)
