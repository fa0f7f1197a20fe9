"""The audit trail: who did what to which record, and the heads of the chains."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from registry.api.paging import after, listed
from registry.api.shapes.audit import EntryOut, HeadOut
from registry.api.shapes.common import Listed
from registry.api.shapes.inputs import USUAL_ROWS, Cursor, Filter, Limit, RegionFilter
from registry.api.strict import StrictRoute
from registry.identity.queries import readable, visible
from registry.identity.rules import Actor
from registry.kernel.period import parse_day
from registry.platform.audit import AuditEntry
from registry.platform.audit_trail import Sought, entries, facts_of, heads_of
from registry.request import Reader, allowed

router = APIRouter(prefix="/audit", tags=["audit"], route_class=StrictRoute)
_LIST = "audit"
_Day = Annotated[str | None, Query(description="YYYY-MM-DD", examples=["2026-01-31"])]


@router.get("", response_model=Listed[EntryOut], summary="审计记录")
def get_audit(
    actor: Annotated[Actor, allowed("audit.read")],
    session: Reader,
    by: Annotated[Filter, Query(alias="actor", description="办理人", examples=["jingban"])] = None,
    act: Annotated[Filter, Query(description="事项的开头部分", examples=["output."])] = None,
    record: Annotated[Filter, Query(description="对象的开头部分", examples=["SZ-2015-0001"])] = None,
    region: RegionFilter = None,
    since: _Day = None,
    until: _Day = None,
    cursor: Cursor = None,
    limit: Limit = USUAL_ROWS,
) -> dict[str, Any]:
    """List acts, newest first; `hash` is SHA-256 over `previous`, a line feed and `text`."""
    first = parse_day(since, "since") if since else None
    last = parse_day(until, "until") if until else None
    places = readable(session, actor, "audit.read", region)
    [behind] = after(cursor, _LIST, int) or [None]
    rows = entries(session, places, Sought(by, act, record, first, last), behind, limit + 1)
    return listed(_LIST, rows, limit, lambda entry: (entry.id or 0,), _told)


@router.get("/heads", response_model=Listed[HeadOut], summary="审计链头")
def get_heads(actor: Annotated[Actor, allowed("audit.read")], session: Reader) -> dict[str, Any]:
    """List the newest link of each region's chain: keep a copy, only that shows a chain that was cut."""
    found = heads_of(session, visible(session, actor, "audit.read"))
    items = [{"region": head.region, "seq": head.seq, "hash": head.hash} for head in found]
    return {"items": items, "next_cursor": None}


def _told(entry: AuditEntry) -> dict[str, Any]:
    return {
        "region": entry.region, "seq": entry.seq, "at": entry.at.isoformat(), "actor": entry.actor,
        "act": entry.act, "record": entry.record, "facts": facts_of(entry), "text": entry.text,
        "previous": entry.previous, "hash": entry.hash,
    }  # fmt: skip
