"""The state of every cap in a year: both meters, coverage, and what each figure rests on."""

from registry.workflows.cap_status.book import status
from registry.workflows.cap_status.printing import public
from registry.workflows.cap_status.state import CapStatus

__all__ = ["CapStatus", "public", "status"]
