"""The catalogue of minerals: codes, names, restrictions, and how sure each entry is."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from registry.identity.rules import Actor
from registry.minerals.entries import entries
from registry.plans.queries import readable_places
from registry.request import Reader, allowed
from registry.web.page import page

router = APIRouter()


@router.api_route("/minerals", methods=["GET", "HEAD"])
def catalogue(
    request: Request, session: Reader, actor: Annotated[Actor, allowed("plans.read")]
) -> HTMLResponse:
    """Show every mineral, those with a national code first."""
    found = entries(session, readable_places(session, actor))
    return page(request, session, actor, "minerals/index.html", {"entries": found})
