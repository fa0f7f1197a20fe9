"""Rights: the list with search and filters, and one."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from registry.api.paging import after, listed
from registry.api.shapes.common import Listed
from registry.api.shapes.inputs import USUAL_ROWS, Cursor, Filter, Limit, RegionFilter
from registry.api.shapes.rights import RightOut, ScaleFilter
from registry.api.strict import StrictRoute
from registry.api.told import day, quantity
from registry.identity.rules import Actor
from registry.kernel.vocabulary import GreenLevel, OperatingState, PermitStanding
from registry.minerals.rules import Classified, Pending
from registry.request import Reader, allowed
from registry.workflows.rights_list import PermitOfDay, RightRow, read_wanted, rights_behind

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
    behind = after(cursor, _LIST, int, str)
    last = (bool(behind[0]), behind[1]) if behind else None
    year, rows = rights_behind(session, actor, wanted, last, limit + 1)
    return listed(_LIST, rows, limit, _place, lambda row: _told(row, year))


def _place(row: RightRow) -> tuple[str | int, ...]:
    return int(row.counted), row.number


def _told(row: RightRow, year: int) -> dict[str, Any]:
    of_class = row.scale_class
    share = None if row.share is None else f"{row.share:.4f}"
    return {
        "right": row.number, "mine": row.mine, "kind": row.kind, "counted": row.counted,
        "region": row.region, "township": row.township, "source": row.source, "holder": row.holder,
        "mineral": row.mineral, "associated": list(row.associated),
        "permit": _permit(row.permit) if row.permit else None, "standing": row.standing,
        "scale_class": of_class.scale_class if isinstance(of_class, Classified) else None,
        "scale_pending": of_class.reason if isinstance(of_class, Pending) else None,
        "state": row.state, "green": row.green,
        "output": {
            "year": year, "quantity": quantity(row.output), "through": day(row.through), "share": share,
        },
    }  # fmt: skip


def _permit(permit: PermitOfDay) -> dict[str, Any]:
    return {
        "number": permit.number, "valid_from": day(permit.valid_from), "valid_to": day(permit.valid_to),
        "method": permit.method, "scale": quantity(permit.scale), "scale_written": permit.scale_written,
        "max_day": quantity(permit.max_day), "max_day_written": permit.max_day_written,
    }  # fmt: skip
