"""The list of standing returns and its sheet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.identity.queries import visible
from registry.identity.rules import Actor
from registry.kernel.display import BASE_UNIT, chinese_date, in_base_unit, office_unit
from registry.kernel.fields import SHORT, clean
from registry.kernel.period import parse_period
from registry.kernel.quantity import of_kind
from registry.kernel.vocabulary import Covered, ReturnStanding
from registry.minerals.queries import name_meant
from registry.output.queries import ReturnLine, count_returns, list_returns, minerals_told, newest_year
from registry.output.wanted import EVERY_YEAR, FILTERS, Wanted, read_wanted
from registry.platform import clock
from registry.platform.sheets import Cell, Sheet
from registry.regions.queries import all_regions
from registry.request import Reader, allowed
from registry.web.downloads import sheet_answer
from registry.web.outputs.shown import figure, grain_of
from registry.web.page import page
from registry.web.paging import SIZE, Paging, offset, read_page
from registry.workflows.import_returns import office_period

router = APIRouter()
_READ = "output.read"
_YEARS = 10  # that the filter offers
_EVERY_YEAR = "全部年度"
_YEAR = re.compile(r"(19|2\d)\d\d-", re.ASCII)
MOST_ROWS = 50_000
_COLUMNS = (
    ("矿业权编号", 14), ("矿山", 24), ("行政区", 16), ("矿种", 16), ("期间", 11), ("产量", 14), ("单位", 6),
    ("原报数值", 12), ("原报单位", 8), ("零报", 6), ("许可覆盖", 12), ("非生产状态", 10), ("计入总量", 9),
    ("报表状态", 10), ("修订", 6), ("登记人", 12), ("登记日", 11), ("来源文件", 20),
    ("理由", 24), ("备注", 24),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One row: its figure in the office's unit, and what was written where that was another unit."""

    line: ReturnLine
    figure: str
    written: str | None
    recorded: str


@router.api_route("/outputs", methods=["GET", "HEAD"])
def returns(request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)]) -> HTMLResponse:
    """Show the standing returns wanted, the newest month first."""
    regions = visible(session, actor, _READ)
    number = read_page(request.query_params.get("page", ""))
    query, wanted, newest = _asked(request, session)
    total = count_returns(session, regions, wanted)
    lines = list_returns(session, regions, wanted, offset(number), SIZE)
    return page(request, session, actor, "outputs/list.html", {
        "rows": [_row(line) for line in lines], "query": query,
        "paging": Paging("/outputs", query, number, total), "sheet": Paging("/outputs.xlsx", query, 1, total),
        "minerals": minerals_told(session, regions),
        "spans": _spans(newest, wanted.year, clock.today(session).year),
        "is_set": any(request.query_params.get(name) for name in (*FILTERS, "month")),
        "standings": list(ReturnStanding), "covers": list(Covered),
    })  # fmt: skip


@router.api_route("/outputs.xlsx", methods=["GET", "HEAD"])
def returns_sheet(request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)]) -> Response:
    """Give the standing returns wanted as a sheet, with exact figures in t or m³."""
    regions = visible(session, actor, _READ)
    query, wanted, _ = _asked(request, session)
    lines = list_returns(session, regions, wanted, 0, MOST_ROWS)
    names = {region.code: region.name for region in all_regions(session)}
    today, total = clock.today(session), count_returns(session, regions, wanted)
    notes = [f"截至：{chinese_date(today)}    共 {total} 条    筛选：{_told(query)}"]
    if total > MOST_ROWS:
        notes.append(f"只列前 {MOST_ROWS} 条，请缩小筛选范围")
    rows = [_cells(line, names) for line in lines]
    sheet = Sheet("产量报表", tuple(notes), _COLUMNS, rows, clock.now(session))
    return sheet_answer(sheet, f"产量报表-{today}.xlsx")


def _asked(request: Request, session: Session) -> tuple[dict[str, str], Wanted, int | None]:
    """Return what the address asks for, as it is written again, as it is read, and the newest year."""
    given = {name: request.query_params.get(name, "").strip() for name in FILTERS}
    given["period"] = office_period(given["period"]) or _month(request)
    if _YEAR.match(given["period"]):
        given["year"] = given["period"][:4]  # a month says its year itself
    newest = newest_year(session)
    wanted = read_wanted(given, newest)
    given["mineral"] = name_meant(session, wanted.mineral) or ""
    wanted = replace(wanted, mineral=given["mineral"])
    return given | {"year": str(wanted.year or EVERY_YEAR)}, wanted, newest


def _month(request: Request) -> str:
    """Return the month of an address that names it as the list of what is missing does."""
    text = clean(request.query_params.get("month"), "month", SHORT)
    return str(parse_period(office_period(text), "month"))[:7] if text else ""


def _spans(newest: int | None, chosen: int | None, this: int) -> list[tuple[str, str]]:
    """Return the years that the filter offers, and that of every year, each with its words."""
    offered = set(range(newest - _YEARS + 1, newest + 1)) if newest else set()
    years = sorted(offered | {this} | ({chosen} if chosen else set()), reverse=True)
    return [(EVERY_YEAR, _EVERY_YEAR), *((str(year), str(year)) for year in years)]


def _row(line: ReturnLine) -> ReturnRow:
    per = grain_of(line.period)
    quantity = of_kind(line.kind, line.quantity)
    is_other = line.unit != office_unit(line.kind, per) and not line.nil and not line.voided
    return ReturnRow(
        line,
        figure(quantity, per),
        f"{line.value} {line.unit}" if is_other else None,
        clock.local_day(line.recorded_at).isoformat(),
    )


def _told(query: Mapping[str, str]) -> str:
    words = [ReturnStanding.read(query["standing"]), Covered.read(query["covered"])]
    year = _EVERY_YEAR if query["year"] == EVERY_YEAR else f"{query['year']} 年"
    texts = [year, query["mineral"], query["right"], query["period"], *(w.label for w in words if w)]
    return "、".join(text for text in texts if text)


def _cells(line: ReturnLine, names: Mapping[str, str]) -> Sequence[Cell]:
    exact = Decimal(in_base_unit(of_kind(line.kind, line.quantity)) or 0)
    marks = (line.nil, line.during_stop, line.counted)
    nil, stopped, counted = ("是" if mark else None for mark in marks)
    return (
        line.number, line.mine, names[line.region], line.mineral, line.period, exact, BASE_UNIT[line.kind],
        line.value, line.unit, nil, line.covered.label, stopped, counted, line.standing.label, line.revision,
        line.actor, clock.local_day(line.recorded_at), line.source, line.reason, line.note,
    )  # fmt: skip
