"""The form for a return: what it will do is shown first, then it is recorded; corrections likewise."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.identity.rules import Actor
from registry.kernel.errors import Busy, Forbidden, Invalid, NotFound, RegistryError
from registry.minerals.queries import known_as
from registry.output.rules import AlreadyReturned, OnRevision, RecordOutput, read_output
from registry.output.service import record_once
from registry.platform.idempotency import input_hash
from registry.request import Posted, Reader, Transaction, allowed
from registry.web.forms import FORM, field_errors, status_of
from registry.web.outputs.shown import outcome_shown
from registry.web.page import page, redirect
from registry.web.templates import new_key
from registry.workflows.import_returns import office_period
from registry.workflows.preview_return import Outcome, preview
from registry.workflows.return_form import (
    PERMISSION,
    as_typed,
    chosen,
    chosen_if_any,
    number_meant,
    own_rights,
    standing_return,
)

router = APIRouter()
FIELDS = (
    "right", "mineral", "period", "quantity", "unit", "lost", "lost_unit", "nil", "note", "correct", "reason",
)  # fmt: skip
_ABOUT = ("right", "mineral", "period")  # what says which return it is
_LONGEST_NUMBER = 10
_UNITS = ("吨", "万吨", "m³", "万m³")


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it comes back: what was typed, and what became of it."""

    typed: dict[str, str]
    key: str = field(default_factory=new_key)
    outcome: Outcome | None = None
    seen: str = ""
    based_on: str = ""  # the revision that a correction was shown to change
    error: RegistryError | None = None
    has_changed: bool = False


@router.api_route("/outputs/new", methods=["GET", "HEAD"])
def form(request: Request, session: Reader, actor: Annotated[Actor, allowed(PERMISSION)]) -> HTMLResponse:
    """Show the form, filled as far as the address says what it is about."""
    typed = dict.fromkeys(FIELDS, "")
    typed |= {name: request.query_params.get(name, "") for name in ("right", "mineral", "period", "correct")}
    if typed["right"]:
        found = chosen(session, actor, typed["right"])
        typed["right"] = found.right.number
        standing = standing_return(session, found, typed["mineral"], office_period(typed["period"]))
        if typed["correct"] and standing is not None:
            typed |= as_typed(standing)
        else:
            typed |= {"correct": "", "unit": next((row.unit for row in found.newest if not row.nil), "")}
    return _show(request, session, actor, Sent(typed))


@router.post("/outputs/new")
def send(
    request: Request, session: Transaction, actor: Annotated[Actor, allowed(PERMISSION)], form: Posted
) -> Response:
    """Show what a return will do, or record it; what was changed since it was shown is shown again."""
    typed = {name: form[name].strip() for name in FIELDS}
    key = form["key"] or new_key()
    try:
        typed["right"] = number_meant(session, actor, typed["right"])
        if typed["correct"] and not _stands(session, actor, typed):
            typed |= {"correct": "", "reason": ""}
        command = _command(typed)
        basis = basis_of(form["based_on"]) if command.correct else None
        has_changed = form["seen"] not in ("", _seen(command, basis))
        is_shown = basis is not None or not command.correct
        if form["step"] == "record" and is_shown and not has_changed:
            return _record(session, actor, command, key, basis)
        outcome = preview(session, actor, command)
        basis = OnRevision(outcome.stood) if command.correct else None
    except (Busy, Forbidden):
        raise
    except RegistryError as error:
        return _show(request, session, actor, _refused(typed, key, error))
    based_on = str(basis.revision) if basis else ""
    seen = _seen(command, basis)
    return _show(request, session, actor, Sent(typed, key, outcome, seen, based_on, has_changed=has_changed))


def basis_of(revision: str) -> OnRevision | None:
    """Return the revision that a page has shown before the act; None where it has shown none."""
    is_number = revision.isascii() and revision.isdecimal() and len(revision) < _LONGEST_NUMBER
    return OnRevision(int(revision)) if is_number else None


