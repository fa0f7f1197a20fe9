"""What changed since last month: the meters then and now, and list by list what was written meanwhile."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from registry.identity.queries import readable
from registry.identity.rules import Actor
from registry.kernel.period import months_before
from registry.minerals.queries import catalogue_order
from registry.plans.queries import readable_places
from registry.platform import clock
from registry.regions.queries import lineage, names
from registry.request import Reader, allowed
from registry.web.asking import asked_day, asked_places, asked_year
from registry.web.change_rows import cap_change, return_change, right_change, step_taken
from registry.web.page import page
from registry.web.paging import SIZE, Paging, offset, read_page
from registry.wording.marks import _
from registry.workflows.changes import (
    Tallies,
    beginning,
    caps_changed,
    plans_changed,
    returns_changed,
    returns_told,
    rights_changed,
    steps_taken,
    tallies,
)

router = APIRouter()
_READ = "caps.read"
May = Annotated[Actor, allowed(_READ)]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an address asks for: the book of some regions since a day, and a page of what it lists."""

    day: date
    today: date
    regions: Collection[str] | None
    plan_regions: Collection[str] | None
    query: Mapping[str, str]
    page: int

    @property
    def moment(self) -> datetime:
        """The beginning of the day."""
        return beginning(self.day)

    @property
    def place(self) -> tuple[int, int]:
        """How many lines lie before the page, and how many it shows."""
        return offset(self.page), SIZE


@router.api_route("/changes", methods=["GET", "HEAD"])
def cap_changes(request: Request, session: Reader, actor: May) -> HTMLResponse:
    """Show the meters since the beginning of a day; without one, since the first of this month."""
    asked = _asked(request, session, actor)
    year, caps = caps_changed(session, asked.regions, asked.day, asked_year(asked.query["year"]))
    changed = [cap_change(one) for one in caps if one.is_changed]
    told = {
        "year": year,
        "before": asked.day - timedelta(days=1),
        "caps": changed,
        "unchanged": len(caps) - len(changed),
    }
    return _page(request, session, actor, asked, "caps", told)


@router.api_route("/changes/returns", methods=["GET", "HEAD"])
def return_changes(request: Request, session: Reader, actor: May) -> HTMLResponse:
    """Show how many returns came, and which were corrected or taken back."""
    asked = _asked(request, session, actor)
    found = returns_changed(session, asked.regions, asked.moment, *asked.place)
    order = catalogue_order(session)
    told = sorted(returns_told(session, asked.regions, asked.moment), key=lambda one: order[one.mineral])
    facts = {"told": told, "rows": [return_change(one) for one in found]}
    return _page(request, session, actor, asked, "returns", facts)


@router.api_route("/changes/rights", methods=["GET", "HEAD"])
def right_changes(request: Request, session: Reader, actor: May) -> HTMLResponse:
    """Show what became new about rights."""
    asked = _asked(request, session, actor)
    found = rights_changed(session, asked.regions, asked.moment, *asked.place)
    return _page(request, session, actor, asked, "rights", {"rows": [right_change(one) for one in found]})


@router.api_route("/changes/alarms", methods=["GET", "HEAD"])
def alarm_changes(request: Request, session: Reader, actor: May) -> HTMLResponse:
    """Show what happened to alarms."""
    asked = _asked(request, session, actor)
    called = names(session)
    found = steps_taken(session, asked.regions, asked.moment, *asked.place)
    rows = [step_taken(one, called) for one in found]
    return _page(request, session, actor, asked, "alarms", {"rows": rows})


@router.api_route("/changes/plans", methods=["GET", "HEAD"])
def plan_changes(request: Request, session: Reader, actor: May) -> HTMLResponse:
    """Show the plans and amendments entered, confirmed or withdrawn."""
    asked = _asked(request, session, actor)
    found = plans_changed(session, asked.plan_regions, asked.moment)
    return _page(request, session, actor, asked, "plans", {"rows": found})


def _asked(request: Request, session: Session, actor: Actor) -> _Asked:
    """Return what is asked for.

    Raises:
        Invalid: the day is none or still to come, the year none, or the page no number.
        NotFound: the region does not exist, or the actor may read nothing of it.
    """
    query = {name: request.query_params.get(name, "").strip() for name in ("since", "year", "region")}
    today = clock.today(session)
    asked_year(query["year"])  # refused on every part, not only where it is looked at
    regions = asked_places(session, actor, _READ, query["region"])
    return _Asked(
        asked_day(query["since"], today, "since") or today.replace(day=1), today,
        regions, _plan_places(session, actor, regions if query["region"] else None), query,
        read_page(request.query_params.get("page", "")),
    )  # fmt: skip


def _plan_places(session: Session, actor: Actor, regions: Collection[str] | None) -> set[str] | None:
    """Return the regions whose plans are shown: those over the ones asked for, as far as they may be read."""
    seen = readable_places(session, actor)
    if regions is None:
        return seen
    over = {code for place in regions for code in lineage(session, place)}
    return over if seen is None else over & seen


def _page(
    request: Request, session: Session, actor: Actor, asked: _Asked, part: str, told: Mapping[str, Any]
) -> HTMLResponse:
    counts = tallies(session, asked.regions, asked.plan_regions, asked.moment)
    parts = _parts(counts)
    path = parts[part][0]
    facts: dict[str, Any] = {
        "since": asked.day,
        "asked": asked.query,
        "spans": [(word, day, _address(path, asked, day)) for word, day in _spans(asked.today)],
        "path": path,
        "counties": sorted(readable(session, actor, _READ, None) or ()),
        "parts": [
            (_address(address, asked, asked.day), word, count, name == part)
            for name, (address, word, count) in parts.items()
        ],
        "counts": counts,
        "paging": Paging(path, asked.query, asked.page, _listed(counts, part)),
    }
    return page(request, session, actor, f"changes/{part}.html", facts | dict(told))


def _parts(counts: Tallies) -> dict[str, tuple[str, str, int | None]]:
    """Return the parts of the report: address, name and how much each tells; caps are not counted."""
    return {
        "caps": ("/changes", _("指标计量"), None),
        "returns": ("/changes/returns", _("报表"), counts.told + counts.corrected),
        "rights": ("/changes/rights", _("矿业权"), counts.rights),
        "alarms": ("/changes/alarms", _("预警"), sum(counts.steps.values())),
        "plans": ("/changes/plans", _("规划"), counts.plans),
    }


def _listed(counts: Tallies, part: str) -> int:
    """Return how many lines the pages of a part have."""
    by_part = {"returns": counts.corrected, "rights": counts.rights, "alarms": sum(counts.steps.values())}
    return by_part.get(part, 0)


def _address(path: str, asked: _Asked, day: date) -> str:
    kept = {name: value for name, value in asked.query.items() if value and name != "since"}
    return f"{path}?{urlencode({'since': day.isoformat()} | kept)}"


def _spans(today: date) -> Iterable[tuple[str, date]]:
    """Return the spans that a click asks for; in January this month and this year are one."""
    month = today.replace(day=1)
    found = {month: _("本月以来"), months_before(month, 1): _("上月以来")}
    found.setdefault(date(month.year, 1, 1), _("今年以来"))
    return [(word, day) for day, word in found.items()]
