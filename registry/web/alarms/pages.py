"""The pages of alarms: those wanted, one with its steps, and the steps that people take."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.alarms.rules import STEPS
from registry.alarms.service import handle_once
from registry.documents.rules.notices import CAP_ALARMS
from registry.identity.queries import permits, readable, visible
from registry.identity.rules import Actor
from registry.kernel.errors import Busy, Forbidden, NotFound, RegistryError
from registry.kernel.lifecycle import WrongState
from registry.kernel.shown import Shown, severity_shown
from registry.kernel.vocabulary import AlarmAct, AlarmCode, AlarmSight, AlarmState, Severity
from registry.minerals.queries import name_meant
from registry.platform import clock
from registry.platform.sheets import MEDIA_TYPE, sheet_bytes
from registry.regions.queries import all_regions
from registry.request import Form, Posted, Reader, Transaction, allowed
from registry.web.alarms.rows import row_of
from registry.web.alarms.sheet import sheet_of
from registry.web.forms import field_errors, status_of
from registry.web.page import page, redirect
from registry.web.paging import SIZE, Paging, offset, read_page
from registry.workflows.alarm_book import OneAlarm, Wanted, every, find, one_alarm, read_wanted

router = APIRouter()
_FILTERS = ("open", "state", "code", "severity", "mineral", "region", "year", "q")
_LONGEST_NUMBER = 18
_READ = "alarms.read"
_WAYS = {AlarmAct.acknowledged: "acknowledge", AlarmAct.closed: "close"}


def _wanted(session: Session, query: Mapping[str, str]) -> Wanted:
    wanted = read_wanted(query)
    return replace(wanted, mineral=name_meant(session, wanted.mineral))


@router.api_route("/alarms", methods=["GET", "HEAD"])
def alarm_list(request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)]) -> HTMLResponse:
    """Show the alarms wanted, what stands first; without a filter only what stands."""
    query = {name: request.query_params.get(name, "") for name in _FILTERS}
    number = read_page(request.query_params.get("page", ""))
    wanted = _wanted(session, query)
    regions = readable(session, actor, _READ, wanted.region)
    found = find(session, regions, wanted, offset(number), SIZE)
    return page(request, session, actor, "alarms/index.html", {
        "wanted": wanted, "query": query, "rows": [row_of(told, mine) for told, mine in found.alarms],
        "severities": _severities(query, found.by_severity), "minerals": found.minerals,
        "sights": list(AlarmSight), "codes": list(AlarmCode), "sheet": _address("/alarms.xlsx", query),
        "counties": sorted(visible(session, actor, _READ) or ()),
        "paging": Paging("/alarms", query, number, found.total),
    })  # fmt: skip


@router.api_route("/alarms.xlsx", methods=["GET", "HEAD"])
def alarm_sheet(request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)]) -> Response:
    """Give the alarms wanted as a sheet: every one of them, with exact figures in t or m³."""
    wanted = _wanted(session, {name: request.query_params.get(name, "") for name in _FILTERS})
    regions = readable(session, actor, _READ, wanted.region)
    names = {region.code: region.name for region in all_regions(session)}
    rows = [row_of(told, mine) for told, mine in every(session, regions, wanted)]
    content = sheet_bytes(sheet_of(wanted, rows, names, clock.now(session)))
    name = quote(f"预警-{clock.today(session)}.xlsx")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}", "cache-control": "no-store"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


@router.api_route("/alarms/{number}", methods=["GET", "HEAD"])
def alarm(
    request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)], number: str
) -> HTMLResponse:
    """Show one alarm: what happened, what it rests on, what was done about it and what may be done."""
    return _one(request, session, actor, _known(number))


@router.post("/alarms/{number}/acknowledge")
def acknowledge(
    request: Request, session: Transaction, actor: Annotated[Actor, allowed("alarm.handle")], form: Posted,
    number: str,
) -> Response:  # fmt: skip
    """Say that somebody is looking at an alarm."""
    return _handle(request, session, actor, _known(number), AlarmAct.acknowledged, form)


@router.post("/alarms/{number}/close")
def close(
    request: Request, session: Transaction, actor: Annotated[Actor, allowed("alarm.handle")], form: Posted,
    number: str,
) -> Response:  # fmt: skip
    """Close an alarm with what was done about it."""
    return _handle(request, session, actor, _known(number), AlarmAct.closed, form)


def _severities(
    query: Mapping[str, str], counts: Mapping[Severity, int]
) -> list[tuple[Severity, Shown, int, str]]:
    """Return each severity with how it is shown, how many there are, and the address that shows them."""
    return [
        (one, severity_shown(one), count, _address("/alarms", {**query, "severity": one.value}))
        for one, count in counts.items()
    ]


def _address(path: str, query: Mapping[str, str]) -> str:
    kept = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def _known(number: str) -> int:
    """Return the number of an alarm as it stands in an address.

    Raises:
        NotFound: it is no number that an alarm may have.
    """
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER):
        raise NotFound("alarm", number)
    return int(number)


def _handle(
    request: Request, session: Session, actor: Actor, number: int, act: AlarmAct, form: Form
) -> Response:
    """Take a step; what is refused comes back with what was typed and with what others did meanwhile."""
    try:
        with session.begin_nested():
            handle_once(session, actor, number, act, form["note"], form["key"] or None)
    except (Busy, Forbidden, NotFound):
        raise
    except RegistryError as error:
        return _one(request, session, actor, number, (act, form, error))
    return redirect(f"/alarms/{number}")


def _one(
    request: Request, session: Session, actor: Actor, number: int,
    refused: tuple[AlarmAct, Form, RegistryError] | None = None,
) -> HTMLResponse:  # fmt: skip
    found = one_alarm(session, number, visible(session, actor, _READ))
    act, form, error = refused or (None, None, None)
    row = row_of(found.told, found.right.mine if found.right else None)
    facts = {
        "found": found,
        "row": row,
        "ways": _WAYS,
        "changed_by": row.handled if isinstance(error, WrongState) else None,
        "acts": _acts(session, actor, found),
        "is_own": actor.name in found.behind,
        "can_notify": row.code in CAP_ALARMS and not found.told["receded"],
        "tried": act,
        "typed": {"note": form["note"]} if form else {},
        "errors": field_errors(error) if error else {},
    }
    return page(request, session, actor, "alarms/one.html", facts, status_of(error) if error else 200)


def _acts(session: Session, actor: Actor, found: OneAlarm) -> list[AlarmAct]:
    """Return the steps that this actor may take now: by role and region, by state, and never on own acts."""
    if actor.name in found.behind or not permits(session, actor, "alarm.handle", found.region):
        return []
    state = AlarmState(found.told["state"])
    return [act for act in _WAYS if (state, act) in STEPS.moves]
