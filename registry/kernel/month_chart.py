"""Lays out the chart of a cap's year: a bar a month, their running sum as a line, the cap across it.

The one layout of page and paper; on paper it is lower.
Counted in whole pixels of the drawing; every figure in it stands in the table below it too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.kernel.meter import FULL

WIDTH, HEIGHT = 720, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 58, 16, 24
_BAR = 22  # width of a bar


@dataclass(frozen=True, slots=True)
class Bar:
    """One month: its bar, and where its line point stands; no point where nothing has come yet."""

    x: int
    centre: int
    y: int
    height: int
    point: int | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class MonthChart:
    """The places of a chart: bars with their points, the cap's line, its thresholds, the ground."""

    bars: tuple[Bar, ...]
    cap: int | None
    thresholds: tuple[int, ...]
    ground: int
    right: int
    height: int = HEIGHT

    @property
    def line(self) -> str:
        """The running sum as the path of a drawing."""
        points = [(bar.centre, bar.point) for bar in self.bars if bar.point is not None]
        return "".join(f"{'L' if at else 'M'}{x} {y}" for at, (x, y) in enumerate(points))


def month_chart(
    amounts: Sequence[int],
    sums: Sequence[int | None],
    limit: int | None,
    thresholds: Sequence[int],
    height: int = HEIGHT,
) -> MonthChart:
    """Return the chart of twelve amounts with their running sums, None where nothing has come."""
    highest = max([*amounts, *(one for one in sums if one is not None), limit or 0, 1])
    ground = height - _BOTTOM

    def at(base: int) -> int:
        return ground - base * (ground - _TOP) // highest

    step = (WIDTH - _LEFT - _RIGHT) // 12
    bars = []
    for number, (amount, total) in enumerate(zip(amounts, sums, strict=True)):
        centre = _LEFT + step * number + step // 2
        over = limit is not None and (total if total is not None else amount) > limit
        point = None if total is None else at(total)
        bars.append(Bar(centre - _BAR // 2, centre, at(amount), ground - at(amount), point, over))
    marks = () if limit is None else tuple(at(limit * share // FULL) for share in thresholds if share < FULL)
    return MonthChart(
        tuple(bars), None if limit is None else at(limit), marks, ground, WIDTH - _RIGHT, height
    )  # fmt: skip
