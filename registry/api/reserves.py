"""The reserve ledger: the balance of a year."""

from bisect import bisect_left
from typing import Annotated, Any

from fastapi import APIRouter

from registry.api.paging import after, listed
from registry.api.shapes.common import Listed
from registry.api.shapes.inputs import USUAL_ROWS, Cursor, Limit, RegionFilter, YearFilter
from registry.api.shapes.reserves import BalanceOut
from registry.api.strict import StrictRoute
from registry.identity.queries import readable
from registry.identity.rules import Actor
from registry.kernel.period import parse_year
from registry.output.queries import newest_year
from registry.platform import clock
from registry.request import Reader, allowed
from registry.reserves.queries import balances, numbers_with_ledger
from registry.rights.queries import rights_by_number

router = APIRouter(prefix="/reserves", tags=["reserves"], route_class=StrictRoute)
_LIST = "reserves"


@router.get("", response_model=Listed[BalanceOut], summary="储量台账：年度平衡")
def get_reserves(
    actor: Annotated[Actor, allowed("reserves.read")],
    session: Reader,
    year: YearFilter = None,
    region: RegionFilter = None,
    cursor: Cursor = None,
    limit: Limit = USUAL_ROWS,
) -> dict[str, Any]:
    """List the ledger of a year (the newest with returns) by right, mineral and category."""
    places = readable(session, actor, "reserves.read", region)
    behind: tuple[str, str, str] | None = after(cursor, _LIST, str, str, str)
    shown = parse_year(year).year if year else newest_year(session) or clock.today(session).year
    numbers = numbers_with_ledger(session, places, shown)
    first = bisect_left(numbers, behind[0]) if behind else 0
    # each of these rights has a row at least, and the first of them may have been given in part
    rights = rights_by_number(session, numbers[first : first + limit + 2])
    rows = _behind(balances(session, list(rights.values()), shown), behind)
    return listed(_LIST, rows, limit, _place, lambda row: row)


def _place(row: dict[str, Any]) -> tuple[str | int, ...]:
    return row["right"], row["mineral"], row["category"]


def _behind(rows: list[dict[str, Any]], behind: tuple[str, str, str] | None) -> list[dict[str, Any]]:
    places = [_place(row) for row in rows]
    return rows[places.index(behind) + 1 :] if behind in places else rows
