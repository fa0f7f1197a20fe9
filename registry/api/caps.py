"""Caps: the state of each, and what a new demand would meet."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter
from sqlmodel import Session

from registry.api.paging import after, cut, listed
from registry.api.shapes.caps import Application, CapOut, VerdictOut
from registry.api.shapes.common import Listed
from registry.api.shapes.inputs import USUAL_ROWS, AsOf, Cursor, Limit, RegionFilter, Word, YearFilter
from registry.api.strict import StrictRoute
from registry.identity.queries import readable
from registry.identity.rules import Actor
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.period import parse_day, parse_year
from registry.platform import clock
from registry.regions.queries import names
from registry.request import Reader, allowed
from registry.workflows import what_if
from registry.workflows.cap_status import CapStatus, public, status

router = APIRouter(prefix="/caps", tags=["caps"], route_class=StrictRoute)
_LIST = "caps"
_AT_THE_END = "\uffff"  # sorts behind every code: minerals without one come last


@router.get(
    "", response_model=Listed[CapOut], response_model_exclude_unset=True, summary="规划总量调控指标状态"
)
def get_caps(
    actor: Annotated[Actor, allowed("caps.read")],
    session: Reader,
    year: YearFilter = None,
    region: RegionFilter = None,
    as_of: AsOf = None,
    cursor: Cursor = None,
    limit: Limit = USUAL_ROWS,
) -> dict[str, Any]:
    """List every cap of a year (the newest with returns) with both meters, by region and mineral code."""
    found = _status(session, actor, year, region, as_of)
    rows = cut(found, after(cursor, _LIST, str, str, str, str), _place, limit)
    return listed(_LIST, rows, limit, _place, public)


@router.get(
    "/{region}/{mineral}/{period}",
    response_model=CapOut,
    response_model_exclude_unset=True,
    summary="一项指标的状态",
)
def get_cap(
    actor: Annotated[Actor, allowed("caps.read")],
    session: Reader,
    region: Word,
    mineral: Word,
    period: Word,
    year: YearFilter = None,
    as_of: AsOf = None,
) -> dict[str, Any]:
    """Give one cap of a year with both meters."""
    name = f"{region}/{mineral}/{period}"
    for one in _status(session, actor, year, region, as_of):
        if one.cap.name == name:
            return public(one)
    raise NotFound("cap", name)


@router.post("/assess", response_model=VerdictOut, summary="试算：新增需求与指标")
def post_assess(
    body: Application, actor: Annotated[Actor, allowed("caps.read")], session: Reader
) -> dict[str, Any]:
    """Weigh one application against every cap in every year of its term; nothing is recorded."""
    asked = what_if.read_application(body.model_dump(by_alias=True, exclude_unset=True))
    return what_if.public(what_if.what_if(session, actor, asked), names(session))


def _status(
    session: Session, actor: Actor, year: str | None, region: str | None, as_of: str | None
) -> list[CapStatus]:
    wanted = parse_year(year).year if year else None
    day = _known_day(as_of, clock.today(session)) if as_of else None
    return status(session, wanted, None, day, readable(session, actor, "caps.read", region))


def _known_day(text: str, today: date) -> date:
    day = parse_day(text, "as_of")
    if day > today:
        raise Invalid("day_in_future", "as_of", text, accepted=f"≤ {today}")
    return day


def _place(one: CapStatus) -> tuple[str | int, ...]:
    return (one.cap.region, one.mineral_code or _AT_THE_END, one.cap.mineral, one.cap.period.value)
