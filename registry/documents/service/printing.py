"""From a sheet to its bytes, with the fonts of this installation."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from registry.settings import settings
from reports.cap_table import CapTable, cap_table_pdf
from reports.inspection import InspectionSheet, inspection_pdf
from reports.municipal import MunicipalReport, municipal_pdf
from reports.notices import (
    AlarmNotice,
    MissingNotice,
    RenewalNotice,
    alarm_notice_pdf,
    missing_notice_pdf,
    renewal_notice_pdf,
)
from reports.permit import PermitSheet, permit_pdf
from reports.progress import ProgressSheet, progress_pdf
from reports.registration import RegistrationSheet, registration_pdf

Sheet = (
    PermitSheet
    | RegistrationSheet
    | InspectionSheet
    | CapTable
    | MunicipalReport
    | ProgressSheet
    | AlarmNotice
    | MissingNotice
    | RenewalNotice
)

_PDF: dict[type, Callable[[Any, Path], bytes]] = {
    PermitSheet: permit_pdf,
    RegistrationSheet: registration_pdf,
    InspectionSheet: inspection_pdf,
    CapTable: cap_table_pdf,
    MunicipalReport: municipal_pdf,
    ProgressSheet: progress_pdf,
    AlarmNotice: alarm_notice_pdf,
    MissingNotice: missing_notice_pdf,
    RenewalNotice: renewal_notice_pdf,
}


def pdf_of(sheet: Sheet) -> bytes:
    """Return the PDF of a sheet; equal sheets give equal bytes.

    Raises:
        FontsMissing: the set-up has not installed the fonts.
    """
    laid_out = next(pdf for kind, pdf in _PDF.items() if isinstance(sheet, kind))
    return laid_out(sheet, settings().fonts_dir)
