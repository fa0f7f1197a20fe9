"""Reads of returns and duties."""

from registry.output.queries.duties import first_told, missing, open_duties_of, overdue
from registry.output.queries.returns import (
    Key,
    live_returns,
    newest_year,
    returns_of,
    revisions_of,
    split_public_id,
    year_totals,
)

__all__ = [
    "Key",
    "first_told",
    "live_returns",
    "missing",
    "newest_year",
    "open_duties_of",
    "overdue",
    "returns_of",
    "revisions_of",
    "split_public_id",
    "year_totals",
]
