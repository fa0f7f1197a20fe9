"""How a plan document comes into force, and the refusals on the way."""

from datetime import date, timedelta

from registry.kernel.errors import Refused
from registry.kernel.lifecycle import Lifecycle
from registry.kernel.vocabulary import PlanAct, PlanState

STEPS: Lifecycle[PlanState, PlanAct] = Lifecycle(
    {
        (PlanState.entered, PlanAct.confirmed): PlanState.adopted,
        (PlanState.entered, PlanAct.withdrawn): PlanState.withdrawn,
    }
)
_DAY = timedelta(days=1)


class PlanAlreadyLoaded(Refused):
    """The region has this document with other content: figures change only by an amendment."""

    code = "plan_already_loaded"


class AmendmentPending(Refused):
    """An amendment of this number waits to be confirmed: whoever mistyped it withdraws it first."""

    code = "amendment_pending"


class CapLinesOverlap(Refused):
    """Another document in force gives the same cap a figure for the same days."""

    code = "cap_lines_overlap"


class CapNotInPlan(Refused):
    """An amendment changes figures of caps that are there; a cap that is not comes by a plan document."""

    code = "cap_not_in_plan"


class CapKindDiffers(Refused):
    """The cap has been measured in another kind since its first document."""

    code = "cap_kind_differs"


class PersonRequired(Refused):
    """An amendment is entered, confirmed and withdrawn by people who answer for it, not by the system."""

    code = "person_required"


def remainders(old: tuple[date, date], new: tuple[date, date]) -> list[tuple[date, date]]:
    """Return the parts of the old line's days, both ends included, that the new line leaves to it."""
    parts = [(old[0], min(old[1], new[0] - _DAY)), (max(old[0], new[1] + _DAY), old[1])]
    return [(first, last) for first, last in parts if first <= last]