def _seen(command: RecordOutput, basis: OnRevision | None) -> str:
    """Return what names the content of a preview."""
    return input_hash(repr((command, basis)))


def _stands(session: Session, actor: Actor, typed: dict[str, str]) -> bool:
    """Tell whether a return stands for the right, mineral and period typed: only then is it corrected.

    A nil return is tried in its place, so that nothing but these three decides.
    """
    try:
        return preview(session, actor, _command(_about(typed))).unchanged
    except AlreadyReturned:
        return True
    except (Invalid, NotFound):
        return False


def _about(typed: dict[str, str]) -> dict[str, str]:
    """Return the form as a nil return of its right, mineral and period."""
    return dict.fromkeys(FIELDS, "") | {name: typed[name] for name in _ABOUT} | {"nil": "1"}


def _command(typed: dict[str, str]) -> RecordOutput:
    fields = typed | {"right_no": typed["right"], "period": office_period(typed["period"])}
    return read_output(fields, correct=bool(typed["correct"]), reason=typed["reason"])


def _record(
    session: Session, actor: Actor, command: RecordOutput, key: str, basis: OnRevision | None
) -> Response:
    with session.begin_nested():  # a refusal leaves no key behind, so that the mended form can be sent
        told = record_once(session, actor, command, key, basis)
    return redirect(f"/outputs/one/{told['return']}?done={key}")


def _refused(typed: dict[str, str], key: str, error: RegistryError) -> Sent:
    """Return the form that comes back; one whose period has a return becomes its correction."""
    if isinstance(error, AlreadyReturned):
        return Sent(typed | {"correct": "1"}, key, error=error)
    return Sent(typed, new_key() if error.code == "idempotency_mismatch" else key, error=error)


def _every_fault(session: Session, actor: Actor, sent: Sent) -> dict[str, dict[str, str]]:
    """Return what is wrong by the fields of the form: what was refused, and what else each of them shows.

    A return that is refused for one field is not judged further, though the others can be.
    """
    typed, found = sent.typed, errors_of(sent.error)
    if not isinstance(sent.error, Invalid | NotFound):
        return found
    judges: tuple[Callable[[], object], ...] = (
        lambda: chosen(session, actor, number_meant(session, actor, typed["right"])),
        lambda: _command(typed),
        lambda: known_as(session, typed["mineral"]) if typed["mineral"] else None,
        lambda: preview(session, actor, _command(_about(typed))),
    )
    for judge in judges:
        try:
            judge()
        except (Invalid, NotFound) as fault:
            found = errors_of(fault) | found
        except RegistryError:
            continue  # it is no matter of a field
    return {name: found[name] for name in (FORM, *FIELDS) if name in found}


def _show(request: Request, session: Session, actor: Actor, sent: Sent) -> HTMLResponse:
    found = chosen_if_any(session, actor, sent.typed["right"])
    facts = {
        "typed": sent.typed,
        "key": sent.key,
        "seen": sent.seen,
        "based_on": sent.based_on,
        "has_changed": sent.has_changed,
        "errors": _every_fault(session, actor, sent),
        "clash": sent.error.facts if isinstance(sent.error, AlreadyReturned) else None,
        "shown": outcome_shown(sent.outcome) if sent.outcome else None,
        "found": found,
        "choices": own_rights(session, actor),
        "units": _UNITS,
    }
    return page(
        request, session, actor, "outputs/new.html", facts, status_of(sent.error) if sent.error else 200
    )


def errors_of(error: RegistryError | None) -> dict[str, dict[str, str]]:
    """Return what is wrong by the name that the form gives its fields."""
    if error is None:
        return {}
    if isinstance(error, NotFound) and error.facts["what"] == "right":
        [told] = field_errors(error).values()
        return {"right": told}
    if isinstance(error, AlreadyReturned):  # the head of the form tells it in full
        return {
            name: told | {"message": f"已报 {error.facts['had']}"}
            for name, told in field_errors(error).items()
        }
    names = {"right_no": "right", "key": FORM}
    return {names.get(name, name): told for name, told in field_errors(error).items()}
