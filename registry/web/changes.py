"""What changed since last month: the meters then and now, and what was written meanwhile."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from registry.identity.rules import Actor
from registry.kernel.period import months_before
from registry.plans.queries import readable_places
from registry.platform import clock
from registry.regions.queries import names
from registry.request import Reader, allowed
from registry.web.asking import asked_day, asked_places, asked_year
from registry.web.change_rows import cap_change, return_change, right_change, step_taken
from registry.web.page import page
from registry.wording.marks import _
from registry.workflows.changes import Changes, changes

router = APIRouter()
_READ = "caps.read"


@router.api_route("/changes", methods=["GET", "HEAD"])
def change_list(
    request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)],
    since: str = "", year: str = "", region: str = "",
) -> HTMLResponse:  # fmt: skip
    """Show what changed since the beginning of a day; without one, since the first of this month."""
    today = clock.today(session)
    day = asked_day(since, today, "since") or today.replace(day=1)
    seen = asked_places(session, actor, _READ, region)
    found = changes(session, seen, readable_places(session, actor), day, asked_year(year))
    facts = _facts(found, names(session), today) | {
        "asked_year": year.strip(),
        "asked_region": region.strip(),
    }
    return page(request, session, actor, "caps/changes.html", facts)


def _facts(found: Changes, called: Mapping[str, str], today: date) -> dict[str, object]:
    month = today.replace(day=1)
    changed = [one for one in found.caps if one.is_changed]
    return {
        "found": found,
        "year": found.year,
        "since": found.since,
        "spans": _spans(month),
        "caps": [cap_change(one) for one in changed],
        "unchanged": len(found.caps) - len(changed),
        "told_count": sum(one.returns for one in found.told),
        "returns": [return_change(one) for one in found.returns],
        "rights": [right_change(one) for one in found.rights],
        "steps": [step_taken(one, called) for one in found.steps],
    }


def _spans(month: date) -> list[tuple[str, date]]:
    """Return the spans that a click asks for; in January this month and this year are one."""
    found = {month: _("本月以来"), months_before(month, 1): _("上月以来")}
    found.setdefault(date(month.year, 1, 1), _("今年以来"))
    return [(word, day) for day, word in found.items()]
