"""Prints and keeps a paper: frozen in one read, laid out outside any transaction, numbered in a short one."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlmodel import Session

from registry.documents.models import Document
from registry.documents.queries import current_of, current_saying
from registry.documents.rules import Order
from registry.documents.rules.orders import document_number
from registry.documents.service import turns
from registry.documents.service.freezing import Frozen, frozen
from registry.documents.service.printing import Sheet
from registry.documents.service.turns import Turn
from registry.identity.queries import actor_named
from registry.identity.rules import Actor
from registry.kernel.errors import Busy, NotFound
from registry.kernel.vocabulary import DocumentState
from registry.platform import audit, clock, files
from registry.platform.db import reader, transaction
from registry.settings import settings
from reports.frozen import freeze, thaw
from reports.writing import template_version

_TRIES = 20  # of being the first with a number; between two of them a rival has printed


class _NumberTaken(Exception):
    """A rival has printed meanwhile: the paper shows a number that is not the next any more."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper before it has its row; `lost` says the same, but its file is gone for good."""

    frozen: Frozen
    number: str
    sheet: Sheet
    sha256: str
    size: int
    lost: Document | None = None


def issue(engine: Engine, order: Order, name: str | None, lay_out: Callable[[Sheet], bytes]) -> str:
    """Print a paper for somebody and return its number; what still says the same is not printed again.

    Raises:
        NotFound, NotOnTheBooks: there is nothing to print, or not for them.
        FileUnwritable: the bytes cannot be kept; no number was given.
        Busy: twenty times a rival was quicker.
    """
    for _ in range(_TRIES):
        with reader(engine) as session:
            actor = actor_named(session, name)
            found = frozen(session, actor, order)
            kept = _still_true(session, found)
        if kept is not None and _at_hand(kept, type(found.sheet), lay_out):
            return kept.number
        turn = turns.take(engine, found.office, found.day.year)
        try:
            printed = _print(found, turn, lay_out, kept)
            turns.await_turn(engine, turn)
            with transaction(engine) as session:
                return _keep(session, actor, printed)
        except _NumberTaken:
            continue
        finally:
            with transaction(engine) as session:
                turns.give_back(session, turn)
    raise Busy


def _print(found: Frozen, turn: Turn, lay_out: Callable[[Sheet], bytes], kept: Document | None) -> Printed:
    """Lay out a paper with the number of its turn and keep its bytes; no transaction is open meanwhile."""
    number = document_number(found.letters, turn.year, turn.running)
    sheet = found.numbered(number)
    content = lay_out(sheet)
    digest = files.keep(settings().files_dir, content)
    return Printed(found, number, sheet, digest, len(content), kept)


def _at_hand(kept: Document, kind: type[Sheet], lay_out: Callable[[Sheet], bytes]) -> bool:
    """Tell whether the file of a paper is there; what is gone is laid out again from its frozen data.

    Where templates have changed since, that gives other bytes, and the paper has to be a new one.
    """
    with suppress(NotFound, files.FileDamaged):
        kept_bytes(kept)
        return True
    content = lay_out(thaw(kind, kept.data))
    if hashlib.sha256(content).hexdigest() != kept.sha256:
        return False
    files.keep(settings().files_dir, content)
    return True


def standing_paper(session: Session, actor: Actor, order: Order) -> Document | None:
    """Return the paper of any office that still says what would be printed now, one's own before others.

    Raises:
        NotFound, NotOnTheBooks: there is nothing to print, or not for them.
    """
    found = frozen(session, actor, order)
    own = _still_true(session, found)
    return own or current_saying(session, found.order.kind, found.order.subject, found.content)


def _still_true(session: Session, found: Frozen) -> Document | None:
    standing = current_of(session, found.key)
    return standing if standing is not None and standing.content == found.content else None


def _keep(session: Session, actor: Actor, printed: Printed) -> str:
    """Give the paper the number it shows, and write its row; the office's count is the lock."""
    found = printed.frozen
    last = turns.counted(session, found.office, found.day.year, 0)
    lost = printed.lost.number if printed.lost else None
    if (kept := _still_true(session, found)) is not None and kept.number != lost:
        return kept.number
    standing = current_of(session, found.key)
    if document_number(found.letters, found.day.year, last + 1) != printed.number:
        raise _NumberTaken
    turns.counted(session, found.office, found.day.year, 1)
    if standing is not None:
        standing.state, standing.ended_at = DocumentState.replaced, clock.now(session)
        session.add(standing)
        session.flush()
    session.add(_row(session, actor, printed, standing))
    edition = {"edition": found.order.edition} if found.order.edition else {}
    audit.note(
        session, found.office, actor.name, "document.print", printed.number, kind=found.order.kind,
        subject=found.order.subject, year=found.order.year, **edition, sha256=printed.sha256,
        replaces=standing.number if standing else None,
    )  # fmt: skip
    return printed.number


def _row(session: Session, actor: Actor, printed: Printed, standing: Document | None) -> Document:
    found, paper = printed.frozen, printed.sheet.paper
    return Document(
        number=printed.number,
        kind=found.order.kind,
        subject=found.order.subject,
        year=found.order.year or found.day.year,
        region=found.region,
        office=found.office,
        edition=found.order.edition or None,
        key=found.key,
        title=paper.label,
        issuer=paper.office,
        data=freeze(printed.sheet),
        content=found.content,
        sha256=printed.sha256,
        size=printed.size,
        template=template_version(),
        data_through=paper.data_through,
        actor=actor.name,
        made_at=clock.now(session),
        replaces_id=standing.id if standing else None,
    )


def kept_bytes(document: Document) -> bytes:
    """Return the bytes of a paper as they were printed.

    Raises:
        FileDamaged: what lies under its hash is something else.
        NotFound: the file is gone.
    """
    content = files.read(settings().files_dir, document.sha256)
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise files.FileDamaged(digest=document.sha256)
    return content
