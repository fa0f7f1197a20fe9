"""The meter of a cap's state, as page and paper draw it."""

from registry.caps.rules import FULL, state
from registry.kernel.meter import Load, Meter, lay_out
from registry.workflows.cap_status.state import CapStatus


def meter_of(found: CapStatus) -> Meter | None:
    """Return the layout of both meters, or None without a figure to hold them against."""
    if found.limit is None:
        return None
    licensed = found.licensed
    load = Load(
        found.limit.base, licensed.used.base, licensed.held.base, found.used.base,
        found.outlook.total if found.outlook else None,
    )  # fmt: skip
    shares = [mark.hundredths for mark in found.marks if mark.hundredths < FULL]
    if found.is_partial:
        return lay_out(load, shares, found.state, found.state)
    states = (state(found.limit, taken, found.marks) for taken in (licensed.total, found.used))
    return lay_out(load, shares, *states)
