"""The drawing of an area: to scale, north up, inside its frame, numbers that can be read."""

import pytest

from registry.kernel.area import Area, Ring
from registry.kernel.corners import parse_area
from registry.kernel.sketch import HEIGHT, WIDTH, sketch

SQUARE = ((3_349_000_000, 36_531_000_000), (3_349_000_000, 36_531_400_000),
          (3_348_600_000, 36_531_400_000), (3_348_600_000, 36_531_000_000))  # fmt: skip


def area(*points, is_hole=False):
    labels = tuple(f"J{n}" for n in range(1, len(points) + 1))
    return Area((Ring(labels, tuple(points), None, None, "", is_hole),))


def places(drawing):
    return [dot for outline in drawing.outlines for dot in outline.dots]


def test_a_square_of_400_m_is_drawn_square_with_north_up():
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = places(sketch(area(*SQUARE)))
    assert ay == by < cy == dy  # the northern side lies above
    assert ax == dx < bx == cx  # the eastern side lies to the right
    assert bx - ax == cy - by


def test_the_bar_is_as_long_as_the_grid_says():
    drawing = sketch(area(*SQUARE))
    (ax, _), (bx, _), *_ = places(drawing)
    assert drawing.grid == "200 m"
    assert abs((bx - ax) - 2 * drawing.bar) <= 1
    assert all(
        b - a == pytest.approx(drawing.bar, abs=1)
        for a, b in zip(drawing.columns, drawing.columns[1:], strict=False)
    )


@pytest.mark.parametrize("points", [
    SQUARE,
    ((0, 0), (3000, 0), (0, 3000)),  # three points three metres apart
    ((0, 0), (0, 9_000_000), (10_000, 4_000_000)),  # nine kilometres long and ten metres wide
    tuple((3_349_000_000 + n * n % 977 * 1000, 36_531_000_000 + n * 2000) for n in range(200)),
])  # fmt: skip
def test_every_point_lies_inside_the_frame(points):
    drawing = sketch(area(*points))
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in places(drawing))
    assert all(0 <= x <= WIDTH for x in drawing.columns)
    assert all(0 <= y <= HEIGHT for y in drawing.rows)
    assert 2 <= max(len(drawing.columns), len(drawing.rows)) <= 8
    assert sum(len(outline.numbers) for outline in drawing.outlines) <= 25
    assert drawing.outlines[0].numbers[0].text == "J1"


def test_a_hole_is_marked_and_numbers_are_what_the_register_calls_the_points():
    found = parse_area(
        "2,3,1,3349000,36531000,2,3349000,36531400,3,3348600,36531400,500,300,,1,"
        "3,1,3348900,36531200,2,3348900,36531300,3,3348800,36531300,500,300,,-1"
    )
    drawing = sketch(found)
    assert [outline.is_hole for outline in drawing.outlines] == [False, True]
    assert [number.text for number in drawing.outlines[1].numbers] == ["J1", "J2", "J3"]
