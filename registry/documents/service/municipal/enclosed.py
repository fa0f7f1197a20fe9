"""Annexes and covering letter of a kept report, written from the data that were frozen with it."""

from registry.documents.models import Document
from registry.documents.service.municipal.annex import annex_bytes
from registry.documents.service.municipal.letter import letter_bytes
from registry.kernel.errors import NotFound, Refused
from registry.kernel.vocabulary import DocumentKind
from reports.frozen import thaw
from reports.municipal import MunicipalReport


class OlderForm(Refused):
    """The data of a paper were frozen before the report had its present fields: only the PDF is left."""

    code = "document_of_older_form"


def annex_of(document: Document) -> bytes:
    """Return the XLSX annexes of a kept report.

    Raises:
        NotFound: the paper is no such report, and has none.
        OlderForm: its data lack what annexes and letter are written from now.
    """
    return annex_bytes(_report(document))


def letter_of(document: Document) -> bytes:
    """Return the covering letter of a kept report as DOCX.

    Raises:
        NotFound: the paper is no such report, and has none.
        OlderForm: its data lack what annexes and letter are written from now.
    """
    return letter_bytes(_report(document))


def _report(document: Document) -> MunicipalReport:
    if document.kind is not DocumentKind.municipal:
        raise NotFound("document", document.number)
    try:
        return thaw(MunicipalReport, document.data)
    except ValueError as error:
        raise OlderForm(number=document.number) from error
