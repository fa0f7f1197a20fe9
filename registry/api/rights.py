"""Rights: the list with search and filters, and one."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query

from registry.api.paging import after, listed
from registry.api.shapes.common import Listed
from registry.api.shapes.inputs import USUAL_ROWS, Cursor, Filter, Limit, RegionFilter, Word
from registry.api.shapes.rights import OneRightOut, RightOut, ScaleFilter
from registry.api.strict import StrictRoute
from registry.api.told_right import told_right, told_row
from registry.identity.rules import Actor
from registry.kernel.vocabulary import GreenLevel, OperatingState, PermitStanding
from registry.minerals.queries import name_meant
from registry.request import Reader, allowed
from registry.workflows.right_history import right_history
from registry.workflows.rights_list import RightRow, read_wanted, rights_behind

router = APIRouter(prefix="/rights", tags=["rights"], route_class=StrictRoute)
_LIST = "rights"


@router.get("", response_model=Listed[RightOut], summary="矿业权")
def get_rights(
    actor: Annotated[Actor, allowed("rights.read")],
    session: Reader,
    q: Annotated[Filter, Query(description="矿山名称、编号、证号、矿业权人或信用代码的一部分")] = None,
    mineral: Filter = None,
    region: RegionFilter = None,
    township: Filter = None,
    state: OperatingState | None = None,
    scale: ScaleFilter | None = None,
    green: GreenLevel | None = None,
    permit: PermitStanding | None = None,
    cursor: Cursor = None,
    limit: Limit = USUAL_ROWS,
) -> dict[str, Any]:
    """List rights by number; mines that a plan only names come last."""
    asked = {
        "q": q, "mineral": mineral, "region": region, "township": township, "state": state,
        "scale": scale, "green": green, "permit": permit,
    }  # fmt: skip
    wanted = read_wanted({name: str(value) for name, value in asked.items() if value is not None})
    wanted = replace(wanted, mineral=name_meant(session, wanted.mineral))
    behind = after(cursor, _LIST, int, str)
    last = (bool(behind[0]), behind[1]) if behind else None
    year, rows = rights_behind(session, actor, wanted, last, limit + 1)
    return listed(_LIST, rows, limit, _place, lambda row: told_row(row, year))


@router.get("/{number}", response_model=OneRightOut, summary="一个矿业权")
def get_right(
    actor: Annotated[Actor, allowed("rights.read")], session: Reader, number: Word
) -> dict[str, Any]:
    """Give one right as it is today, with every version and permit that was ever entered."""
    return told_right(right_history(session, actor, number))


def _place(row: RightRow) -> tuple[str | int, ...]:
    return int(row.counted), row.number
