"""Days, months, years and terms, and how they are read."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.errors import Invalid
from registry.kernel.period import (
    Day,
    Month,
    Term,
    Year,
    month_of,
    months_before,
    months_between,
    parse_day,
    parse_period,
    parse_year,
)

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))


class TestEnds:
    @pytest.mark.parametrize(
        ("period", "first", "last", "text"),
        [
            (Day(date(2025, 7, 14)), "2025-07-14", "2025-07-14", "2025-07-14"),
            (Month(2025, 7), "2025-07-01", "2025-07-31", "2025-07"),
            (Month(2025, 2), "2025-02-01", "2025-02-28", "2025-02"),
            (Month(2024, 2), "2024-02-01", "2024-02-29", "2024-02"),
            (Month(2000, 2), "2000-02-01", "2000-02-29", "2000-02"),
            (Month(2100, 2), "2100-02-01", "2100-02-28", "2100-02"),
            (Year(2025), "2025-01-01", "2025-12-31", "2025"),
        ],
    )
    def test_first_last_and_text(self, period, first, last, text):
        assert (period.first.isoformat(), period.last.isoformat(), str(period)) == (first, last, text)
        assert period.year == period.first.year

    @given(days)
    def test_a_month_holds_each_of_its_days_once(self, day):
        held = [d.first for d in month_of(day).days()]
        assert held == [
            date.fromordinal(n)
            for n in range(month_of(day).first.toordinal(), month_of(day).last.toordinal() + 1)
        ]
        assert day in held

    @given(days)
    def test_the_next_month_begins_the_day_after(self, day):
        month = month_of(day)
        assert month.next().first == month.last + timedelta(days=1)
        assert month < month.next()

    def test_december_is_followed_by_january(self):
        assert Month(2025, 12).next() == Month(2026, 1)


class TestTerm:
    @pytest.mark.parametrize(
        ("start", "end", "covers", "touches"),
        [
            ("2025-07-01", "2025-07-31", True, True),
            ("2025-07-02", "2025-07-31", False, True),
            ("2025-07-01", "2025-07-30", False, True),
            ("2025-06-01", None, True, True),
            ("2025-07-31", None, False, True),
            ("2025-08-01", None, False, False),
            ("2025-01-01", "2025-06-30", False, False),
            ("2025-01-01", "2025-07-01", False, True),
        ],
    )
    def test_both_ends_are_inside(self, start, end, covers, touches):
        term = Term(date.fromisoformat(start), date.fromisoformat(end) if end else None)
        assert (term.covers(Month(2025, 7)), term.touches(Month(2025, 7))) == (covers, touches)

    def test_a_term_without_end_is_covered_by_none_that_has_one(self):
        endless, bounded = Term(date(2025, 1, 1)), Term(date(2020, 1, 1), date(2999, 12, 31))
        assert not bounded.covers(endless)
        assert bounded.touches(endless)
        assert endless.covers(Term(date(2025, 1, 1)))

    @given(days, st.integers(0, 60), days, st.integers(0, 60))
    def test_says_the_same_as_looking_at_every_day(self, a, length, b, other_length):
        one = Term(a, a + timedelta(days=length))
        other = Term(b, b + timedelta(days=other_length))
        held = {a + timedelta(days=n) for n in range(length + 1)}
        asked = {b + timedelta(days=n) for n in range(other_length + 1)}
        assert one.covers(other) is (asked <= held)
        assert one.touches(other) is bool(asked & held) is other.touches(one)


class TestMonths:
    def test_between_includes_the_months_of_both_ends(self):
        assert list(map(str, months_between(date(2025, 11, 30), date(2026, 2, 1)))) == [
            "2025-11",
            "2025-12",
            "2026-01",
            "2026-02",
        ]
        assert list(months_between(date(2025, 7, 2), date(2025, 7, 1))) == [Month(2025, 7)]
        assert list(months_between(date(2025, 8, 1), date(2025, 7, 31))) == []

    @pytest.mark.parametrize(
        ("day", "count", "before"),
        [
            ("2025-07-14", 12, "2024-07-14"),
            ("2025-07-14", 0, "2025-07-14"),
            ("2025-05-31", 3, "2025-02-28"),
            ("2024-05-31", 3, "2024-02-29"),
            ("2024-02-29", 12, "2023-02-28"),
            ("2025-01-31", 1, "2024-12-31"),
            ("2025-03-15", 3, "2024-12-15"),
            ("2025-12-31", 6, "2025-06-30"),
        ],
    )
    def test_before_a_day(self, day, count, before):
        assert months_before(date.fromisoformat(day), count).isoformat() == before


WRONG = [
    "", " ", "2025", "2025-7", "2025-13", "2025-00", "25-07", "2025-07-", "2025/07", "2025.07", "2025年7月",
    "202507", "2025-07-1", "2025-02-29", "2025-04-31", "2025-07-32", "2025-07-00", "0001-01-01", "1899-12",
    "1899-12-31", "3000-01", "9999-12-31", "-2025-07", "2025-07-14T00:00", "2025-W29", "2025-07-14 ~",
    "٢٠٢٥-07", "２０２５-07-14", "2025-07\n2025-08", "今年",
]  # fmt: skip


class TestReading:
    @pytest.mark.parametrize(
        ("text", "period"),
        [
            ("2025-07", Month(2025, 7)),
            (" 2025-12 ", Month(2025, 12)),
            ("1900-01", Month(1900, 1)),
            ("2999-12", Month(2999, 12)),
            ("2025-07-14", Day(date(2025, 7, 14))),
            ("2024-02-29", Day(date(2024, 2, 29))),
            ("1900-01-01", Day(date(1900, 1, 1))),
            ("2999-12-31", Day(date(2999, 12, 31))),
        ],
    )
    def test_a_period(self, text, period):
        assert parse_period(text) == period

    @pytest.mark.parametrize("text", WRONG)
    def test_no_period(self, text):
        with pytest.raises(Invalid) as refused:
            parse_period(text, "period")
        told = refused.value
        assert (told.code, told.field, told.value) == ("not_a_period", "period", text)
        assert told.accepted == "如 2025-07, 2025-07-14"

    @given(days)
    def test_a_printed_period_reads_back(self, day):
        assert parse_period(str(Day(day))) == Day(day)
        assert parse_period(str(month_of(day))) == month_of(day)
        assert parse_day(f" {day} ") == day
        assert parse_year(str(Year(day.year))) == Year(day.year)

    @pytest.mark.parametrize(
        "text", ["", "2025-02-29", "2025-7-1", "20250714", "2025-07", "14.7.2025", "２０２５-07-14"]
    )
    def test_no_day(self, text):
        with pytest.raises(Invalid) as refused:
            parse_day(text, "valid_from")
        assert (refused.value.code, refused.value.field) == ("not_a_date", "valid_from")

    @pytest.mark.parametrize(
        "text", ["", "25", "1899", "3000", "20255", "2025年", "２０２５", "-2025", "0x7e9"]
    )
    def test_no_year(self, text):
        with pytest.raises(Invalid) as refused:
            parse_year(text)
        assert (refused.value.code, refused.value.field, refused.value.value) == ("not_a_year", "year", text)
