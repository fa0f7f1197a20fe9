"""The state of every cap in a year: both meters, coverage, and what each figure rests on."""

from registry.workflows.cap_status.book import Book, Sight, books, sight_of, status
from registry.workflows.cap_status.drawing import meter_of
from registry.workflows.cap_status.printing import public
from registry.workflows.cap_status.reading import Account, Key, accounts, readings_with_months
from registry.workflows.cap_status.state import CapStatus

__all__ = [
    "Account",
    "Book",
    "CapStatus",
    "Key",
    "Sight",
    "accounts",
    "books",
    "meter_of",
    "public",
    "readings_with_months",
    "sight_of",
    "status",
]
