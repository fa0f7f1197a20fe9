"""Plans: their documents, and one with everything it says."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from registry.api.paging import after, cut, listed
from registry.api.shapes.common import Listed
from registry.api.shapes.inputs import USUAL_ROWS, Cursor, Filter, Id, Limit
from registry.api.shapes.plans import PlanBrief, PlanOut
from registry.api.strict import StrictRoute
from registry.identity.rules import Actor
from registry.kernel.errors import NotFound
from registry.plans.models import PlanDocument
from registry.plans.queries import brief, document, documents, public, readable_places
from registry.request import Reader, allowed

router = APIRouter(prefix="/plans", tags=["plans"], route_class=StrictRoute)
_LIST = "plans"


@router.get("", response_model=Listed[PlanBrief], summary="规划文件")
def get_plans(
    actor: Annotated[Actor, allowed("plans.read")],
    session: Reader,
    region: Annotated[Filter, Query(description="行政区代码；不含下级", examples=["500240"])] = None,
    cursor: Cursor = None,
    limit: Limit = USUAL_ROWS,
) -> dict[str, Any]:
    """List plans and amendments by region; a county reads those of the municipality above it too."""
    places = readable_places(session, actor)
    if region is not None:
        if places is not None and region not in places:
            raise NotFound("region", region)
        places = {region}
    rows = cut(documents(session, places), after(cursor, _LIST, str, int), _place, limit)
    return listed(_LIST, rows, limit, _place, brief)


@router.get("/{id}", response_model=PlanOut, summary="一份规划文件的全部内容")
def get_plan(actor: Annotated[Actor, allowed("plans.read")], session: Reader, plan: Id) -> dict[str, Any]:
    """Give a document with clauses, caps, indicators and notes; figures as printed and in base units."""
    return public(session, document(session, plan, readable_places(session, actor)))


def _place(one: PlanDocument) -> tuple[str | int, ...]:
    return one.region, one.id or 0
