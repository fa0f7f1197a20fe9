"""Orders a print as a job, takes a paper back, and tells whoever checks one what is known of it."""

import hashlib
from dataclasses import asdict, dataclass

from sqlmodel import Session, select

from registry.documents.models import Document
from registry.documents.queries import by_digest, by_number
from registry.documents.rules import NotCurrent, Order, number_in, verdict
from registry.documents.service.freezing import subject_of
from registry.identity.queries import require, visible
from registry.identity.rules import Actor
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.fields import LONG, clean
from registry.kernel.vocabulary import DocumentState, DocumentVerdict
from registry.platform import audit, clock, jobs
from registry.platform.db import locked

PRINT = "print"  # the kind of the job


def order_print(session: Session, actor: Actor, order: Order, key: str | None = None) -> jobs.Job:
    """Let a worker print a paper; the same key gives the job that is there.

    Raises:
        NotFound, NotOnTheBooks: there is nothing to print, or not for them.
    """
    subject = subject_of(session, actor, order)
    return jobs.enqueue(session, PRINT, actor.name, about=(subject.region,), key=key, **asdict(order))


def document_for(session: Session, actor: Actor, number: str) -> Document:
    """Return a paper that the actor may see.

    Raises:
        NotFound: there is none of this number, or it is about another jurisdiction.
    """
    found = by_number(session, number)
    seen = visible(session, actor, "documents.read")
    if found is None or (seen is not None and found.region not in seen):
        raise NotFound("document", number)
    return found


def revoke(session: Session, actor: Actor, number: str, reason: str) -> Document:
    """Take a paper back: from now on it is told to be revoked, with nothing in its place.

    Raises:
        NotFound: there is none of this number, or it is about another jurisdiction.
        Forbidden: the actor's roles in the office that printed it do not permit it.
        Invalid: no reason is given.
        NotCurrent: it has been replaced or revoked already.
    """
    known = document_for(session, actor, number)
    require(session, actor, "right.grant", known.office)
    why = clean(reason, "reason", LONG)
    if why is None:
        raise Invalid("field_missing", "reason", reason, accepted="撤销理由")
    [document] = locked(session, select(Document).where(Document.id == known.id))
    if document.state is not DocumentState.current:
        raise NotCurrent(number=number, state=document.state.label)
    document.state, document.reason, document.ended_at = DocumentState.revoked, why, clock.now(session)
    session.add(document)
    audit.note(session, document.office, actor.name, "document.revoke", number, reason=why)
    session.flush()
    return document


@dataclass(frozen=True, slots=True)
class Checked:
    """What is told about a paper, and the paper itself where there is one."""

    verdict: DocumentVerdict
    document: Document | None = None


def check_number(session: Session, number: str) -> Checked:
    """Tell whether a paper of this number holds."""
    found = by_number(session, number)
    return Checked(verdict(found.state if found else None), found)


def check_digest(session: Session, digest: str, number: str | None) -> Checked:
    """Tell about the bytes with this SHA-256, that are said to be the paper of this number."""
    found = by_digest(session, digest)
    claimed = by_number(session, number) if number else found
    if claimed is not None and (found is None or found.id != claimed.id):
        return Checked(DocumentVerdict.altered, claimed)
    return Checked(verdict(claimed.state if claimed else None), claimed)


def check_file(session: Session, content: bytes, number: str | None = None) -> Checked:
    """Tell about a file; without a number it is held to be the paper whose number it carries inside."""
    digest = hashlib.sha256(content).hexdigest()
    if number is None and (found := by_digest(session, digest)) is not None:
        return Checked(verdict(found.state), found)
    return check_digest(session, digest, number or number_in(content))
