"""Permits that end, by the day on which their renewal must be applied for."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.identity.queries import readable
from registry.identity.rules import Actor
from registry.platform import clock
from registry.platform.sheets import Sheet
from registry.request import Reader, allowed
from registry.web.downloads import sheet_answer
from registry.web.page import page
from registry.web.rights.words import STAGES
from registry.wording.marks import _
from registry.workflows.expiry_list import ExpiryList, expiry_list, read_within

router = APIRouter()
_READ = "rights.read"
_SPANS = (
    ("60", _("60 日内")),
    ("90", _("90 日内")),
    ("180", _("180 日内")),
    ("730", _("2 年内")),
    ("1826", _("5 年内")),
)
_COLUMNS = (
    ("申请截止日", 12), ("剩余天数", 10), ("阶段", 16), ("矿业权编号", 16), ("矿山名称", 34),
    ("矿业权人", 30), ("矿种", 16), ("许可证号", 26), ("有效期止", 12),
)  # fmt: skip


@router.api_route("/expiries", methods=["GET", "HEAD"])
def ending(
    request: Request,
    session: Reader,
    actor: Annotated[Actor, allowed(_READ)],
    within: str = "",
    region: str = "",
) -> HTMLResponse:
    """Show the permits of which a reminder stands, or whose application day lies so many days ahead."""
    found = _found(session, actor, within, region)
    facts = {
        "found": found, "within": within.strip(), "region": region.strip(), "stages": STAGES, "spans": _SPANS,
        "counties": sorted(readable(session, actor, _READ, None) or ()),
    }  # fmt: skip
    return page(request, session, actor, "rights/ending.html", facts)


@router.api_route("/expiries.xlsx", methods=["GET", "HEAD"])
def ending_sheet(
    session: Reader, actor: Annotated[Actor, allowed(_READ)], within: str = "", region: str = ""
) -> Response:
    """Give the same permits as a sheet."""
    found = _found(session, actor, within, region)
    rows = [
        (
            row.expiry.apply_by, row.days_left, row.stage.at.label if row.stage else None, row.expiry.right,
            row.expiry.mine, row.holder, row.expiry.mineral, row.expiry.permit, row.expiry.valid_to,
        )
        for row in found.rows
    ]  # fmt: skip
    notes = (f"截至 {found.day}；申请截止日为有效期届满前 {found.notice} 日",)
    title = "许可证到期与延续申请清单"
    return sheet_answer(Sheet(title, notes, _COLUMNS, rows, clock.now(session)), f"{title}-{found.day}.xlsx")


def _found(session: Session, actor: Actor, within: str, region: str) -> ExpiryList:
    return expiry_list(session, actor, read_within(within), region.strip() or None)
