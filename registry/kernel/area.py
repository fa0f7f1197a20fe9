"""The area of a right: rings of corner points in whole millimetres, areas in whole square metres."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from registry.kernel.errors import Invalid
from registry.kernel.quantity import digits, read_number
from registry.kernel.ring import Point, doubled_area
from registry.kernel.spelling import narrow

_NUMBER = re.compile(r"[-+]?\d{1,9}(?:\.\d+)?")
BELT = 10**9  # millimetres: an easting of 1,000 km or more carries its belt number in front
ELEVATIONS = range(-12_000_000, 9_000_001)


@dataclass(frozen=True, slots=True)
class Ring:
    """One closed line of corner points with the elevations between which it holds."""

    labels: tuple[str, ...]
    points: tuple[Point, ...]
    top_mm: int | None
    bottom_mm: int | None
    note: str
    is_hole: bool


@dataclass(frozen=True, slots=True)
class Area:
    """The rings of a right."""

    rings: tuple[Ring, ...]

    @property
    def square_metres(self) -> int:
        """Counted rings less holes, rounded half-even to the square metre."""
        doubled = sum(doubled_area(r.points) * (-1 if r.is_hole else 1) for r in self.rings)
        return round(Fraction(doubled, 2 * 10**6))

    @property
    def top_mm(self) -> int | None:
        """The highest top of the counted rings, where known."""
        return max((r.top_mm for r in self.rings if not r.is_hole and r.top_mm is not None), default=None)

    @property
    def bottom_mm(self) -> int | None:
        """The lowest bottom of the counted rings, where known."""
        return min(
            (r.bottom_mm for r in self.rings if not r.is_hole and r.bottom_mm is not None), default=None
        )

    @property
    def belt(self) -> int | None:
        """The number of the belt that the eastings carry in front, or None when they carry none."""
        return self.rings[0].points[0][1] // BELT or None

    def __str__(self) -> str:
        """Return the area in the national grammar."""
        return ",".join([str(len(self.rings)), *(item for ring in self.rings for item in _printed(ring))])


def _printed(ring: Ring) -> Iterator[str]:
    yield str(len(ring.points))
    for label, (north, east) in zip(ring.labels, ring.points, strict=True):
        yield from (label, f"{Decimal(north).scaleb(-3):.3f}", f"{Decimal(east).scaleb(-3):.3f}")
    yield from ("" if mm is None else metres(mm) for mm in (ring.top_mm, ring.bottom_mm))
    yield from (ring.note, "-1" if ring.is_hole else "1")


def metres(millimetres: int) -> str:
    """Return whole millimetres as metres without trailing zeros."""
    return digits(Decimal(millimetres).scaleb(-3))


def square_km(square_metres: int) -> str:
    """Return whole square metres as km² without trailing zeros."""
    return digits(Decimal(square_metres).scaleb(-6))


def parse_square_km(text: str, field: str = "area_km2") -> int:
    """Return an area written in km² as whole square metres; at most six places, above zero."""
    exact = Fraction(read_number(text, field)) * 10**6
    if exact.denominator != 1:
        raise Invalid("too_many_places", field, text, accepted="≤ 6")
    if not 0 < exact <= 10**11:
        raise Invalid("area_not_plausible", field, text, accepted="0 < km² ≤ 100000")
    return exact.numerator


def parse_elevation(text: str, field: str) -> int:
    """Return an elevation (标高) written in metres as whole millimetres; it may be negative."""
    return read_millimetres(
        text, ELEVATIONS, Invalid("elevation_unreadable", field, text, accepted="-12000 – 9000 m")
    )


def differs(entered_m2: int, computed_m2: int) -> bool:
    """Tell whether the entered area is more than 0.1 % away from that of the corner points.

    Raises:
        Invalid: it is more than ten times too large or too small, so the unit must be wrong.
    """
    if entered_m2 > 10 * computed_m2 or computed_m2 > 10 * entered_m2:
        raise Invalid("area_nonsense", "area_km2", square_km(entered_m2), accepted=square_km(computed_m2))
    return abs(entered_m2 - computed_m2) * 1000 > computed_m2


def read_millimetres(text: str, bounds: range, refusal: Invalid) -> int:
    """Return metres with at most three places as millimetres within bounds, else raise the refusal."""
    plain = narrow(text).strip()
    if not _NUMBER.fullmatch(plain) or not plain.isascii():
        raise refusal
    exact = Fraction(plain) * 1000
    if exact.denominator != 1 or exact.numerator not in bounds:
        raise refusal
    return exact.numerator
