"""What is done to plans: loaded, amended by two people, amendments taken back. Every act holds the gate."""

from registry.plans.service.amending import (
    LARGEST_SCAN,
    confirm_amendment,
    enter_amendment,
    keep_scan,
    withdraw_amendment,
)
from registry.plans.service.importing import import_plan

__all__ = [
    "LARGEST_SCAN",
    "confirm_amendment",
    "enter_amendment",
    "import_plan",
    "keep_scan",
    "withdraw_amendment",
]
