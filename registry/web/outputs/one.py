"""One return with its revisions, and the act of taking it back."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.identity.queries import permits
from registry.identity.rules import Actor
from registry.kernel.errors import Busy, Forbidden, NotFound, RegistryError
from registry.output.queries import split_public_id
from registry.output.service import void
from registry.platform.idempotency import kept_answer
from registry.request import Posted, Reader, Transaction, allowed
from registry.web.forms import status_of
from registry.web.outputs.form import basis_of, errors_of
from registry.web.outputs.shown import effect_rows, outcome_shown, revision_row
from registry.web.page import page, redirect
from registry.web.templates import new_key
from registry.workflows.preview_return import preview_void
from registry.workflows.return_history import history

router = APIRouter()
_RECORD = "output.record"
_ACTS = ("output.record", "output.void")
_ANY = "预览"  # what taking back does hangs on no reason


@router.api_route("/outputs/one/{right}/{mineral}/{period}", methods=["GET", "HEAD"])
def one(
    request: Request, session: Reader, actor: Annotated[Actor, allowed("output.read")],
    right: str, mineral: str, period: str,
) -> HTMLResponse:  # fmt: skip
    """Show one return: every revision with what it moved, and the alarms it caused."""
    found = history(session, actor, right, mineral, period)
    facts = {
        "found": found,
        "revisions": [revision_row(revision) for revision in reversed(found.revisions)],
        "effects": effect_rows(found.alarms),
        "done": _done(session, actor, found.return_id, request.query_params.get("done", "")),
        "may_record": permits(session, actor, _RECORD, found.right.region),
    }
    return page(request, session, actor, "outputs/one.html", facts)


def _done(session: Session, actor: Actor, return_id: str, key: str) -> dict[str, object] | None:
    """Return the answer to the form that led here, as it was kept; None where none did."""
    answers = (kept_answer(session, actor.name, act, key) for act in _ACTS if key)
    return next((told for told in answers if told and told.get("return") == return_id), None)


@router.post("/outputs/void")
def take_back(
    request: Request, session: Transaction, actor: Annotated[Actor, allowed(_RECORD)], form: Posted
) -> Response:
    """Show what taking a return back will do, or take it back with a reason."""
    return_id, reason, key = form["return"], form["reason"].strip(), form["key"] or new_key()
    error: RegistryError | None = None
    if form["step"] == "record":
        try:
            with session.begin_nested():  # a refusal leaves no key behind
                told = void(session, actor, return_id, reason, key, basis_of(form["based_on"]))
            return redirect(f"/outputs/one/{told['return']}?done={key}")
        except (Busy, Forbidden, NotFound):
            raise
        except RegistryError as refused:
            error = refused
    return _confirm(request, session, actor, (return_id, reason, key), error)


def _confirm(
    request: Request, session: Session, actor: Actor, sent: tuple[str, str, str], error: RegistryError | None
) -> HTMLResponse:
    """Show what taking a return back will do, with room for the reason."""
    return_id, reason, key = sent
    found = history(session, actor, *split_public_id(return_id))
    outcome = None
    if not found.standing.voided:
        outcome = preview_void(session, actor, return_id, _ANY)
    facts = {
        "found": found, "typed": {"reason": reason}, "key": key, "errors": errors_of(error),
        "based_on": found.standing.revision, "shown": outcome_shown(outcome) if outcome else None,
    }  # fmt: skip
    return page(request, session, actor, "outputs/void.html", facts, status_of(error) if error else 200)
