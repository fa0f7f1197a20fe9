"""The papers that are kept: the list, one of them, its file; and taking one back."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.documents.models import Document
from registry.documents.queries import Wanted, documents, predecessor, read_wanted, successor
from registry.documents.service import document_for, kept_bytes, revoke
from registry.identity.queries import permits, visible
from registry.identity.rules import Actor
from registry.kernel.errors import Busy, Forbidden, NotFound, RegistryError
from registry.kernel.shown import Shown
from registry.kernel.vocabulary import DocumentKind, DocumentState
from registry.request import Form, Posted, Reader, Transaction, allowed
from registry.web.documents.batch_form import BatchForm, batch_form, batch_typed
from registry.web.downloads import file_answer
from registry.web.forms import field_errors, status_of
from registry.web.page import page, redirect
from registry.web.paging import SIZE, Paging, offset, read_page
from registry.web.templates import new_key

router = APIRouter()
_READ, _REVOKE = "documents.read", "right.grant"
_FILTERS = ("kind", "state", "year", "q")
_SHOWN = {
    DocumentState.current: Shown("○", DocumentState.current.label, "ok"),
    DocumentState.replaced: Shown("△", DocumentState.replaced.label, "unknown"),
    DocumentState.revoked: Shown("■", DocumentState.revoked.label, "over"),
}
_ASKED = {"kind": "print_kind", "subject": "subject", "year": "print_year", "edition": "edition"}
_NOTHING: Mapping[str, str] = {}


@router.api_route("/documents", methods=["GET", "HEAD"])
def document_list(request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)]) -> HTMLResponse:
    """Show the papers about one's jurisdiction, the newest first, and the form that orders a print."""
    typed = {field: request.query_params.get(name, "") for field, name in _ASKED.items()}
    return listed(request, session, actor, typed)


def listed(
    request: Request, session: Session, actor: Actor, typed: Mapping[str, str],
    refused: tuple[RegistryError, str] | None = None, batch: BatchForm | None = None,
) -> HTMLResponse:  # fmt: skip
    """Return the list, and the forms with what was typed and what is wrong with it."""
    query = {name: request.query_params.get(name, "") for name in _FILTERS}
    wanted, number = read_wanted(query), read_page(request.query_params.get("page", ""))
    found = documents(session, visible(session, actor, _READ), wanted, offset(number), SIZE)
    error, key = refused or (None, new_key())
    many = batch or batch_form(batch_typed(request.query_params))
    facts = {
        "batch": many,
        "rows": [(one, _SHOWN[one.state], _subject(one)) for one in found.documents],
        "wanted": wanted,
        "is_plain": wanted == Wanted(),
        "kinds": list(DocumentKind),
        "choices": [(one.value, one.label) for one in DocumentKind],
        "states": list(DocumentState),
        "typed": dict.fromkeys(_ASKED, "") | dict(typed),
        "key": key,
        "errors": field_errors(error) if error else {},
        "paging": Paging("/documents", query, number, found.total),
    }
    return page(
        request, session, actor, "documents/list.html", facts, status_of(error) if error else many.status
    )


@router.api_route("/documents/{number}.pdf", methods=["GET", "HEAD"])
def document_file(session: Reader, actor: Annotated[Actor, allowed(_READ)], number: str) -> Response:
    """Give the bytes of a paper as they were printed."""
    found = document_for(session, actor, number)
    return file_answer(kept_bytes(found), f"{found.title}（{found.number}）.pdf", "application/pdf")


@router.api_route("/documents/{number}", methods=["GET", "HEAD"])
def one_document(
    request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)], number: str
) -> HTMLResponse:
    """Show one paper: what it is, what it rests on, whether it holds."""
    return _one(request, session, actor, number)


@router.post("/documents/{number}/revoke")
def take_back(
    request: Request, session: Transaction, actor: Annotated[Actor, allowed(_REVOKE)], form: Posted,
    number: str,
) -> Response:  # fmt: skip
    """Take a paper back; what is refused comes back with what was typed."""
    try:
        with session.begin_nested():
            revoke(session, actor, number, form["reason"])
    except (Busy, Forbidden, NotFound):
        raise
    except RegistryError as error:
        return _one(request, session, actor, number, (error, form))
    return redirect(f"/documents/{number}")


def _one(
    request: Request, session: Session, actor: Actor, number: str,
    refused: tuple[RegistryError, Form] | None = None,
) -> HTMLResponse:  # fmt: skip
    found = document_for(session, actor, number)
    error, typed = refused or (None, _NOTHING)
    facts = {
        "one": found,
        "shown": _SHOWN[found.state],
        "subject": _subject(found),
        "earlier": predecessor(session, found),
        "later": successor(session, found),
        "may_revoke": found.state is DocumentState.current and permits(session, actor, _REVOKE, found.office),
        "typed": typed,
        "errors": field_errors(error) if error else {},
    }
    return page(request, session, actor, "documents/one.html", facts, status_of(error) if error else 200)


def _subject(one: Document) -> str:
    """Return the address of what a paper is about."""
    return {
        "right": f"/rights/{quote(one.subject)}",
        "permit": f"/rights?{urlencode({'q': one.subject})}",
        "region": f"/?{urlencode({'year': one.year, 'region': one.subject})}",
        "alarm": f"/alarms/{quote(one.subject)}",
    }[one.kind.about]
