"""The drawing of an area: its rings to scale in a frame, with grid and point numbers.

Counted in tenths of a pixel, whole numbers all through. North is up; eastings carry their belt number or not,
the drawing shows only differences.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from registry.kernel.area import Area, Ring
from registry.kernel.ring import Point

WIDTH, HEIGHT = 2800, 2400
_MARGIN = 260  # of the frame that stays free around the area, for point numbers
_MOST_NUMBERS = 24  # beyond it only every second, third, … point bears its number, the first always
_LINES = 5  # grid lines over the longer side, about
_MILLIMETRES = 1000
_AWAY = 46  # how far a number stands from its point


@dataclass(frozen=True, slots=True)
class Number:
    """The number of a point, beside it; `anchor` is where the text begins (start, middle, end)."""

    x: int
    y: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Outline:
    """One ring as drawn: its points in SVG's way, and the numbers of some or all of them."""

    points: str
    dots: tuple[tuple[int, int], ...]
    numbers: tuple[Number, ...]
    is_hole: bool


@dataclass(frozen=True, slots=True)
class Sketch:
    """A drawing of WIDTH by HEIGHT; a grid square is `grid_m` metres wide, `bar` long as drawn."""

    outlines: tuple[Outline, ...]
    columns: tuple[int, ...]
    rows: tuple[int, ...]
    grid_m: int
    bar: int
    every: int

    @property
    def grid(self) -> str:
        """The width of a grid square with its unit."""
        return f"{self.grid_m // 1000} km" if self.grid_m % 1000 == 0 else f"{self.grid_m} m"


def sketch(area: Area) -> Sketch:
    """Return the drawing of an area, as large as its frame allows."""
    fit = _Fit.of([point for ring in area.rings for point in ring.points])
    step = _step(fit)
    count = sum(len(ring.points) for ring in area.rings)
    every = -(-count // _MOST_NUMBERS)
    return Sketch(
        outlines=tuple(_outline(ring, fit, every) for ring in area.rings),
        columns=tuple(fit.x(east) for east in _multiples(fit.west, fit.east, step)),
        rows=tuple(fit.y(north) for north in _multiples(fit.south, fit.north, step)),
        grid_m=step // _MILLIMETRES,
        bar=round(step * fit.scale),
        every=every,
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    """Where the frame lies on the ground, in millimetres, and how large a millimetre is drawn."""

    west: int
    north: int
    scale: Fraction

    @classmethod
    def of(cls, points: Sequence[Point]) -> "_Fit":
        norths, easts = [north for north, _ in points], [east for _, east in points]
        wide, high = max(max(easts) - min(easts), 1), max(max(norths) - min(norths), 1)
        scale = min(Fraction(WIDTH - 2 * _MARGIN, wide), Fraction(HEIGHT - 2 * _MARGIN, high))
        middle_east, middle_north = (max(easts) + min(easts)) // 2, (max(norths) + min(norths)) // 2
        return cls(middle_east - round(WIDTH / scale / 2), middle_north + round(HEIGHT / scale / 2), scale)

    @property
    def east(self) -> int:
        """The right edge of the frame."""
        return self.west + round(WIDTH / self.scale)

    @property
    def south(self) -> int:
        """The lower edge of the frame."""
        return self.north - round(HEIGHT / self.scale)

    def x(self, east: int) -> int:
        """Return where an easting lies, from the left."""
        return round((east - self.west) * self.scale)

    def y(self, north: int) -> int:
        """Return where a northing lies, from the top."""
        return round((self.north - north) * self.scale)


def _step(fit: _Fit) -> int:
    """Return the width of a grid square: 1, 2 or 5 times a power of ten metres."""
    wanted = max(fit.east - fit.west, fit.north - fit.south) // _LINES
    step = _MILLIMETRES
    while True:
        for factor in (1, 2, 5):
            if step * factor >= wanted:
                return step * factor
        step *= 10


def _multiples(low: int, high: int, step: int) -> range:
    return range(-(-low // step) * step, high + 1, step)


def _outline(ring: Ring, fit: _Fit, every: int) -> Outline:
    places = tuple((fit.x(east), fit.y(north)) for north, east in ring.points)
    middle = (sum(x for x, _ in places) // len(places), sum(y for _, y in places) // len(places))
    numbers = tuple(
        _number(place, middle, label)
        for at, (place, label) in enumerate(zip(places, ring.labels, strict=True))
        if at % every == 0
    )
    return Outline(" ".join(f"{x},{y}" for x, y in places), places, numbers, ring.is_hole)


def _number(place: tuple[int, int], middle: tuple[int, int], label: str) -> Number:
    """Return a number on the side of its point that is away from the middle of the ring."""
    right, down = place[0] - middle[0], place[1] - middle[1]
    x = place[0] + (_AWAY if right >= 0 else -_AWAY)
    y = place[1] + (_AWAY + 60 if down > 0 else -_AWAY + 30)
    return Number(x, y, label if label.startswith("J") else f"J{label}", "start" if right >= 0 else "end")
