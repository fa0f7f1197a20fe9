"""Whether right, permit and operating state cover what a return says."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.period import Month, parse_period
from registry.kernel.vocabulary import Covered, MineralRole, OperatingState
from registry.output.rules import (
    covered,
    is_counted,
    is_stopped,
    main_mineral,
    permit_for,
    states_in,
)

LIMESTONE, SHALE, SAND = "建筑石料用灰岩", "砖瓦用页岩", "建筑用砂岩"
JULY = Month(2025, 7)


@dataclass
class Licence:
    """A permit, as far as a rule needs it."""

    valid_from: date | None
    valid_to: date | None


@dataclass
class Line:
    """A mineral of a right, as far as a rule needs it."""

    mineral: str
    role: MineralRole
    counted: bool


@dataclass
class Spell:
    """An operating spell, as far as a rule needs it."""

    state: OperatingState
    since: date


def licence(first: str | None, last: str | None) -> Licence:
    """Return a permit of a term written as text."""
    return Licence(*(date.fromisoformat(day) if day else None for day in (first, last)))


MINERALS = [Line(LIMESTONE, MineralRole.main, True), Line(SHALE, MineralRole.associated, False)]


@st.composite
def licences(draw) -> Licence:
    """A permit that begins before it ends, around July 2025, or open at either end."""
    days = st.none() | st.integers(-20, 50).map(lambda n: JULY.first + timedelta(n))
    first, last = draw(days), draw(days)
    return Licence(last, first) if first and last and last < first else Licence(first, last)


class TestCovered:
    @pytest.mark.parametrize(
        ("terms", "expected"),
        [
            ([], Covered.none),
            ([("2020-01-01", "2029-12-31")], Covered.full),
            ([("2025-07-01", "2025-07-31")], Covered.full),
            ([("2025-07-02", None)], Covered.partly),
            ([("2020-01-01", "2025-07-30")], Covered.partly),
            ([("2020-01-01", "2025-07-01")], Covered.partly),
            ([("2020-01-01", "2025-06-30")], Covered.expired),
            ([("2025-08-01", None)], Covered.none),
            ([("2020-01-01", "2025-06-30"), ("2025-08-01", None)], Covered.expired),
            # adjoining permits leave no gap, one day between them does
            ([("2020-01-01", "2025-07-15"), ("2025-07-16", "2030-12-31")], Covered.full),
            ([("2025-07-16", "2030-12-31"), ("2020-01-01", "2025-07-15")], Covered.full),
            ([("2020-01-01", "2025-07-15"), ("2025-07-17", "2030-12-31")], Covered.partly),
            (
                [("2020-01-01", "2025-07-10"), ("2025-07-05", "2025-07-20"), ("2025-07-21", None)],
                Covered.full,
            ),
            # an unknown end counts as open
            ([(None, None)], Covered.full),
            ([(None, "2025-07-31")], Covered.full),
            ([(None, "2025-06-30")], Covered.expired),
            ([("2025-07-01", None)], Covered.full),
        ],
    )
    def test_july_2025(self, terms, expected):
        permits = [licence(*term) for term in terms]
        assert covered(permits, MINERALS, LIMESTONE, JULY) is expected

    @pytest.mark.parametrize(
        ("day", "expected"), [("2025-07-15", Covered.full), ("2025-07-16", Covered.expired)]
    )
    def test_a_day_is_covered_or_not(self, day, expected):
        assert covered([licence("2020-01-01", "2025-07-15")], MINERALS, SHALE, parse_period(day)) is expected

    def test_a_mineral_the_right_does_not_name_is_unlicensed(self):
        assert covered([licence("2020-01-01", None)], MINERALS, SAND, JULY) is Covered.unlicensed
        assert covered([licence("2020-01-01", None)], [], LIMESTONE, JULY) is Covered.unlicensed

    @given(st.lists(licences(), max_size=5))
    def test_says_the_same_as_looking_at_every_day(self, permits):
        days = {day.first for day in JULY.days()}
        held = {d for d in days for p in permits if (p.valid_from or d) <= d <= (p.valid_to or d)}
        expected = Covered.full if held == days else Covered.partly if held else Covered.none
        if expected is Covered.none and any(
            p.valid_to is not None and p.valid_to < JULY.first for p in permits
        ):
            expected = Covered.expired
        assert covered(permits, MINERALS, LIMESTONE, JULY) is expected


class TestPermitFor:
    OLD, NEW, NEXT = (
        licence("2020-01-01", "2025-06-30"),
        licence("2025-07-16", "2030-12-31"),
        licence("2031-01-01", None),
    )

    @pytest.mark.parametrize(
        ("period", "expected"),
        [
            ("2019-12", None),
            ("2020-01", OLD),
            ("2025-06-30", OLD),
            ("2025-07-01", OLD),  # none holds: the latest before
            ("2025-07", NEW),  # it touches the month
            ("2025-07-16", NEW),
            ("2031-05", NEXT),
        ],
    )
    def test_the_latest_that_touches_else_the_latest_before(self, period, expected):
        assert permit_for([self.OLD, self.NEW, self.NEXT], parse_period(period)) is expected

    def test_one_that_holds_wins_over_a_later_one_that_ended(self):
        long, short = licence("2020-01-01", "2030-12-31"), licence("2021-01-01", "2022-12-31")
        assert permit_for([long, short], JULY) is long

    def test_an_unknown_first_day_is_always_begun(self):
        unknown = licence(None, None)
        assert permit_for([unknown], Month(1950, 1)) is unknown
        assert permit_for([], JULY) is None


class TestOperatingState:
    SPELLS = (
        Spell(OperatingState.construction, date(2024, 3, 1)),
        Spell(OperatingState.producing, date(2025, 3, 15)),
        Spell(OperatingState.stopped, date(2025, 7, 1)),
    )

    @pytest.mark.parametrize(
        ("period", "stopped"),
        [
            ("2024-02", False),  # nothing is known of it
            ("2024-03", True),
            ("2025-02", True),
            ("2025-03", False),  # producing from the 15th
            ("2025-03-14", True),
            ("2025-03-15", False),
            ("2025-06-30", False),
            ("2025-07", True),  # stopped on its first day
            ("2025-07-01", True),
            ("2026-01", True),
        ],
    )
    def test_stopped_is_known_and_for_every_day(self, period, stopped):
        assert is_stopped(self.SPELLS, parse_period(period)) is stopped

    def test_every_state_of_a_span_is_named(self):
        assert states_in(self.SPELLS, date(2025, 3, 1), date(2025, 7, 1)) == {s.state for s in self.SPELLS}
        assert states_in(self.SPELLS, date(2025, 3, 15), date(2025, 6, 30)) == {OperatingState.producing}
        assert states_in(self.SPELLS, date(2020, 1, 1), date(2024, 2, 29)) == set()

    def test_without_any_record_nothing_is_known(self):
        assert not is_stopped((), JULY)


class TestMinerals:
    def test_the_main_mineral_and_what_was_never_licensed_count(self):
        assert main_mineral(MINERALS) == LIMESTONE
        assert main_mineral(MINERALS[1:]) is None
        assert [is_counted(MINERALS, mineral) for mineral in (LIMESTONE, SHALE, SAND)] == [True, False, True]
        assert is_counted([Line(SHALE, MineralRole.associated, True)], SHALE)
