"""What is due and has not come, mine by mine, with the text of a reminder."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.documents.service.notices import reminder
from registry.identity.rules import Actor
from registry.kernel.display import chinese_date
from registry.kernel.fields import SHORT, clean
from registry.kernel.period import parse_period
from registry.platform import clock
from registry.platform.sheets import Cell, Sheet
from registry.regions.queries import all_regions, names
from registry.request import Reader, allowed
from registry.web.downloads import sheet_answer
from registry.web.page import page
from registry.web.paging import Paging, offset, read_page
from registry.workflows.import_returns import office_period
from registry.workflows.missing_returns import Missing, MissingMine, MissingMonth, missing_returns

router = APIRouter()
_READ = "output.read"
_MINES = 30  # on a page: each has its months and the text of a reminder
_COLUMNS = (
    ("行政区", 16), ("乡镇", 12), ("矿业权编号", 14), ("矿山", 26), ("矿业权人", 28), ("矿种", 16),
    ("月份", 9), ("缺报", 30), ("份数", 6), ("报送期限", 11), ("逾期天数", 9), ("曾作废", 7),
)  # fmt: skip


@router.api_route("/outputs/missing", methods=["GET", "HEAD"])
def missing(request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)]) -> HTMLResponse:
    """Show what is missing, mine by mine."""
    number = read_page(request.query_params.get("page", ""))
    query, found = _asked(request, session, actor)
    called = names(session)
    mines = found.mines[offset(number, _MINES) : offset(number, _MINES) + _MINES]
    return page(request, session, actor, "outputs/missing.html", {
        "found": found, "mines": mines, "query": query,
        "reminders": {mine.number: reminder(mine, found.today, called[mine.region]) for mine in mines},
        "paging": Paging("/outputs/missing", query, number, len(found.mines), _MINES),
        "sheet": Paging("/outputs/missing.xlsx", query, 1, 0),
    })  # fmt: skip


@router.api_route("/outputs/missing.xlsx", methods=["GET", "HEAD"])
def missing_sheet(request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)]) -> Response:
    """Give what is missing as a sheet, a row for each month of a mine."""
    query, found = _asked(request, session, actor)
    names = {region.code: region.name for region in all_regions(session)}
    rows = [_cells(mine, month, names[mine.region]) for mine in found.mines for month in mine.months]
    narrowed = "、".join(text for text in query.values() if text) or "全部"
    counted = f"缺报 {found.returns} 份，{len(found.mines)} 家"
    note = f"截至：{chinese_date(found.today)}    {counted}    筛选：{narrowed}"
    sheet = Sheet("产量报表缺报清单", (note,), _COLUMNS, rows, clock.now(session))
    return sheet_answer(sheet, f"缺报清单-{found.today}.xlsx")


def _asked(request: Request, session: Session, actor: Actor) -> tuple[dict[str, str], Missing]:
    given = {name: clean(request.query_params.get(name), name, SHORT) or "" for name in ("month", "right")}
    if given["month"]:
        given["month"] = str(parse_period(office_period(given["month"]), "month"))[:7]
    return given, missing_returns(session, actor, given["month"], given["right"])


def _cells(mine: MissingMine, month: MissingMonth, region: str) -> Sequence[Cell]:
    return (
        region, mine.township, mine.number, mine.mine, mine.holder, month.mineral, month.month,
        _days(month.runs) or "月报", max(len(month.days), 1), month.due_on, month.late,
        "是" if month.taken_back else None,
    )  # fmt: skip


def _days(runs: Sequence[tuple[date, date]]) -> str:
    return "、".join(f"{a.day} 日" if a == b else f"{a.day}–{b.day} 日" for a, b in runs)
