"""Reads of the papers that are kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, or_, select

from registry.documents.models import Document
from registry.kernel.errors import Invalid
from registry.kernel.fields import SHORT, clean
from registry.kernel.period import parse_year
from registry.kernel.spelling import spellings
from registry.kernel.vocabulary import DocumentKind, DocumentState


def by_number(session: Session, number: str) -> Document | None:
    """Return the paper of a number."""
    return session.exec(select(Document).where(Document.number == number)).first()


def by_digest(session: Session, digest: str) -> Document | None:
    """Return the paper whose bytes have this SHA-256."""
    return session.exec(select(Document).where(Document.sha256 == digest)).first()


def current_of(session: Session, key: str) -> Document | None:
    """Return the paper that holds now for what a key names."""
    statement = select(Document).where(Document.key == key, Document.state == DocumentState.current)
    return session.exec(statement.execution_options(populate_existing=True)).first()


def current_saying(session: Session, kind: DocumentKind, subject: str, content: str) -> Document | None:
    """Return the oldest paper of any office that holds and says just this."""
    statement = select(Document).where(
        Document.kind == kind,
        Document.subject == subject,
        Document.content == content,
        Document.state == DocumentState.current,
    )
    return session.exec(statement.order_by(col(Document.id))).first()


def successor(session: Session, document: Document) -> Document | None:
    """Return the paper that has replaced one."""
    return session.exec(select(Document).where(Document.replaces_id == document.id)).first()


def predecessor(session: Session, document: Document) -> Document | None:
    """Return the paper that one has replaced."""
    return session.get(Document, document.replaces_id) if document.replaces_id else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which papers a list shows; nothing set shows all."""

    kind: DocumentKind | None = None
    state: DocumentState | None = None
    year: int | None = None
    text: str = ""


def read_wanted(query: Mapping[str, str]) -> Wanted:
    """Return the filters of a list of papers.

    Raises:
        Invalid: a word or a year that cannot be read.
    """
    year = query.get("year", "")
    return Wanted(
        kind=_word(DocumentKind, "kind", query.get("kind", "")),
        state=_word(DocumentState, "state", query.get("state", ""), "status"),
        year=parse_year(year).year if year else None,
        text=clean(query.get("q", ""), "q", SHORT) or "",
    )


def _word(family: Any, field: str, text: str, called: str = "") -> Any:
    found = family.read(text) if text else None
    if text and found is None:
        accepted = "、".join(one.label for one in family)
        raise Invalid("word_unknown", field, text, accepted=accepted, called=called)
    return found


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list of papers, and how many the whole list has."""

    documents: tuple[Document, ...]
    total: int


def documents(
    session: Session, regions: set[str] | None, wanted: Wanted, first: int = 0, count: int = 50
) -> Found:
    """Return `count` of the wanted papers about these regions from place `first`, the newest first."""
    holds = _conditions(regions, wanted)
    total = session.exec(select(func.count(col(Document.id))).where(*holds)).one()
    statement = select(Document).where(*holds).order_by(col(Document.id).desc()).offset(first).limit(count)
    return Found(tuple(session.exec(statement).all()), total)


def documents_behind(
    session: Session, regions: set[str] | None, wanted: Wanted, behind: str | None, most: int
) -> list[Document]:
    """Return the wanted papers about these regions, the newest first, behind the one of this number."""
    statement = select(Document).where(*_conditions(regions, wanted)).order_by(col(Document.id).desc())
    if behind is not None:
        place = select(Document.id).where(Document.number == behind).scalar_subquery()
        statement = statement.where(col(Document.id) < place)
    return list(session.exec(statement.limit(most)).all())


def _conditions(regions: set[str] | None, wanted: Wanted) -> list[Any]:
    holds: list[Any] = [] if regions is None else [col(Document.region).in_(regions)]
    holds += [col(Document.kind) == wanted.kind] if wanted.kind else []
    holds += [col(Document.state) == wanted.state] if wanted.state else []
    holds += [col(Document.year) == wanted.year] if wanted.year else []
    if wanted.text:
        columns = (Document.number, Document.subject, Document.title)
        parts = [(col(one), text) for one in columns for text in spellings(wanted.text)]
        holds.append(or_(*(column.icontains(text, autoescape=True) for column, text in parts)))
    return holds


def papers_about(session: Session, subjects: Collection[str], most: int = 20) -> list[Document]:
    """Return the newest papers about any of these permits, rights or regions."""
    statement = select(Document).where(col(Document.subject).in_(subjects))
    return list(session.exec(statement.order_by(col(Document.id).desc()).limit(most)).all())
