"""Exact geometry of one closed ring of points in whole millimetres; integers only, nothing is rounded."""

from collections.abc import Sequence

Point = tuple[int, int]
"""Northing and easting in millimetres."""


def doubled_area(points: Sequence[Point]) -> int:
    """Return twice the area of a simple ring in square millimetres, whichever way round it runs."""
    pairs = zip(points, (*points[1:], points[0]), strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs))


def repeated(points: Sequence[Point]) -> int | None:
    """Return the index of a point that stands where the one before it stands, or None."""
    return next((n for n in range(len(points)) if points[n] == points[n - 1]), None)


def crossing(points: Sequence[Point]) -> tuple[int, int] | None:
    """Return two edges (by the index of their first point) that touch where they should not, or None.

    Neighbours share their corner and nothing else; all others share nothing. The edges are swept along
    the longer side of the ring, so that only edges side by side are compared.
    """
    count = len(points)
    axis = _longer_axis(points)
    edges = [(points[n], points[(n + 1) % count]) for n in range(count)]
    order = sorted(range(count), key=lambda n: min(edges[n][0][axis], edges[n][1][axis]))
    for place, first in enumerate(order):
        reach = max(edges[first][0][axis], edges[first][1][axis])
        for second in order[place + 1 :]:
            if min(edges[second][0][axis], edges[second][1][axis]) > reach:
                break
            if _collide(edges, first, second):
                return min(first, second), max(first, second)
    return None


def holds(points: Sequence[Point], point: Point) -> bool:
    """Tell whether a ring holds a point, inside or on its line."""
    inside = False
    for n in range(len(points)):
        low, high = points[n - 1], points[n]
        if low > high:
            low, high = high, low
        if not low[0] <= point[0] <= high[0]:
            continue
        turn = _turn(low, high, point)
        if turn == 0 and _within(low, high, point):
            return True
        if low[0] <= point[0] < high[0] and turn > 0:
            inside = not inside
    return inside


def _longer_axis(points: Sequence[Point]) -> int:
    spans = [max(p[axis] for p in points) - min(p[axis] for p in points) for axis in (0, 1)]
    return 0 if spans[0] >= spans[1] else 1


def _collide(edges: Sequence[tuple[Point, Point]], first: int, second: int) -> bool:
    if (first + 1) % len(edges) == second:
        return _folds_back(edges[first], edges[second])
    if (second + 1) % len(edges) == first:
        return _folds_back(edges[second], edges[first])
    return _touch(*edges[first], *edges[second])


def _folds_back(arriving: tuple[Point, Point], leaving: tuple[Point, Point]) -> bool:
    (ax, ay), (bx, by), (cx, cy) = *arriving, leaving[1]
    straight = _turn((ax, ay), (bx, by), (cx, cy)) == 0
    return straight and (bx - ax) * (cx - bx) + (by - ay) * (cy - by) < 0


def _touch(a: Point, b: Point, c: Point, d: Point) -> bool:
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    meets = zip(turns, ((a, b, c), (a, b, d), (c, d, a), (c, d, b)), strict=True)
    return any(turn == 0 and _within(*ends) for turn, ends in meets)


def _turn(a: Point, b: Point, c: Point) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _within(a: Point, b: Point, c: Point) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
