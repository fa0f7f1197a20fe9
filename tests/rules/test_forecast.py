"""The expected year end: a pace of reported months, silent where it would be a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.caps.rules import LEAST_MONTHS, Outlook, outlook

THREE = {1: 60, 2: 30, 3: 90}


def test_it_is_the_mean_of_the_reported_months_times_twelve():
    assert outlook(180, THREE, 3, ()) == Outlook(720, 3)


@pytest.mark.parametrize("months", range(LEAST_MONTHS))
def test_fewer_than_three_months_say_nothing(months):
    assert outlook(60, dict.fromkeys(range(1, months + 1), 30), months, ()) is None


def test_a_month_with_a_missing_return_stays_out_of_the_mean():
    assert outlook(180, THREE | {4: 1}, 4, (4,)) == Outlook(720, 3)
    assert outlook(180, THREE, 3, (2,)) is None  # two are left


def test_a_month_that_is_not_yet_due_stays_out_of_the_mean():
    assert outlook(200, THREE | {4: 20}, 3, ()) == Outlook(720, 3)


def test_a_month_without_any_return_is_not_a_month_of_nothing():
    assert outlook(180, THREE, 5, ()) == Outlook(720, 3)


def test_a_month_reported_as_nil_counts():
    assert outlook(180, THREE | {4: 0}, 4, ()) == Outlook(540, 4)


def test_it_never_falls_below_what_is_already_dug():
    assert outlook(900, THREE | {4: 720}, 3, ()) == Outlook(900, 3)


def test_a_year_whose_december_is_due_is_known():
    assert outlook(1200, dict.fromkeys(range(1, 13), 100), 12, ()) is None
    assert outlook(1100, dict.fromkeys(range(1, 13), 100), 12, (7,)) is None


def test_it_is_rounded_half_even_to_the_base_unit():
    by_month = {month: int(month == 1) for month in range(1, 9)}
    assert outlook(1, by_month, 8, ()) == Outlook(2, 8)  # 1.5
    assert outlook(0, {**dict.fromkeys(range(2, 9), 0), 1: 3}, 8, ()) == Outlook(4, 8)  # 4.5


@given(
    st.dictionaries(st.integers(1, 12), st.integers(0, 2**40)),
    st.integers(0, 12),
    st.sets(st.integers(1, 12)),
)
def test_it_is_never_less_than_dug_and_rests_on_no_more_than_eleven_months(by_month, due, missing):
    used = sum(by_month.values())
    found = outlook(used, by_month, due, missing)
    if found is not None:
        assert found.total >= used
        assert LEAST_MONTHS <= found.months <= 11
