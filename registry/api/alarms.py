"""Alarms: the list, one, and the steps that people take."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from registry.alarms.queries import alarm_numbered, public
from registry.alarms.service import handle_once
from registry.api.paging import after, listed
from registry.api.shapes.alarms import AlarmOut, Handled
from registry.api.shapes.common import Listed
from registry.api.shapes.inputs import USUAL_ROWS, Cursor, Filter, Id, Key, Limit, RegionFilter, YearFilter
from registry.api.strict import StrictRoute
from registry.identity.queries import readable, visible
from registry.identity.rules import Actor
from registry.kernel.period import parse_year
from registry.kernel.vocabulary import AlarmAct, AlarmCode, AlarmSight, Severity
from registry.minerals.queries import name_meant
from registry.request import Reader, Transaction, allowed
from registry.workflows.alarm_book import Wanted, newest_behind

router = APIRouter(prefix="/alarms", tags=["alarms"], route_class=StrictRoute)
_LIST = "alarms"


@router.get("", response_model=Listed[AlarmOut], summary="预警")
def get_alarms(
    actor: Annotated[Actor, allowed("alarms.read")],
    session: Reader,
    state: AlarmSight = AlarmSight.all,
    open_only: Annotated[bool, Query(alias="open", description="true：只列未办结且未回落的")] = False,
    code: AlarmCode | None = None,
    severity: Severity | None = None,
    q: Annotated[Filter, Query(description="矿业权编号或矿山名称的一部分")] = None,
    mineral: Filter = None,
    region: RegionFilter = None,
    year: YearFilter = None,
    cursor: Cursor = None,
    limit: Limit = USUAL_ROWS,
) -> dict[str, Any]:
    """List alarms, the one raised last first."""
    wanted = Wanted(
        sight=AlarmSight.standing if open_only else state, text=q, code=code, severity=severity,
        mineral=name_meant(session, mineral), year=parse_year(year).year if year else None,
    )  # fmt: skip
    places = readable(session, actor, "alarms.read", region)
    [behind] = after(cursor, _LIST, int) or [None]
    found = public(session, newest_behind(session, places, wanted, behind, limit + 1))
    return listed(_LIST, found, limit, lambda one: (one["id"],), lambda one: one)


@router.get("/{id}", response_model=AlarmOut, summary="一条预警")
def get_alarm(actor: Annotated[Actor, allowed("alarms.read")], session: Reader, alarm: Id) -> dict[str, Any]:
    """Give one alarm with its steps."""
    return public(session, [alarm_numbered(session, alarm, visible(session, actor, "alarms.read"))])[0]


@router.post("/{id}/acknowledge", response_model=AlarmOut, summary="签收预警")
def post_acknowledge(
    alarm: Id,
    body: Handled,
    actor: Annotated[Actor, allowed("alarm.handle")],
    session: Transaction,
    key: Key = None,
) -> dict[str, Any]:
    """Say that somebody is looking at an alarm; nobody handles one that their own act raised."""
    return handle_once(session, actor, alarm, AlarmAct.acknowledged, body.note, key)


@router.post("/{id}/close", response_model=AlarmOut, summary="办结预警")
def post_close(
    alarm: Id,
    body: Handled,
    actor: Annotated[Actor, allowed("alarm.handle")],
    session: Transaction,
    key: Key = None,
) -> dict[str, Any]:
    """Close an alarm with what was done about it."""
    return handle_once(session, actor, alarm, AlarmAct.closed, body.note, key)
