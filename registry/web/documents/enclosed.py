"""XLSX annexes and covering letter of a kept yearly report, always those of the paper."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from registry.documents.service import document_for
from registry.documents.service.municipal.enclosed import annex_of, letter_of
from registry.identity.rules import Actor
from registry.platform.sheets import MEDIA_TYPE
from registry.request import Reader, allowed
from registry.web.downloads import file_answer

router = APIRouter()
_READ = "documents.read"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.api_route("/documents/{number}.xlsx", methods=["GET", "HEAD"])
def annex_file(session: Reader, actor: Annotated[Actor, allowed(_READ)], number: str) -> Response:
    """Give the annexes of a yearly report; any other paper has none."""
    found = document_for(session, actor, number)
    return file_answer(annex_of(found), f"{found.title} 附表（{found.number}）.xlsx", MEDIA_TYPE)


@router.api_route("/documents/{number}.docx", methods=["GET", "HEAD"])
def letter_file(session: Reader, actor: Annotated[Actor, allowed(_READ)], number: str) -> Response:
    """Give the covering letter of a yearly report, to be edited; any other paper has none."""
    found = document_for(session, actor, number)
    return file_answer(letter_of(found), f"{found.title} 函（{found.number}）.docx", _DOCX)
