"""Lays out the meter: what is licensed over what has been dug, on one scale that does not stop at the cap.

The one layout of page and paper. It counts in tenths of a pixel, so that whole numbers are fine enough.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registry.kernel.vocabulary import CapState

WIDTH = 2400
AT_CAP = 2000  # where the cap stands while nothing goes far beyond it, so that rows compare at a glance
VISIBLE = 30  # a reading over the cap is seen to pass its mark, by at least this much
FULL = 10_000  # hundredths of a percent in the whole
LICENSED = (40, 125)  # top and bottom of the upper track
OUTPUT = (165, 260)  # and of the lower one
_HATCH = 55  # from line to line of a hatched part


@dataclass(frozen=True, slots=True)
class Load:
    """What a meter shows, in base units: both sides, and the year's end that the pace points to."""

    limit: int
    licensed: int
    held: int
    output: int
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Meter:
    """Where each part ends, counted from the left, and how each track stands against the limit."""

    licensed: int
    with_holds: int
    output: int
    cap: int
    thresholds: tuple[int, ...]
    expected: int | None
    licensed_state: CapState
    output_state: CapState

    @property
    def held_lines(self) -> str:
        """The hatching of what is held, as the path of a drawing."""
        return hatched(self.licensed, self.with_holds, *LICENSED)

    @property
    def over_lines(self) -> str:
        """The hatching of what was dug beyond the cap, as the path of a drawing."""
        return hatched(self.cap, self.output, *OUTPUT)


def lay_out(load: Load, thresholds: Iterable[int], licensed: CapState, output: CapState) -> Meter:
    """Return the layout of two meters under a limit; `thresholds` are hundredths of a percent.

    The expected end of the year never stands before what is already dug.
    """
    expected = None if load.expected is None else max(load.expected, load.output)
    total = load.licensed + load.held
    scale = _Scale(load.limit, max(total, load.output, expected or 0))
    marks = tuple(scale.at(load.limit * share // FULL) for share in thresholds if share < FULL)
    return Meter(
        licensed=scale.at(load.licensed), with_holds=scale.at(total), output=scale.at(load.output),
        cap=scale.at(load.limit), thresholds=marks, expected=None if expected is None else scale.at(expected),
        licensed_state=licensed, output_state=output,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Scale:
    limit: int
    highest: int

    @property
    def whole(self) -> int:
        """What the full width stands for."""
        return max(self.limit * WIDTH // AT_CAP, self.highest, 1)

    def at(self, base: int) -> int:
        """Return the place of a reading."""
        place = base * WIDTH // self.whole
        if base <= self.limit:
            return place
        return min(max(place, self.limit * WIDTH // self.whole + VISIBLE), WIDTH)


def hatched(left: int, right: int, top: int, bottom: int) -> str:
    """Return rising lines that fill a rectangle, as the path of a drawing; nothing where it has no width.

    Drawn as lines because a pattern shared by many drawings reaches neither paper nor a copied picture.
    """
    return "".join(_lines(left, right, top, bottom)) if right > left else ""


def _lines(left: int, right: int, top: int, bottom: int) -> Iterator[str]:
    height = bottom - top
    # on a grid of the whole drawing, so that the lines of neighbouring parts run on
    first = (left - height) // _HATCH * _HATCH
    for foot in range(first, right, _HATCH):
        start, end = max(foot, left), min(foot + height, right)
        if start < end:
            yield f"M{start} {bottom - (start - foot)}L{end} {bottom - (end - foot)}"
