"""The audit trail: who did what, in sentences, with filters and as a sheet; the heads of its chains."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.identity.queries import readable
from registry.identity.rules import Actor
from registry.kernel.display import chinese_date
from registry.kernel.errors import Invalid
from registry.platform import audit, clock
from registry.platform.sheets import Cell, Sheet
from registry.regions.queries import names, top
from registry.request import Reader, allowed
from registry.web.downloads import sheet_answer
from registry.web.forms import field_errors, status_of
from registry.web.page import page
from registry.web.paging import SIZE, Paging, offset, read_page
from registry.wording.acts import ACTS, GROUPS
from registry.workflows.audit_book import FILTERS, Line, count_entries, find, read_wanted, sentences

router = APIRouter()
_READ = "audit.read"
MOST_ROWS = 10_000
_BATCH = 1000
_COLUMNS = (
    ("时间", 17), ("经手", 12), ("类别", 10), ("事项", 70), ("对象", 30), ("行政区", 16), ("链", 8),
    ("序号", 8), ("校验值", 24), ("原文", 60),
)  # fmt: skip


@router.api_route("/audit", methods=["GET", "HEAD"])
def trail(request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)]) -> HTMLResponse:
    """Show the entries wanted, the newest first, and the heads of the chains."""
    query = _query(request)
    number, wanted = read_page(request.query_params.get("page", "")), read_wanted(query)
    regions = _regions(session, actor, wanted.region)
    total = count_entries(session, regions, wanted)
    lines = sentences(session, find(session, regions, wanted, offset(number), SIZE)) if total else []
    seen = _regions(session, actor, None)
    holds, error = _check_head(session, request.query_params.get("head", ""), seen)
    return page(request, session, actor, "audit/list.html", {
        "lines": lines, "query": query, "wanted": wanted, "groups_of_acts": GROUPS,
        "paging": Paging("/audit", query, number, total), "sheet": Paging("/audit.xlsx", query, 1, total),
        "heads": [head for head in audit.heads(session) if seen is None or head.region in seen],
        "counties": sorted(seen) if seen is not None else list(names(session)),
        "head": request.query_params.get("head", ""), "holds": holds,
        "errors": field_errors(error) if error else {},
    }, status_of(error) if error else 200)  # fmt: skip


@router.api_route("/audit.xlsx", methods=["GET", "HEAD"])
def trail_sheet(request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)]) -> Response:
    """Give the entries wanted as a sheet with the text that the hash of each runs over."""
    query = _query(request)
    wanted = read_wanted(query)
    regions, places = _regions(session, actor, wanted.region), names(session)
    total, rows = count_entries(session, regions, wanted), list[list[Cell]]()
    while len(rows) < min(total, MOST_ROWS):
        found = find(session, regions, wanted, len(rows), min(_BATCH, MOST_ROWS - len(rows)))
        if not found:
            break
        rows += [_cells(line, places) for line in sentences(session, found)]
    today = clock.today(session)
    notes = [f"截至：{chinese_date(today)}    共 {total} 条    筛选：{_told(query)}"]
    if total > MOST_ROWS:
        notes.append(f"只列最近 {MOST_ROWS} 条，请缩小筛选范围")
    sheet = Sheet("审计记录", tuple(notes), _COLUMNS, rows, clock.now(session))
    return sheet_answer(sheet, f"审计记录-{today}.xlsx")


def _query(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "").strip() for name in FILTERS}


def _regions(session: Session, actor: Actor, region: str | None) -> set[str] | None:
    """Return the regions whose entries the actor reads; None for all, which is quicker than naming them."""
    found = readable(session, actor, _READ, region)
    return None if region is None and found is not None and top(session) in found else found


def _check_head(session: Session, text: str, seen: set[str] | None) -> tuple[bool | None, Invalid | None]:
    """Tell whether a printed head is a link of a chain that the actor may read; None where none is given."""
    if not text.strip():
        return None, None
    try:
        region, number, digest = audit.read_head(text)
    except Invalid as error:
        return None, error
    return (seen is None or region in seen) and audit.holds_link(session, region, number, digest), None


def _cells(line: Line, places: Mapping[str, str]) -> list[Cell]:
    entry = line.entry
    group = ACTS[entry.act][0] if entry.act in ACTS else ""
    return [
        f"{entry.at.astimezone(clock.LOCAL):%Y-%m-%d %H:%M:%S}", entry.actor, GROUPS.get(group, entry.act),
        line.sentence, entry.record, places.get(entry.region, entry.region), entry.region, entry.seq,
        entry.hash, entry.text,
    ]  # fmt: skip


def _told(query: Mapping[str, str]) -> str:
    shown = {**query, "group": GROUPS.get(query["group"], "")}
    return "、".join(value for value in shown.values() if value) or "无"
