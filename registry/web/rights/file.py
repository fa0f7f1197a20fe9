"""One right on one page, and the form that records what its mine does since a day."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.documents.service import CapPart, RightFile, right_file
from registry.identity.queries import permits
from registry.identity.rules import Actor
from registry.kernel.display import office, percent
from registry.kernel.errors import Busy, Forbidden, Invalid, NotFound, RegistryError
from registry.kernel.faults import Faults
from registry.kernel.month_chart import MonthChart, month_chart
from registry.kernel.period import parse_day
from registry.kernel.vocabulary import OperatingState
from registry.platform import clock
from registry.platform.db import reader, transaction
from registry.registration.rules import change_reason
from registry.registration.service import set_state
from registry.request import Form, Posted, Reader, allowed, engine_of
from registry.web.alarms.rows import row_of
from registry.web.asking import asked_year
from registry.web.forms import field_errors, status_of
from registry.web.page import page, redirect
from registry.web.rights.history import events
from registry.wording.marks import _

router = APIRouter()
_READ, _STATE = "rights.read", "right.state"
_NOTHING: Mapping[str, str] = {}
_DONE = {
    "state": _("运行状态已登记。"),
    "state-again": _("没有改动：登记簿中该矿自所填日期起已是这一状态。"),
}


@router.api_route("/rights/{number}", methods=["GET", "HEAD"])
def one_right(
    request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)], number: str,
    year: str = "", done: str = "",
) -> HTMLResponse:  # fmt: skip
    """Show a right with everything about it, its returns those of a year, and what was just done."""
    return _shown(request, session, actor, number, asked_year(year), done=done)


@router.post("/rights/{number}/state")
def record_state(
    request: Request, actor: Annotated[Actor, allowed(_STATE)], form: Posted, number: str
) -> Response:
    """Record what a mine does since a day; sent twice, the second finds it recorded."""
    engine = engine_of(request)
    try:
        state, since = _read(form)
        with transaction(engine) as session:
            right, is_news = set_state(session, actor, number, state, since, form["reason"])
    except (Busy, Forbidden, NotFound):
        raise
    except RegistryError as error:
        with reader(engine) as session:
            return _shown(request, session, actor, number, None, form, error)
    return redirect(f"/rights/{right.number}?done={'state' if is_news else 'state-again'}#states")


def _read(form: Form) -> tuple[OperatingState, date]:
    faults = Faults(("state", "since", "reason"))
    state, since = faults.kept(_state, form["state"]), faults.kept(parse_day, form["since"], "since")
    if faults or state is None or since is None:
        faults.kept(change_reason, form["reason"])  # else it is judged with the day
        raise faults.error()
    return state, since


def _state(text: str) -> OperatingState:
    found = OperatingState.read(text)
    if found is None:
        accepted = "、".join(one.label for one in OperatingState)
        raise Invalid("word_unknown", "state", text, accepted=accepted)
    return found


def _shown(
    request: Request, session: Session, actor: Actor, number: str, year: int | None,
    typed: Mapping[str, str] = _NOTHING, error: RegistryError | None = None, done: str = "",
) -> HTMLResponse:  # fmt: skip
    found = right_file(session, actor, number, year)
    facts = {
        "found": found,
        "chart": _chart(found),
        "caps": [(part, _own(part)) for part in found.caps],
        "events": events(found),
        "alarms": [row_of(told, None) for told in found.alarms],
        "may_state": found.book.right.counted and permits(session, actor, _STATE, found.book.right.region),
        "states": [(one.value, one.label) for one in OperatingState],
        "typed": typed or {"since": clock.today(session).isoformat()},
        "errors": field_errors(error) if error else {},
        "done": _DONE.get(done, ""),
        "local": clock.local_day,
    }
    return page(request, session, actor, "rights/one.html", facts, status_of(error) if error else 200)


def _own(part: CapPart) -> tuple[str, str] | None:
    """Return what the right itself adds to a cap, and its share of the limit, as an office writes them."""
    return None if part.own is None else (office(part.own, part.status.cap.period), percent(part.share, 2))


def _chart(found: RightFile) -> MonthChart | None:
    """Return the bars of the year against the permit's scale; nothing to draw where nothing has come."""
    months = found.months
    if months is None or not any(months.amounts):
        return None
    amounts = [amount.base if amount else 0 for amount in months.amounts]
    # the shares at which somebody is told of a cap mean nothing to a permit
    return month_chart(amounts, months.sums, months.limit.base if months.limit else None, ())
