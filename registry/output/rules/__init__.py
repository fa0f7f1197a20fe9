"""Pure rules of returns: what a return must say, what covers it, and what its figures pass."""

from registry.output.rules.basis import Basis, ChangedSince, OnBook, OnRevision, on_revision
from registry.output.rules.cover import (
    covered,
    due_on,
    is_counted,
    is_stopped,
    main_mineral,
    permit_for,
    standing_of,
    states_in,
)
from registry.output.rules.reading import FIELDS, RecordOutput, read_output, read_reason
from registry.output.rules.refusals import AlreadyReturned, NotReturned
from registry.output.rules.usual import usual_if_far

__all__ = [
    "FIELDS",
    "AlreadyReturned",
    "Basis",
    "ChangedSince",
    "NotReturned",
    "OnBook",
    "OnRevision",
    "RecordOutput",
    "covered",
    "due_on",
    "is_counted",
    "is_stopped",
    "main_mineral",
    "on_revision",
    "permit_for",
    "read_output",
    "read_reason",
    "standing_of",
    "states_in",
    "usual_if_far",
]
