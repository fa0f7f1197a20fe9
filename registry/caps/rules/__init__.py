"""Pure judgement of caps: marks, states, the highest day of what is licensed, verdicts, the year's end."""

from registry.caps.rules.forecast import LEAST_MONTHS, Outlook, outlook
from registry.caps.rules.limits import (
    CapExceeded,
    Demand,
    Licensed,
    Mark,
    PlanEnded,
    Ruling,
    Taken,
    Verdict,
    highest_day,
    marks,
    passed,
    severity,
    spans_of,
    state,
    weigh,
)
from registry.kernel.meter import FULL

__all__ = [
    "FULL",
    "LEAST_MONTHS",
    "CapExceeded",
    "Demand",
    "Licensed",
    "Mark",
    "Outlook",
    "PlanEnded",
    "Ruling",
    "Taken",
    "Verdict",
    "highest_day",
    "marks",
    "outlook",
    "passed",
    "severity",
    "spans_of",
    "state",
    "weigh",
]
