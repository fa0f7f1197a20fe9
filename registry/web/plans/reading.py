"""The list of plans, one document with everything it says, and its scan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.identity.queries import permits
from registry.identity.rules import Actor
from registry.kernel.display import in_base_unit, office
from registry.kernel.errors import NotFound
from registry.kernel.quantity import Quantity
from registry.kernel.vocabulary import CapPeriod, PlanState
from registry.plans.models import PlanDocument
from registry.plans.queries import document, documents, readable_places
from registry.plans.rules import scan_type
from registry.platform import files
from registry.request import Reader, allowed
from registry.settings import settings
from registry.web.alarms.rows import row_of
from registry.web.downloads import file_answer
from registry.web.page import page
from registry.workflows.plan_book import OnePlan, one_plan

router = APIRouter()
_READ = "plans.read"
_LONGEST_NUMBER = 18
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """One plan of the list with the amendments that were decided about."""

    document: PlanDocument
    amendments: list[PlanDocument]


@router.api_route("/plans", methods=["GET", "HEAD"])
def plan_list(request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)]) -> HTMLResponse:
    """Show the plans by region, the highest first, each with what amends it; first what waits."""
    found = documents(session, readable_places(session, actor))
    plans = [one for one in found if one.amends_id is None]
    pending = [one for one in found if one.state is PlanState.entered]
    decided = [one for one in found if one.state is not PlanState.entered]
    facts = {
        "plans": [Listed(plan, [one for one in decided if one.amends_id == plan.id]) for plan in plans],
        "pending": pending,
        "titles": {one.id: one.title for one in plans},
        "enters": {one.region for one in plans if permits(session, actor, "plan.enter", one.region)},
    }
    return page(request, session, actor, "plans/index.html", facts)


@router.api_route("/plans/{number}", methods=["GET", "HEAD"])
def plan(
    request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)], number: str
) -> HTMLResponse:
    """Show one plan or amendment with everything it says."""
    found = one_plan(session, known(number), readable_places(session, actor))
    return page(request, session, actor, "plans/one.html", plan_facts(session, actor, found))


@router.api_route("/plans/{number}/scan", methods=["GET", "HEAD"])
def scan(session: Reader, actor: Annotated[Actor, allowed(_READ)], number: str) -> Response:
    """Give the scan of a document, to be saved and looked at."""
    found = document(session, known(number), readable_places(session, actor))
    if found.scan is None:
        raise NotFound("file", f"{found.title} 扫描件")
    content = files.read(settings().files_dir, found.scan)
    media, ending = scan_type(content) or ("application/octet-stream", "bin")
    return file_answer(content, f"{found.number or found.title}-扫描件.{ending}", media)


def known(number: str) -> int:
    """Return the number of a document as it stands in an address.

    Raises:
        NotFound: it is no number that a document may have.
    """
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER):
        raise NotFound("plan", number)
    return int(number)


def plan_facts(session: Session, actor: Actor, found: OnePlan) -> dict[str, Any]:
    """Return what the page of a document shows, and what the actor may do about it."""
    region = found.document.region
    is_own = found.document.entered_by == actor.name
    confirms = permits(session, actor, "plan.confirm", region)
    return {
        "found": found,
        "plan": found.document,
        "told": found.told,
        "caps": _caps(found.told["caps"]),
        "reserves": _by_mineral(found.told["reserves"]),
        "effects": [(effect, row_of(effect.told, None)) for effect in found.effects],
        "office": office,
        "base": in_base_unit,
        "signed": signed,
        "is_own": is_own,
        "may_confirm": found.is_pending and confirms and not is_own,
        "may_withdraw": found.is_pending and not confirms and permits(session, actor, "plan.enter", region),
        "may_return": found.is_pending and confirms,
        "may_amend": found.amends is None and permits(session, actor, "plan.enter", region),
        "typed": {},
        "errors": {},
    }


def _caps(lines: Sequence[Row]) -> list[Row]:
    """Return the lines that give the figures now, and of a cap without such a line its newest."""
    newest = {(one["mineral"], one["period"]): one for one in lines}
    live = {(one["mineral"], one["period"]) for one in lines if one["in_force"]}
    return [
        one
        for one in lines
        if one["in_force"]
        or ((one["mineral"], one["period"]) not in live and newest[one["mineral"], one["period"]] is one)
    ]


def _by_mineral(
    rows: Sequence[Mapping[str, Any]],
) -> tuple[list[int], dict[str, dict[int, Mapping[str, Any]]]]:
    """Return the years of reserves, and by the printed name of the mineral what each year says."""
    found: dict[str, dict[int, Row]] = {}
    for row in rows:
        found.setdefault(row["printed_name"] or row["mineral"], {})[row["year"]] = row
    return sorted({row["year"] for row in rows}), found


def signed(quantity: Quantity | None, period: CapPeriod) -> str:
    """Return a difference as an office writes it, with its sign; unknown is a dash."""
    if quantity is None:
        return "—"
    return f"+{office(quantity, period)}" if quantity.base > 0 else office(quantity, period)
