"""The layout of the meter: two tracks on one scale that passes the cap and never stops there."""

import re

from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.meter import AT_CAP, OUTPUT, VISIBLE, WIDTH, Load, Meter, hatched, lay_out
from registry.kernel.vocabulary import CapState

OK = CapState.ok


def laid(limit, licensed=0, held=0, output=0, expected=None, thresholds=(8000, 9000)) -> Meter:
    return lay_out(Load(limit, licensed, held, output, expected), thresholds, OK, OK)


def test_the_cap_stands_in_one_place_while_nothing_goes_far_beyond():
    assert {laid(100).cap, laid(100, 95, 15, 101).cap, laid(70_000, output=80_000).cap} == {AT_CAP}


def test_thresholds_stand_before_the_cap_and_the_cap_itself_is_none():
    assert laid(100, thresholds=(8000, 9000, 10_000)).thresholds == (1600, 1800)


def test_both_tracks_have_one_scale():
    found = laid(100, 60, 20, 80)
    assert (found.licensed, found.with_holds, found.output) == (1200, 1600, 1600)


def test_a_reading_at_the_cap_ends_there_and_one_gram_more_is_seen_to_pass_it():
    assert laid(10**12, output=10**12).output == AT_CAP
    assert laid(10**12, output=10**12 + 1).output == AT_CAP + VISIBLE


def test_a_cap_far_passed_keeps_everything_on_the_drawing():
    found = laid(100, 60, 20, 1016)
    assert found.output == WIDTH
    assert found.cap == 100 * WIDTH // 1016


def test_the_expected_year_end_never_stands_before_what_is_dug():
    assert laid(100, output=80, expected=60).expected == laid(100, output=80).output
    assert laid(100, output=40, expected=130).expected == WIDTH
    assert laid(100, output=40).expected is None


def test_a_limit_of_nothing_is_passed_by_anything():
    found = laid(0, output=5)
    assert found.cap == 0
    assert found.output == WIDTH
    assert laid(0).output == 0


def test_what_is_held_and_what_is_over_is_hatched_and_nothing_else():
    assert laid(100, 60, 0, 100).held_lines == ""
    assert laid(100, 60, 0, 100).over_lines == ""
    assert laid(100, 60, 20, 110).held_lines.startswith("M")
    assert laid(100, 60, 20, 110).over_lines.startswith("M")


def points(path: str) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in re.findall(r"[ML](-?\d+) (-?\d+)", path)]


@given(st.integers(0, WIDTH), st.integers(0, WIDTH))
def test_hatching_never_leaves_its_part(left, right):
    for x, y in points(hatched(left, right, *OUTPUT)):
        assert left <= x <= right
        assert OUTPUT[0] <= y <= OUTPUT[1]


LOADS = st.tuples(*[st.integers(0, 2**50)] * 4)


@given(LOADS, st.none() | st.integers(0, 2**50))
def test_places_keep_the_order_of_the_figures_and_stay_on_the_drawing(load, expected):
    limit, licensed, held, output = load
    found = laid(limit, licensed, held, output, expected)
    places = [found.licensed, found.with_holds, found.output, found.cap, *found.thresholds]
    places += [found.expected] if found.expected is not None else []
    assert all(0 <= place <= WIDTH for place in places)
    assert found.licensed <= found.with_holds
    assert (found.output > found.cap) == (output > limit)
    assert (found.with_holds > found.cap) == (licensed + held > limit)
    assert found.expected is None or found.expected >= found.output
