"""Reads and locks of plan documents and of their rows."""

from collections.abc import Collection
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, or_, select

from registry.identity.queries import visible
from registry.identity.rules import Actor
from registry.kernel.errors import NotFound
from registry.kernel.quantity import LARGEST
from registry.kernel.vocabulary import PlanState
from registry.plans.models import PlanDocument
from registry.platform.db import locked
from registry.regions.queries import lineage

Row = TypeVar("Row", bound=SQLModel)


def documents(session: Session, regions: Collection[str] | None = None) -> list[PlanDocument]:
    """Return the plan documents of these regions or of all: by region, each before what amends it."""
    statement = select(PlanDocument).order_by(col(PlanDocument.region), col(PlanDocument.id))
    if regions is not None:
        statement = statement.where(col(PlanDocument.region).in_(regions))
    return list(session.exec(statement).all())


def readable_places(session: Session, actor: Actor) -> set[str] | None:
    """Return the regions whose plans the actor may read, None for all: a county reads those above it too."""
    seen = visible(session, actor, "plans.read")
    return None if seen is None else {code for place in seen for code in lineage(session, place)}


def document(session: Session, document_id: int, regions: Collection[str] | None) -> PlanDocument:
    """Return one document that lies in the given regions.

    Raises:
        NotFound: there is none.
    """
    found = session.get(PlanDocument, document_id) if 0 < document_id <= LARGEST else None
    if found is None or (regions is not None and found.region not in regions):
        raise NotFound("plan", document_id)
    return found


def amendments_of(session: Session, amended: PlanDocument) -> list[PlanDocument]:
    """Return the amendments of a plan in the order in which they were entered, withdrawn ones too."""
    statement = select(PlanDocument).where(PlanDocument.amends_id == amended.id)
    return list(session.exec(statement.order_by(col(PlanDocument.id))).all())


def document_with(session: Session, content_hash: str) -> PlanDocument | None:
    """Return the document that was loaded from this very content."""
    return session.exec(select(PlanDocument).where(PlanDocument.content_hash == content_hash)).first()


def document_called(
    session: Session, region: str, names: Collection[str | None], state: PlanState | None = None
) -> PlanDocument | None:
    """Return the first document of a region with one of these numbers or titles that was not withdrawn."""
    wanted = [name for name in names if name]
    named = or_(col(PlanDocument.number).in_(wanted), col(PlanDocument.title).in_(wanted))
    stands = PlanDocument.state != PlanState.withdrawn
    statement = (
        select(PlanDocument)
        .where(PlanDocument.region == region, named, stands)
        .order_by(col(PlanDocument.id))
    )
    if state is not None:
        statement = statement.where(PlanDocument.state == state)
    return session.exec(statement).first()


def locked_document(session: Session, document_id: int, regions: Collection[str] | None) -> PlanDocument:
    """Lock one document that lies in the given regions.

    Raises:
        NotFound: there is none.
    """
    statement = select(PlanDocument).where(PlanDocument.id == document_id)
    found = locked(session, statement) if 0 < document_id <= LARGEST else []
    if not found or (regions is not None and found[0].region not in regions):
        raise NotFound("plan", document_id)
    return found[0]


def rows_of(session: Session, table: type[Row], document: PlanDocument) -> list[Row]:
    """Return a document's rows of one table in the order of the document."""
    columns: Any = table
    statement = select(table).where(columns.document_id == document.id).order_by(columns.id)
    return list(session.exec(statement).all())
