"""What is decided about an amendment that waits: confirmed by a second person, returned, or withdrawn."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from registry.identity.rules import Actor
from registry.kernel.display import office
from registry.kernel.errors import Busy, Forbidden, NotFound, RegistryError
from registry.kernel.lifecycle import WrongState
from registry.kernel.shown import Shown, state_shown
from registry.kernel.vocabulary import CapPeriod
from registry.plans.queries import readable_places
from registry.plans.service import withdraw_amendment
from registry.platform import idempotency
from registry.request import Form, Posted, Transaction, allowed
from registry.web.alarms.rows import row_of
from registry.web.forms import field_errors, status_of
from registry.web.page import page, redirect
from registry.web.plans.reading import known, plan_facts
from registry.workflows import adopt_plan
from registry.workflows.plan_book import Stand, one_plan, preview_confirm

router = APIRouter()


@dataclass(frozen=True, slots=True)
class StandShown:
    """What a cap's meters say, in the office's unit."""

    limit: str
    licensed: str
    output: str
    shown: Shown


@router.post("/plans/{number}/confirm")
def confirm(
    request: Request, session: Transaction, actor: Annotated[Actor, allowed("plan.confirm")], form: Posted,
    number: str,
) -> Response:  # fmt: skip
    """Show what an amendment will do; sent from there with `step=confirm`, put it in force."""
    at = known(number)
    if form["step"] != "confirm":
        return _preview(request, session, actor, at)

    def do() -> dict[str, Any]:
        return {"plan": adopt_plan.confirm(session, actor, at).id}

    return _decide(request, session, actor, at, form, "plan.confirm", do)


@router.post("/plans/{number}/withdraw")
def withdraw(
    request: Request, session: Transaction, actor: Annotated[Actor, allowed("plan.enter")], form: Posted,
    number: str,
) -> Response:  # fmt: skip
    """Take back an amendment that was mistyped; its number is free again."""
    return _take_back(request, session, actor, known(number), form)


@router.post("/plans/{number}/return")
def send_back(
    request: Request, session: Transaction, actor: Annotated[Actor, allowed("plan.confirm")], form: Posted,
    number: str,
) -> Response:  # fmt: skip
    """Send an amendment back that shall not be confirmed as it is."""
    return _take_back(request, session, actor, known(number), form)


def _take_back(request: Request, session: Session, actor: Actor, at: int, form: Form) -> Response:
    def do() -> dict[str, Any]:
        return {"plan": withdraw_amendment(session, actor, at, form["reason"]).id}

    return _decide(request, session, actor, at, form, "plan.withdraw", do)


def _decide(
    request: Request, session: Session, actor: Actor, at: int, form: Form, act: str, do: Any
) -> Response:
    """Do it once; what is refused comes back on the page of the document with what was typed."""
    try:
        with session.begin_nested():
            idempotency.once(session, actor.name, act, form["key"] or None, [at, form["reason"]], do)
    except (Busy, Forbidden, NotFound):
        raise
    except RegistryError as error:
        return _refused(request, session, actor, at, form, error)
    return redirect(f"/plans/{at}")


def _refused(
    request: Request, session: Session, actor: Actor, at: int, form: Form, error: RegistryError
) -> Response:
    found = one_plan(session, at, readable_places(session, actor))
    facts = plan_facts(session, actor, found) | {
        "typed": {"reason": form["reason"]},
        "errors": field_errors(error),
        "has_changed": isinstance(error, WrongState),
    }
    return page(request, session, actor, "plans/one.html", facts, status_of(error))


def _preview(request: Request, session: Session, actor: Actor, at: int) -> Response:
    try:
        told = preview_confirm(session, actor, at)
    except (Busy, Forbidden, NotFound):
        raise
    except RegistryError as error:
        return _refused(request, session, actor, at, Form(()), error)
    found = one_plan(session, at, readable_places(session, actor))
    facts = plan_facts(session, actor, found) | {
        "preview": told,
        "effects": [(effect, row_of(effect.told, None)) for effect in told.alarms],
        "moved": [(one, _shown(one.before, one.period), _shown(one.after, one.period)) for one in told.caps],
    }
    return page(request, session, actor, "plans/confirm.html", facts)


def _shown(stand: Stand, period: CapPeriod) -> StandShown:
    return StandShown(
        office(stand.limit, period), office(stand.licensed, period), office(stand.output, period),
        state_shown(stand.state),
    )  # fmt: skip
