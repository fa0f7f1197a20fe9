"""Reads of plans: their documents, which caps lie over a place, and which line gave a cap its figure when."""

from registry.plans.queries.documents import (
    amendments_of,
    document,
    document_called,
    document_with,
    documents,
    locked_document,
    readable_places,
    rows_of,
)
from registry.plans.queries.indicators import indicators_over, reserves_over
from registry.plans.queries.lines import (
    CapFigure,
    adopted,
    caps_of,
    caps_over,
    figure,
    lines_in,
    lines_of,
    versions_of,
    years_changed,
)
from registry.plans.queries.showing import brief, public

__all__ = [
    "CapFigure",
    "adopted",
    "amendments_of",
    "brief",
    "caps_of",
    "caps_over",
    "document",
    "document_called",
    "document_with",
    "documents",
    "figure",
    "indicators_over",
    "lines_in",
    "lines_of",
    "locked_document",
    "public",
    "readable_places",
    "reserves_over",
    "rows_of",
    "versions_of",
    "years_changed",
]
