"""Printed papers: the list, one, its file; and the sheet of a permit, printed where it has changed."""

from contextlib import suppress
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from registry.api.paging import after, listed
from registry.api.shapes.common import Listed
from registry.api.shapes.documents import DocumentOut, OneDocumentOut
from registry.api.shapes.inputs import USUAL_ROWS, Cursor, Filter, Limit, RegionFilter, Word, YearFilter
from registry.api.strict import StrictRoute
from registry.api.told import day, moment, why
from registry.documents.models import Document
from registry.documents.queries import Wanted, documents_behind, predecessor, successor
from registry.documents.rules import Order
from registry.documents.service import document_for, kept_bytes, standing_paper
from registry.identity.queries import readable
from registry.identity.rules import Actor
from registry.kernel.errors import Busy, NotFound, RegistryError
from registry.kernel.period import parse_year
from registry.kernel.vocabulary import DocumentKind, DocumentState
from registry.platform.db import reader
from registry.platform.files import FileDamaged
from registry.request import Reader, allowed, engine_of
from registry.request.printing import printed
from registry.workflows.job_book import anybody_works

router = APIRouter(prefix="/documents", tags=["documents"], route_class=StrictRoute)
permits = APIRouter(prefix="/permits", tags=["documents"], route_class=StrictRoute)
_LIST = "documents"


class PrintUnsuccessful(RegistryError):
    """The print that was ordered failed; the job keeps why."""

    code = "print_unsuccessful"


class PrintWaiting(Busy):
    """The paper is not laid out yet: it waits its turn, or no worker is there."""

    code = "print_waiting"


class PdfAnswer(Response):
    """A PDF."""

    media_type = "application/pdf"


_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {PdfAnswer.media_type: {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("", response_model=Listed[DocumentOut], summary="打印并存档的文书")
def get_documents(
    actor: Annotated[Actor, allowed("documents.read")],
    session: Reader,
    kind: DocumentKind | None = None,
    state: DocumentState | None = None,
    year: YearFilter = None,
    q: Annotated[Filter, Query(description="文书编号、对象或标题的一部分")] = None,
    region: RegionFilter = None,
    cursor: Cursor = None,
    limit: Limit = USUAL_ROWS,
) -> dict[str, Any]:
    """List kept papers, the newest first."""
    wanted = Wanted(kind, state, parse_year(year).year if year else None, q or "")
    places = readable(session, actor, "documents.read", region)
    behind = after(cursor, _LIST, str)
    rows = documents_behind(session, places, wanted, behind[0] if behind else None, limit + 1)
    return listed(_LIST, rows, limit, lambda one: (one.number,), _told)


@router.get("/{number}.pdf", response_class=PdfAnswer, responses=_PDF, summary="文书的 PDF")
def get_file(actor: Annotated[Actor, allowed("documents.read")], session: Reader, number: Word) -> Response:
    """Give the bytes of a paper as they were printed."""
    return _file(document_for(session, actor, number))


@router.get("/{number}", response_model=OneDocumentOut, summary="一件文书")
def get_document(
    actor: Annotated[Actor, allowed("documents.read")], session: Reader, number: Word
) -> dict[str, Any]:
    """Give one paper: what it is, what it rests on, whether it holds."""
    found = document_for(session, actor, number)
    before, later = predecessor(session, found), successor(session, found)
    return _told(found) | {
        "replaces": before.number if before else None, "replaced_by": later.number if later else None,
    }  # fmt: skip


@permits.get("/{number}.pdf", response_class=PdfAnswer, responses=_PDF, summary="许可证打印件")
async def get_permit(
    request: Request, actor: Annotated[Actor, allowed("report.print")], number: Word
) -> Response:
    """Give the sheet of a permit; it is printed and numbered anew only where it would say something else.

    Where the print takes longer than some seconds the answer is 503: ask again.
    """
    order = Order(DocumentKind.permit, number)
    if (kept := await run_in_threadpool(_standing, request, actor, order)) is not None:
        return kept
    job = await printed(request, actor, order)
    if job.error_code:
        raise PrintUnsuccessful(reason=why(job))
    if not job.outcome:
        raise PrintWaiting
    return await run_in_threadpool(_numbered, request, actor, str(job.outcome["document"]))


def _standing(request: Request, actor: Actor, order: Order) -> Response | None:
    """Return the file of the paper that still holds, or None where a worker can print it."""
    with reader(engine_of(request)) as session:
        found, is_attended = standing_paper(session, actor, order), anybody_works(session)
    with suppress(NotFound, FileDamaged):
        if found is not None:
            return _file(found)
    if not is_attended:
        raise PrintWaiting  # whoever asks again and again would order print after print
    return None


def _numbered(request: Request, actor: Actor, number: str) -> Response:
    with reader(engine_of(request)) as session:
        return _file(document_for(session, actor, number))


def _file(found: Document) -> Response:
    name = quote(f"{found.title}（{found.number}）.pdf", safe="")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return PdfAnswer(kept_bytes(found), headers=headers)


def _told(one: Document) -> dict[str, Any]:
    return {
        "number": one.number, "kind": one.kind, "subject": one.subject, "year": one.year,
        "region": one.region, "office": one.office, "title": one.title, "issuer": one.issuer,
        "sha256": one.sha256, "size": one.size, "data_through": day(one.data_through), "actor": one.actor,
        "made_at": moment(one.made_at), "state": one.state, "ended_at": moment(one.ended_at),
        "reason": one.reason,
    }  # fmt: skip
