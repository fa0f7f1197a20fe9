"""Lays out the meter: what is licensed over what has been dug, on one scale that does not stop at the cap."""

from dataclasses import dataclass

from registry.caps.rules import FULL
from registry.workflows.cap_status import CapStatus

WIDTH = 2400  # of the drawing, in tenths of a pixel: whole numbers are fine enough
_AT_CAP = 2000  # where the cap stands while nothing goes far beyond it, so that rows compare at a glance
_VISIBLE = 30  # a reading over the cap is seen to pass its mark, by at least this much


@dataclass(frozen=True, slots=True)
class Meter:
    """Where each part ends, counted from the left."""

    licensed: int
    with_holds: int
    output: int
    cap: int
    thresholds: tuple[int, ...]


def meter(one: CapStatus) -> Meter | None:
    """Return the layout of a cap's two meters, or None without a figure to hold them against."""
    if one.limit is None:
        return None
    scale = _Scale(one.limit.base, max(one.used.base, one.licensed.total.base))
    return Meter(
        licensed=scale.at(one.licensed.used.base),
        with_holds=scale.at(one.licensed.total.base),
        output=scale.at(one.used.base),
        cap=scale.at(one.limit.base),
        thresholds=tuple(
            scale.at(one.limit.base * mark.hundredths // FULL) for mark in one.marks if mark.hundredths < FULL
        ),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    limit: int
    highest: int

    @property
    def whole(self) -> int:
        """What the full width stands for."""
        return max(self.limit * WIDTH // _AT_CAP, self.highest, 1)

    def at(self, base: int) -> int:
        """Return the place of a reading."""
        place = base * WIDTH // self.whole
        if base <= self.limit:
            return place
        return min(max(place, self.limit * WIDTH // self.whole + _VISIBLE), WIDTH)
