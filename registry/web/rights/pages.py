"""The routes of rights: the list and its sheet, one right, and the change of what a mine does."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.identity.rules import Actor
from registry.minerals.queries import name_meant
from registry.platform import clock
from registry.platform.sheets import MEDIA_TYPE
from registry.regions.queries import names
from registry.registration.ledger import ledger_of
from registry.registration.sheet import sheet_of
from registry.request import Reader, allowed
from registry.web.page import page
from registry.web.paging import SIZE, Paging, offset, read_page
from registry.web.rights.listing import FILTERS, facts, scope
from registry.workflows.rights_list import Wanted, read_wanted, rights_page, rights_wanted

router = APIRouter()
_READ = "rights.read"


@router.api_route("/rights", methods=["GET", "HEAD"])
def right_list(request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)]) -> HTMLResponse:
    """Show the rights wanted, fifty a page, by number."""
    query = _query(request)
    number = read_page(request.query_params.get("page", ""))
    found = rights_page(session, actor, _wanted(session, query), offset(number), SIZE)
    paging = Paging("/rights", query, number, found.total)
    return page(request, session, actor, "rights/list.html", facts(found, query) | {"paging": paging})


@router.api_route("/rights.xlsx", methods=["GET", "HEAD"])
def right_sheet(request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)]) -> Response:
    """Give the rights wanted as the printed register shows them: every one of them, and no other."""
    wanted = _wanted(session, _query(request))
    register = ledger_of(session, rights_wanted(session, actor, wanted), scope(wanted, names(session)))
    return download(sheet_of(register), f"{register.title}-{clock.today(session)}.xlsx")


def _wanted(session: Session, query: Mapping[str, str]) -> Wanted:
    wanted = read_wanted(query)
    return replace(wanted, mineral=name_meant(session, wanted.mineral))


def _query(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "") for name in FILTERS}


def download(content: bytes, name: str) -> Response:
    """Return a sheet as a file to keep."""
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "cache-control": "no-store",
    }
    return Response(content, media_type=MEDIA_TYPE, headers=headers)
