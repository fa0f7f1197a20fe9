"""From a sheet to its bytes, with the fonts of this installation."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from registry.settings import settings
from reports.cap_table import CapTable, cap_table_pdf
from reports.inspection import InspectionSheet, inspection_pdf
from reports.municipal import MunicipalReport, municipal_pdf
from reports.permit import PermitSheet, permit_pdf

Sheet = PermitSheet | InspectionSheet | CapTable | MunicipalReport

_PDF: dict[type, Callable[[Any, Path], bytes]] = {
    PermitSheet: permit_pdf,
    InspectionSheet: inspection_pdf,
    CapTable: cap_table_pdf,
    MunicipalReport: municipal_pdf,
}


def pdf_of(sheet: Sheet) -> bytes:
    """Return the PDF of a sheet; equal sheets give equal bytes.

    Raises:
        FontsMissing: the set-up has not installed the fonts.
    """
    laid_out = next(pdf for kind, pdf in _PDF.items() if isinstance(sheet, kind))
    return laid_out(sheet, settings().fonts_dir)
