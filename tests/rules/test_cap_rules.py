"""Marks, states, the highest day of what is licensed, and what a demand meets."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.caps.rules import (
    CapExceeded,
    Licensed,
    Mark,
    PlanEnded,
    Ruling,
    Taken,
    Verdict,
    highest_day,
    marks,
    passed,
    severity,
    spans_of,
    state,
    weigh,
)
from registry.kernel.errors import Invalid, Refused
from registry.kernel.period import Term
from registry.kernel.quantity import Count, Mass, Volume, parse
from registry.kernel.vocabulary import AlarmCode, CapPeriod, CapState, CommitmentKind, Kind, Severity

YEAR = marks(CapPeriod.year, [8000, 9000])
DAY = marks(CapPeriod.day, [8000, 9000])
NEAR, WARNING, FULL = (Mark(code, share) for code, share in zip(
    (AlarmCode.cap_near, AlarmCode.cap_warning, AlarmCode.cap_exceeded), (8000, 9000, 10000), strict=True
))  # fmt: skip
LIMESTONE = parse("1200 万吨")
WARM_WATER = parse("600 m3")


class TestMarks:
    def test_a_yearly_cap_has_near_warning_and_itself(self):
        assert YEAR == [NEAR, WARNING, FULL]

    def test_a_daily_cap_has_only_itself(self):
        assert DAY == [FULL]

    @pytest.mark.parametrize(
        ("thresholds", "named"),
        [
            ([], ["cap_exceeded"]),
            ([8000], ["cap_near", "cap_exceeded"]),
            ([9500, 7000, 9000], ["cap_near", "cap_warning", "cap_warning", "cap_exceeded"]),
        ],
    )
    def test_the_lowest_threshold_is_near_and_any_other_a_warning(self, thresholds, named):
        found = marks(CapPeriod.year, thresholds)
        assert [mark.code.value for mark in found] == named
        assert [mark.hundredths for mark in found] == [*sorted(thresholds), 10000]


class TestYearlyCap:
    @pytest.mark.parametrize(
        ("reading", "expected", "lines"),
        [
            ("0 t", CapState.ok, set()),
            ("9599999.999999 t", CapState.ok, set()),
            ("9600000 t", CapState.near, {NEAR}),  # exactly 80 %
            ("10799999.999999 t", CapState.near, {NEAR}),
            ("10800000 t", CapState.warning, {NEAR, WARNING}),  # exactly 90 %
            ("12000000 t", CapState.warning, {NEAR, WARNING}),  # the cap itself is not passed at 100 %
            ("12000000.000001 t", CapState.exceeded, {NEAR, WARNING, FULL}),
            ("24 Mt", CapState.exceeded, {NEAR, WARNING, FULL}),
        ],
    )
    def test_state_and_marks_of_1200_wan_t(self, reading, expected, lines):
        assert state(LIMESTONE, parse(reading), YEAR) is expected
        assert passed(LIMESTONE, parse(reading), YEAR) == lines

    def test_a_share_that_is_no_whole_gram_is_passed_by_the_next_gram(self):
        limit = Mass(3)  # 80 % is 2.4 g
        assert state(limit, Mass(2), YEAR) is CapState.ok
        assert state(limit, Mass(3), YEAR) is CapState.warning

    def test_without_a_limit_nothing_is_passed_and_the_state_is_unknown(self):
        assert passed(None, LIMESTONE, YEAR) == set()
        assert state(None, LIMESTONE, YEAR) is CapState.unknown

    @given(st.integers(1, 2**62), st.integers(0, 2**62), st.integers(0, 2**62))
    def test_more_never_looks_better(self, limit, less, more):
        less, more = sorted((less, more))
        order = [CapState.ok, CapState.near, CapState.warning, CapState.exceeded]
        before, after = (order.index(state(Mass(limit), Mass(reading), YEAR)) for reading in (less, more))
        assert before <= after
        assert passed(Mass(limit), Mass(less), YEAR) <= passed(Mass(limit), Mass(more), YEAR)
        assert (after == 3) is (more > limit)
        assert (after >= 1) is (more * 100 >= limit * 80)

    @pytest.mark.parametrize("reading", [Volume(1), Count(1)])
    def test_a_reading_of_another_kind_is_never_compared(self, reading):
        with pytest.raises(Invalid, match="kinds_mixed"):
            state(LIMESTONE, reading, YEAR)


class TestDailyCap:
    @pytest.mark.parametrize(
        ("reading", "expected"),
        [
            ("599.999 m3", CapState.ok),
            ("600 m3", CapState.ok),
            ("600.001 m3", CapState.exceeded),
            ("601 m3", CapState.exceeded),
        ],
    )
    def test_600_is_no_alarm_and_one_litre_more_is(self, reading, expected):
        assert state(WARM_WATER, parse(reading), DAY) is expected
        assert passed(WARM_WATER, parse(reading), DAY) == ({FULL} if expected is CapState.exceeded else set())


class TestSeverity:
    @pytest.mark.parametrize(
        ("code", "binding", "expected"),
        [
            ("cap_near", Severity.info, Severity.info),
            ("cap_warning", Severity.warning, Severity.info),
            ("cap_exceeded", Severity.critical, Severity.warning),
            ("stock_over_cap", Severity.critical, Severity.warning),
        ],
    )
    def test_follows_the_attribute_and_an_unknown_one_counts_as_expected(self, code, binding, expected):
        told = [severity(AlarmCode(code), attribute) for attribute in (True, False, None)]
        assert told == [binding, expected, expected]


START = date(2025, 1, 1)
spans = st.tuples(st.integers(-40, 60), st.none() | st.integers(1, 60)).map(
    lambda s: (START + timedelta(s[0]), None if s[1] is None else START + timedelta(s[0] + s[1]))
)
commitments = st.lists(
    st.builds(
        lambda kind, amount, span: Taken(kind, amount, *span),
        st.sampled_from(CommitmentKind),
        st.none() | st.integers(0, 1000),
        spans,
    ),
    max_size=12,
)


class TestHighestDay:
    @given(commitments, st.integers(0, 45))
    def test_is_what_looking_at_every_day_finds(self, taken, length):
        days = [START + timedelta(n) for n in range(length + 1)]
        on = {d: [c for c in taken if c.starts <= d and (c.ends is None or d < c.ends)] for d in days}
        sums = [
            tuple(sum(c.amount or 0 for c in on[d] if c.commitment is kind) for kind in CommitmentKind)
            for d in days
        ]
        found = highest_day(Kind.mass, taken, Term(days[0], days[-1]))
        assert found.total.base == max(map(sum, sums))
        assert (found.used.base, found.held.base) in [pair for pair in sums if sum(pair) == found.total.base]
        assert found.unknown == len({id(c) for d in days for c in on[d] if c.amount is None})

    @given(commitments)
    def test_an_endless_span_is_like_a_very_long_one(self, taken):
        endless = highest_day(Kind.mass, taken, Term(START))
        assert endless == highest_day(Kind.mass, taken, Term(START, START + timedelta(days=500)))

    def test_a_permit_that_ends_makes_room_on_that_very_day(self):
        handover = date(2025, 7, 1)
        taken = [
            Taken(CommitmentKind.licensed, 100, START, handover),
            Taken(CommitmentKind.licensed, 100, handover, None),
        ]
        assert highest_day(Kind.mass, taken, Term(START, date(2025, 12, 31))).used == Mass(100)

    def test_an_unknown_amount_is_counted_as_unknown_not_as_nothing(self):
        taken = [
            Taken(CommitmentKind.licensed, None, START, None),
            Taken(CommitmentKind.hold, 5, START, None),
        ]
        found = highest_day(Kind.volume, taken, Term(START))
        assert found == Licensed(Volume(0), Volume(5), 1)
        assert found.total == Volume(5)

    def test_nothing_licensed_is_zero(self):
        assert highest_day(Kind.mass, [], Term(START)) == Licensed(Mass(0), Mass(0), 0)


class TestWeigh:
    @pytest.mark.parametrize(
        ("limit", "binding", "taken", "wanted", "expected"),
        [
            (100, True, 60, 40, "pass"),
            (100, True, 60, 41, "refused"),
            (100, True, 101, 0, "refused"),
            (100, False, 60, 40, "pass"),
            (100, False, 60, 41, "warning"),
            (100, None, 60, 41, "warning"),
            (None, True, 0, 1, "warning"),
            (100, True, 0, None, "warning"),
        ],
    )
    def test_a_binding_cap_refuses_an_expected_one_warns(self, limit, binding, taken, wanted, expected):
        known = [None if figure is None else Mass(figure) for figure in (limit, wanted)]
        assert weigh(known[0], binding, Mass(taken), known[1]) == expected

    @pytest.mark.parametrize(
        ("limit", "taken", "wanted"), [(Mass(9), Mass(1), Volume(1)), (Volume(9), Mass(1), Mass(1))]
    )
    def test_kinds_never_mix(self, limit, taken, wanted):
        with pytest.raises(Invalid, match="kinds_mixed"):
            weigh(limit, True, taken, wanted)


def ruling(
    result: str, year: int, limit: int | None, taken: int, code: str = "cap_room", *, binding: bool = True
) -> Ruling:
    """Return one ruling over a cap."""
    known = None if limit is None else Mass(limit)
    figures = Kind.mass, year, known, Mass(taken), Mass(5)
    return Ruling(code, result, "cap", *figures, "plan", "专栏11", binding)


class TestVerdict:
    def test_is_the_worst_ruling(self):
        passes, warns, refuses = (ruling(r, 2025, 100, 0) for r in ("pass", "warning", "refused"))
        assert Verdict(()).result == "pass"
        assert Verdict((passes, passes)).result == "pass"
        assert Verdict((passes, warns)).result == "warning"
        assert Verdict((warns, refuses, passes)).result == "refused"

    def test_names_the_first_year_that_fails(self):
        verdict = Verdict(tuple(ruling("refused", year, 100, 100) for year in (2028, 2026, 2027)))
        assert verdict.first_failing is not None
        assert verdict.first_failing.year == 2026
        assert Verdict((ruling("warning", 2025, 1, 0),)).first_failing is None

    def test_the_largest_amount_is_the_tightest_year_s_room(self):
        tight = (
            ruling("pass", 2025, 100, 60),
            ruling("refused", 2026, 100, 90),
            ruling("pass", 2027, 100, 0),
        )
        assert Verdict(tight).largest == Mass(10)
        assert Verdict((*tight, ruling("refused", 2028, 100, 130))).largest == Mass(0)
        assert Verdict((ruling("warning", 2025, None, 0),)).largest is None
        expected = ruling("warning", 2025, 20, 20, binding=False)
        assert Verdict((*tight, expected)).largest == Mass(10), "a 预期性 cap refuses nothing"
        assert Verdict((*tight, ruling("refused", 2025, 100, 99, "plan_ended"))).largest is None

    def test_refusals_are_named(self):
        assert issubclass(CapExceeded, Refused)
        assert (CapExceeded().code, PlanEnded().code) == ("cap_exceeded", "plan_ended")


class TestSpans:
    @pytest.mark.parametrize(
        ("starts", "ends", "spans"),
        [
            # the end is the first day that no longer counts
            ("2025-07-01", "2026-01-01", ["2025-07-01/2025-12-31"]),
            ("2025-07-01", "2026-01-02", ["2025-07-01/2025-12-31", "2026-01-01/2026-01-01"]),
            ("2025-02-01", "2025-07-01", ["2025-02-01/2025-06-30"]),
            ("2025-12-31", None, ["2025-12-31/2025-12-31", "2026-01-01/2026-12-31"]),
        ],
    )
    def test_a_demand_is_weighed_on_its_own_days_and_no_other(self, starts, ends, spans):
        end = date.fromisoformat(ends) if ends else None
        found = list(spans_of(date.fromisoformat(starts), end, 2))
        assert [f"{span.start}/{span.end}" for _, span in found] == spans
        assert all(Term(year.first, year.last).covers(span) for year, span in found)
