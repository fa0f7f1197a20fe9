"""Reads of returns and duties."""

from registry.output.queries.duties import (
    due_day,
    duty_of,
    first_told,
    missing,
    open_duties_of,
    open_periods,
    overdue,
)
from registry.output.queries.listing import (
    MissingLine,
    ReturnLine,
    RightChoice,
    count_returns,
    list_returns,
    minerals_told,
    missing_lines,
    returns_behind,
    right_choices,
)
from registry.output.queries.returns import (
    Key,
    corrected_in,
    live_returns,
    newest_returns,
    newest_year,
    returns_of,
    revisions_of,
    split_public_id,
    year_totals,
)
from registry.output.queries.rights import Owed, owed_by, years_told
from registry.output.wanted import Wanted

__all__ = [
    "Key",
    "MissingLine",
    "Owed",
    "ReturnLine",
    "RightChoice",
    "Wanted",
    "corrected_in",
    "count_returns",
    "due_day",
    "duty_of",
    "first_told",
    "list_returns",
    "live_returns",
    "minerals_told",
    "missing",
    "missing_lines",
    "newest_returns",
    "newest_year",
    "open_duties_of",
    "open_periods",
    "overdue",
    "owed_by",
    "returns_behind",
    "returns_of",
    "revisions_of",
    "right_choices",
    "split_public_id",
    "year_totals",
    "years_told",
]
