"""What a plan file must say, what may become of a plan document, and what is refused about it."""

from registry.plans.rules.adoption import (
    STEPS,
    AmendmentPending,
    CapKindDiffers,
    CapLinesOverlap,
    CapNotInPlan,
    PersonRequired,
    PlanAlreadyLoaded,
    remainders,
)
from registry.plans.rules.amendments import read_amendment
from registry.plans.rules.commands import CapRow, LoadPlan
from registry.plans.rules.reading import read_plan
from registry.plans.rules.scans import scan_type

__all__ = [
    "STEPS",
    "AmendmentPending",
    "CapKindDiffers",
    "CapLinesOverlap",
    "CapNotInPlan",
    "CapRow",
    "LoadPlan",
    "PersonRequired",
    "PlanAlreadyLoaded",
    "read_amendment",
    "read_plan",
    "remainders",
    "scan_type",
]
