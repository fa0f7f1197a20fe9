"""From a sheet to its bytes, with the fonts of this installation."""

from registry.settings import settings
from reports.inspection import InspectionSheet, inspection_pdf
from reports.municipal import CapTable, municipal_pdf
from reports.permit import PermitSheet, permit_pdf

Sheet = PermitSheet | InspectionSheet | CapTable


def pdf_of(sheet: Sheet) -> bytes:
    """Return the PDF of a sheet; equal sheets give equal bytes.

    Raises:
        FontsMissing: the set-up has not installed the fonts.
    """
    fonts = settings().fonts_dir
    if isinstance(sheet, PermitSheet):
        return permit_pdf(sheet, fonts)
    if isinstance(sheet, InspectionSheet):
        return inspection_pdf(sheet, fonts)
    return municipal_pdf(sheet, fonts)
