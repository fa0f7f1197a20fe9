"""Returns: the list, one with its revisions, recording one, taking one back."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from registry.api.paging import after, listed
from registry.api.shapes.common import Listed, Quantity
from registry.api.shapes.inputs import (
    USUAL_ROWS,
    Cursor,
    Filter,
    Key,
    Limit,
    RegionFilter,
    Word,
    YearFilter,
)
from registry.api.shapes.outputs import HistoryOut, OutputIn, RecordedOut, ReturnOut, VoidIn
from registry.api.strict import StrictRoute
from registry.api.told import returned, told_history
from registry.identity.queries import readable
from registry.identity.rules import Actor
from registry.kernel.period import parse_year
from registry.kernel.vocabulary import Covered, ReturnStanding
from registry.minerals.queries import name_meant
from registry.output.queries import Wanted, returns_behind
from registry.output.rules import on_revision, read_output
from registry.output.service import record_once, void
from registry.request import Reader, Transaction, allowed
from registry.workflows.return_history import history

router = APIRouter(prefix="/outputs", tags=["outputs"], route_class=StrictRoute)
_LIST = "outputs"


@router.get("", response_model=Listed[ReturnOut], summary="产量报表：现行数据")
def get_outputs(
    actor: Annotated[Actor, allowed("output.read")],
    session: Reader,
    year: YearFilter = None,
    region: RegionFilter = None,
    right: Annotated[Filter, Query(description="矿业权编号或矿山名称的一部分")] = None,
    mineral: Filter = None,
    period: Annotated[Filter, Query(description="期间的开头部分", examples=["2026-01"])] = None,
    standing: ReturnStanding | None = None,
    covered: Covered | None = None,
    cursor: Cursor = None,
    limit: Limit = USUAL_ROWS,
) -> dict[str, Any]:
    """List standing returns in the order in which the rights were entered, then by mineral and period."""
    wanted = Wanted(
        parse_year(year).year if year else None,
        right or "",
        name_meant(session, mineral) or "",
        period or "",
        standing,
        covered,
    )
    places = readable(session, actor, "output.read", region)
    rows = returns_behind(session, places, wanted, after(cursor, _LIST, str, str, str), limit + 1)
    return listed(_LIST, rows, limit, lambda row: (row.number, row.mineral, row.period), returned)


@router.get("/{right}/{mineral}/{period}", response_model=HistoryOut, summary="一份报表及其历次修订")
def get_output(
    actor: Annotated[Actor, allowed("output.read")], session: Reader, right: Word, mineral: Word, period: Word
) -> dict[str, Any]:
    """Give one return with every revision, what each moved, and the alarms it raised or let recede."""
    return told_history(history(session, actor, right, mineral, period))


@router.post("", status_code=201, response_model=RecordedOut, summary="登记或更正一份报表")
def post_output(
    body: OutputIn,
    actor: Annotated[Actor, allowed("output.record")],
    session: Transaction,
    key: Key = None,
) -> dict[str, Any]:
    """Record one return; over a cap or a permit too: it is kept, marked and alarmed."""
    fields = {
        "right_no": body.right, "period": body.period, "mineral": body.mineral or "",
        "nil": "true" if body.nil else "", "note": body.note or "",
        **_pair(body.quantity, "quantity", "unit"), **_pair(body.lost, "lost", "lost_unit"),
    }  # fmt: skip
    command = read_output(fields, correct=body.correct, reason=body.reason)
    return record_once(session, actor, command, key, on_revision(body.based_on))


@router.post("/{right}/{mineral}/{period}/void", response_model=RecordedOut, summary="作废一份报表")
def post_void(
    right: Word,
    mineral: Word,
    period: Word,
    body: VoidIn,
    actor: Annotated[Actor, allowed("output.record")],
    session: Transaction,
    key: Key = None,
) -> dict[str, Any]:
    """Take one return back: a new revision that counts nothing; the period is owed again."""
    basis = on_revision(body.based_on)
    return void(session, actor, f"{right}/{mineral}/{period}", body.reason, key, basis)


def _pair(quantity: Quantity | None, value: str, unit: str) -> dict[str, str]:
    return {} if quantity is None else {value: quantity.value, unit: quantity.unit}
