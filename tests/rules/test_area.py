"""Corner points: the national grammar, exact areas, and rings that are refused by ring and point."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.area import differs, metres, parse_elevation, parse_square_km, square_km
from registry.kernel.corners import MOST_POINTS, parse_area
from registry.kernel.errors import Invalid
from registry.kernel.ring import crossing, doubled_area, holds

X, Y = 3_300_000, 36_500_000
SQUARE = [(0, 0), (0, 1000), (1000, 1000), (1000, 0)]


def ring(points, tail="900,800,,1", name="{}"):
    """Write one ring; points are metres north and east of a corner in belt 36."""
    told = [f"{name.format(n)},{X + north:.3f},{Y + east:.3f}" for n, (north, east) in enumerate(points, 1)]
    return ",".join([str(len(points)), *told, tail])


def area(*rings):
    return ",".join([str(len(rings)), *rings])


class TestGrammar:
    def test_a_square_kilometre_is_read_with_its_elevations_and_belt(self):
        found = parse_area(area(ring(SQUARE)))
        assert (found.square_metres, found.top_mm, found.bottom_mm, found.belt) == (
            1_000_000,
            900_000,
            800_000,
            36,
        )

    def test_what_was_read_is_printed_as_it_stood(self):
        text = area(ring(SQUARE), ring([(100, 100), (100, 200), (200, 200)], "900,800,扣除区,-1"))
        assert str(parse_area(text)) == text

    def test_a_hole_is_taken_off(self):
        hole = ring([(100, 100), (100, 300), (300, 300), (300, 100)], "900,800,扣除,-1")
        assert parse_area(area(ring(SQUARE), hole)).square_metres == 960_000

    def test_a_hole_may_touch_the_line_of_its_ring(self):
        hole = ring([(0, 0), (0, 100), (100, 100)], ",,,-1")
        assert parse_area(area(ring(SQUARE), hole)).square_metres == 995_000

    def test_elevations_below_the_sea_and_unknown_ones(self):
        found = parse_area(area(ring(SQUARE, "1480,-1260.5,,1"), ring(SQUARE, ",,,1")))
        assert (found.top_mm, found.bottom_mm) == (1_480_000, -1_260_500)

    def test_a_ring_that_repeats_its_first_point_is_closed_once(self):
        assert str(parse_area(area(ring([*SQUARE, (0, 0)])))) == area(ring(SQUARE))

    def test_full_width_commas_j_numbers_and_a_last_comma_are_read(self):
        text = area(ring(SQUARE, name="J{}")).replace(",", "，") + "，"
        assert parse_area(text).square_metres == 1_000_000

    def test_without_belt_number(self):
        assert parse_area(area(ring(SQUARE)).replace("36500", "500").replace("36501", "501")).belt is None

    def test_the_way_round_does_not_matter(self):
        assert parse_area(area(ring(SQUARE[::-1]))).square_metres == 1_000_000


BOW_TIE = [(0, 0), (1000, 1000), (1000, 0), (0, 1000)]
SPIKE = [(0, 0), (0, 1000), (0, 500), (1000, 500)]
TOUCHING = [(0, 0), (0, 1000), (1000, 1000), (0, 500), (1000, 0)]


@pytest.mark.parametrize(
    ("text", "code", "ring_no", "point"),
    [
        ("", "corners_cut_short", 0, "—"),
        ("0", "rings_unreadable", 0, "—"),
        ("x,4", "rings_unreadable", 0, "—"),
        (area(ring(SQUARE[:2])), "ring_points", 1, "—"),
        (area(f"{MOST_POINTS + 1},1,{X},{Y}"), "ring_points", 1, "—"),
        (area(ring([*SQUARE[:2], SQUARE[0]])), "ring_points", 1, "—"),
        ("1,4,1,3300000.000", "corners_cut_short", 1, 1),
        (area(ring(SQUARE)).rsplit(",", 1)[0], "corners_cut_short", 1, "—"),
        ("2," + ring(SQUARE), "corners_cut_short", 2, "—"),
        (area(ring(SQUARE)) + ",7", "corners_surplus", 1, "—"),
        (area(ring(SQUARE, name="P{}")), "corner_number", 1, 1),
        ("1,3,1,3300000.0001,36500000.000", "corner_unreadable", 1, 1),
        ("1,3,1,3300000.000,30.123", "corner_unreadable", 1, 1),
        ("1,3,1,30.1,108.5", "corner_unreadable", 1, 1),
        ("1,3,1,3300000.000,36500000.000,2,1e6,36500000.000", "corner_unreadable", 1, 2),
        ("1,3,1,3300000.000,99500000.000", "corner_unreadable", 1, 1),
        (area(ring(SQUARE), ring([SQUARE[0], SQUARE[0], *SQUARE[1:]])), "corner_repeated", 2, 2),
        (area(ring(SQUARE, "900,x,,1")), "ring_elevation", 1, "—"),
        (area(ring(SQUARE, "9000.0001,0,,1")), "ring_elevation", 1, "—"),
        (area(ring(SQUARE, "800,900,,1")), "elevations_reversed", 1, "—"),
        (area(ring(SQUARE, "900,800,,0")), "ring_flag", 1, "—"),
        (area(ring(BOW_TIE)), "ring_crosses_itself", 1, 1),
        (area(ring(SPIKE)), "ring_crosses_itself", 1, 1),
        (area(ring(TOUCHING)), "ring_crosses_itself", 1, 1),
        (area(ring(SQUARE), ring(BOW_TIE)), "ring_crosses_itself", 2, 1),
        (area(ring(SQUARE)).replace("36501000.000", "37501000.000", 1), "belts_mixed", 1, "—"),
        (area(ring(SQUARE), ring(SQUARE).replace("365", "375")), "belts_mixed", 2, "—"),
        (area(ring(SQUARE), ring([(2000, 0), (2000, 9), (2009, 9)], ",,外,-1")), "hole_outside", 2, "—"),
        (area(ring(SQUARE, ",,,-1")), "hole_outside", 1, "—"),
        (area(ring(SQUARE), ring(SQUARE, ",,,-1")), "area_not_plausible", 2, "—"),
    ],
)
def test_what_cannot_be_an_area_names_ring_and_point(text, code, ring_no, point):
    with pytest.raises(Invalid) as refused:
        parse_area(text)
    told = refused.value
    assert (told.code, told.facts["ring"], told.facts["point"]) == (code, ring_no, point)
    assert told.field == "corners"


def zigzag(count):
    """Return the points of a ring whose one side goes to and fro."""
    teeth = [(2 * n, 1000 * (n % 2)) for n in range(count - 2)]
    return [*teeth, (2 * count, 2000), (0, 2000)]


def test_five_thousand_points_are_read_and_one_more_is_refused():
    assert parse_area(area(ring(zigzag(MOST_POINTS)))).square_metres > 0
    half = ring(zigzag(MOST_POINTS // 2))
    assert parse_area(area(half, half)).square_metres > 0
    with pytest.raises(Invalid, match="ring_points"):
        parse_area(area(half, half, ring(SQUARE)))


class TestGeometry:
    @given(
        st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=3, max_size=7, unique=True)
    )
    def test_the_sweep_finds_what_comparing_every_pair_finds(self, points):
        assert (crossing(points) is None) == _is_simple(points)

    @given(st.integers(-(10**12), 10**12), st.integers(1, 10**12))
    def test_the_area_is_exact_wherever_the_ring_lies(self, shift, side):
        square = [(shift, shift), (shift, shift + side), (shift + side, shift + side), (shift + side, shift)]
        assert doubled_area(square) == 2 * side * side

    @pytest.mark.parametrize(
        ("point", "inside"),
        [
            ((5, 5), True),
            ((0, 5), True),
            ((0, 0), True),
            ((-1, 5), False),
            ((5, 11), False),
            ((0, 11), False),
        ],
    )
    def test_a_ring_holds_what_lies_inside_or_on_its_line(self, point, inside):
        assert holds([(0, 0), (0, 10), (10, 10), (10, 0)], point) is inside


def _is_simple(points):
    """Compare every pair of edges by fractions: slow, and independent of the sweep."""
    count = len(points)
    edges = [(points[n], points[(n + 1) % count]) for n in range(count)]
    for i in range(count):
        for j in range(i + 1, count):
            shared = set(edges[i]) & set(edges[j])
            if _overlap(*edges[i], *edges[j]) - shared or len(shared) > 1:
                return False
    return True


def _overlap(a, b, c, d):
    """Return the common points of two segments: none, one, or the ends of a common stretch."""
    cross = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0])
    if cross:
        along = Fraction((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0]), cross)
        other = Fraction((c[0] - a[0]) * (b[1] - a[1]) - (c[1] - a[1]) * (b[0] - a[0]), cross)
        meets = 0 <= along <= 1 and 0 <= other <= 1
        return {(a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1]))} if meets else set()
    if (b[0] - a[0]) * (c[1] - a[1]) != (b[1] - a[1]) * (c[0] - a[0]):
        return set()
    return {p for p in (a, b) if min(c, d) <= p <= max(c, d)} | {
        p for p in (c, d) if min(a, b) <= p <= max(a, b)
    }


class TestFigures:
    def test_square_kilometres_are_whole_square_metres(self):
        assert parse_square_km("0.7412") == 741_200
        assert square_km(741_200) == "0.7412"

    @pytest.mark.parametrize("text", ["0", "-1", "0.0000001", "x", "", "100001", "1e3"])
    def test_no_area(self, text):
        with pytest.raises(Invalid):
            parse_square_km(text)

    def test_elevations(self):
        assert [parse_elevation(t, "top_m") for t in ("1085", "-1260.125", "＋12.5")] == [
            1_085_000, -1_260_125, 12_500,
        ]  # fmt: skip
        assert metres(-1_260_125) == "-1260.125"

    @pytest.mark.parametrize("text", ["9001", "-12001", "1.0001", "", "--1", "abc"])
    def test_no_elevation(self, text):
        with pytest.raises(Invalid, match="elevation_unreadable"):
            parse_elevation(text, "top_m")

    def test_up_to_a_thousandth_is_no_difference(self):
        assert not differs(1_001_000, 1_000_000)
        assert differs(1_001_001, 1_000_000)
        assert differs(998_999, 1_000_000)

    @pytest.mark.parametrize("entered", [10_000_001, 99_999])
    def test_ten_times_too_much_is_nonsense(self, entered):
        with pytest.raises(Invalid, match="area_nonsense"):
            differs(entered, 1_000_000)
