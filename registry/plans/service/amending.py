"""Amends a plan: one person enters the change (调整 or 批复), another confirms it, or it is withdrawn."""

import dataclasses
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from registry.identity.queries import require, visible
from registry.identity.rules import Actor, SamePerson
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.fields import clean, shown
from registry.kernel.period import Day, Term
from registry.kernel.vocabulary import PlanAct, PlanState
from registry.plans.models import Cap, CapLine, PlanDocument
from registry.plans.queries import document_called, document_with, figure, lines_in, lines_of, locked_document
from registry.plans.rules import STEPS, CapNotInPlan, CapRow, LoadPlan, PersonRequired, remainders, scan_type
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
from registry.platform import clock, files
from registry.regions.queries import gate, lineage

LARGEST_SCAN = 20_000_000
_SCAN, _MOST = "PDF、JPEG 或 PNG", "≤ 20 MB"
_LONGEST_REASON = 2000


def enter_amendment(
    session: Session, actor: Actor, command: LoadPlan, scan: str | None = None
) -> PlanDocument:
    """Enter an amendment of a plan; nothing changes until another person confirms it.

    A line whose 属性 the amendment does not print keeps the one in force. `scan` is what `keep_scan`
    returned for the scanned document. The same content again returns what is there; a scan that it came
    without may follow until it is confirmed.

    Raises:
        PersonRequired: the system cannot answer for an amendment.
        NotFound: the region has no adopted document of the number or title that is amended.
        AmendmentPending: one of that number with other content waits to be confirmed.
        PlanAlreadyLoaded: the region has a document of that number in force with other content.
        CapNotInPlan: the region has no such cap.
        CapKindDiffers: a figure is of another kind than the cap.
    """
    gate(session)
    judge_place(session, command)
    _refuse_system(actor, "录入")
    require(session, actor, "plan.enter", command.region)
    if (known := document_with(session, command.content_hash)) is not None:
        return _with_scan(session, actor, known, scan)
    refuse_namesake(session, command, (command.number,))
    amended = document_called(session, command.region, (command.amends,), PlanState.adopted)
    if amended is None:
        raise NotFound("plan", command.amends)
    caps = known_caps(session, command)
    rows = [_as_it_will_stand(session, row, caps, amended) for row in command.caps]
    document = add_document(session, actor, command, PlanState.entered, amended.id, scan)
    add_lines(session, document, rows, caps, None)
    add_rows(session, document, command)
    note(session, actor, "plan.amend", document, amends=amended.number or amended.title, scan=scan)
    return document


def confirm_amendment(session: Session, actor: Actor, document_id: int) -> PlanDocument:
    """Put an amendment in force: its lines take the place of the live ones on the days they cover.

    Raises:
        PersonRequired: the system cannot answer for an amendment.
        NotFound: no such document in the actor's jurisdiction.
        WrongState: it is in force already, or withdrawn.
        SamePerson: the actor entered it.
    """
    gate(session)
    _refuse_system(actor, "确认")
    document = locked_document(session, document_id, visible(session, actor, "plans.read"))
    require(session, actor, "plan.confirm", document.region)
    adopted = STEPS.after(document.state, PlanAct.confirmed)
    if document.entered_by == actor.name:
        raise SamePerson(actor=actor.name)
    moment = clock.now(session)
    document.state, document.confirmed_by, document.confirmed_at = adopted, actor.name, moment
    entered = lines_in(session, document)
    for cap, line in entered:
        _supersede(session, cap, line, moment)
    names = sorted({cap.name for cap, _ in entered})
    note(session, actor, "plan.confirm", document, caps=names, entered_by=document.entered_by)
    return document


def withdraw_amendment(session: Session, actor: Actor, document_id: int, reason: str) -> PlanDocument:
    """Take back an amendment that nobody confirmed; its number, title and content are free again.

    Its lines stay without `recorded_at`, as they were entered: they never gave a cap a figure.

    Raises:
        PersonRequired: the system cannot answer for an amendment.
        Invalid: no reason was given.
        NotFound: no such document in the actor's jurisdiction.
        WrongState: it is in force already, or withdrawn.
    """
    told = clean(reason, "reason", _LONGEST_REASON)
    if told is None:
        raise Invalid("field_missing", "reason", "", accepted="撤回须写明理由")
    gate(session)
    _refuse_system(actor, "撤回")
    document = locked_document(session, document_id, visible(session, actor, "plans.read"))
    require(session, actor, _permission_to_withdraw(session, actor, document), document.region)
    document.state = STEPS.after(document.state, PlanAct.withdrawn)
    note(session, actor, "plan.withdraw", document, reason=told, entered_by=document.entered_by)
    document.content_hash = f"withdrawn:{document.id}:{document.content_hash}"
    session.flush()  # before the corrected one is entered: contents are unique
    return document


def keep_scan(folder: Path, content: bytes) -> str:
    """Keep a scanned document and return its SHA-256; called before the transaction, because it hashes.

    Raises:
        Invalid: neither PDF nor JPEG nor PNG, or larger than 20 MB.
    """
    if len(content) > LARGEST_SCAN:
        raise Invalid("file_too_large", "scan", len(content), accepted=_MOST)
    if scan_type(content) is None:
        raise Invalid("not_a_scan", "scan", shown(content[:8].decode("latin-1")), accepted=_SCAN)
    return files.keep(folder, content)


def _with_scan(session: Session, actor: Actor, known: PlanDocument, scan: str | None) -> PlanDocument:
    if scan is not None and known.scan is None and known.state is PlanState.entered:
        known.scan = scan
        note(session, actor, "plan.scan", known, scan=scan)
    return known


def _refuse_system(actor: Actor, act: str) -> None:
    if actor.is_system:
        raise PersonRequired(actor=actor.name, act=act)


def _permission_to_withdraw(session: Session, actor: Actor, document: PlanDocument) -> str:
    """Whoever could confirm it may also send it back; else only those who enter amendments."""
    confirms = actor.regions_permitting("plan.confirm") & set(lineage(session, document.region))
    return "plan.confirm" if confirms else "plan.enter"


def _as_it_will_stand(session: Session, row: CapRow, caps: Keyed, amended: PlanDocument) -> CapRow:
    cap = caps.get((row.mineral, row.period))
    if cap is None:
        name = f"{amended.region}/{row.mineral}/{row.period}"
        raise CapNotInPlan(cap=name, plan=amended.title, clause=row.clause)
    if row.binding is not None:
        return row
    lines = lines_of(session, [cap]).get(cap.id or 0, [])
    return dataclasses.replace(row, binding=figure(cap, lines, Day(row.valid_from)).binding)


def _supersede(session: Session, cap: Cap, line: CapLine, moment: datetime) -> None:
    """Let a line take over; what it leaves of an older one stays as a shortened copy.

    The older line itself is only marked, so that looking back still finds what was known then.
    """
    new = Term(line.valid_from, line.valid_to)
    live = [old for old, _ in lines_of(session, [cap]).get(cap.id or 0, [])]
    overlapped = [old for old in live if new.touches(Term(old.valid_from, old.valid_to))]
    for old in overlapped:
        old.superseded_at = moment
    session.flush()  # before the copies: a live line is unique by its first day
    line.recorded_at = moment
    kept = {"id", "valid_from", "valid_to", "recorded_at", "superseded_at"}
    for old in overlapped:
        for first, last in remainders((old.valid_from, old.valid_to), (line.valid_from, line.valid_to)):
            copy = CapLine(
                **old.model_dump(exclude=kept), valid_from=first, valid_to=last, recorded_at=moment
            )
            session.add(copy)
    session.flush()
