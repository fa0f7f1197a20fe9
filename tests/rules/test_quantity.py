"""Numbers at the door and quantities after it: exact, of one kind, never a float."""

import operator
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry.kernel.area import parse_elevation, parse_square_km
from registry.kernel.errors import Invalid
from registry.kernel.fields import shown
from registry.kernel.quantity import (
    LARGEST,
    Count,
    Mass,
    Rate,
    Volume,
    digits,
    of_kind,
    parse,
    parse_rate,
    quotient,
    ratio,
    read,
    read_number,
    share,
    split,
)
from registry.kernel.units import unit_named
from registry.kernel.vocabulary import CapPeriod, Kind

KINDS = [Mass, Volume, Count]
bases = st.integers(-LARGEST, LARGEST)


def refusal(act, *arguments, **named) -> Invalid:
    """Return what an act refuses with."""
    with pytest.raises(Invalid) as refused:
        act(*arguments, **named)
    return refused.value


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("0", "0"), ("0012", "12"), ("1200", "1200"), ("17.60", "17.60"), (" 5 ", "5"), ("\u30005", "5"),
            ("1,200", "1200"), ("1,234,567.25", "1234567.25"), ("12,345", "12345"), ("0.7418", "0.7418"),
            ("１２００", "1200"), ("１，２００．５", "1200.5"), ("０", "0"), ("１2", "12"),
        ],
    )  # fmt: skip
    def test_read(self, text, number):
        assert str(read_number(text)) == number

    @pytest.mark.parametrize("text", ["-1", "-0", "-0.5", " -3", "－5", "-", "--1", "-1e3", "-NaN"])
    def test_negative(self, text):
        told = refusal(read_number, text, "lost")
        assert (told.code, told.field, told.value) == ("negative", "lost", text)

    @pytest.mark.parametrize(
        "text",
        [
            "", " ", "+1", "1e3", "1E3", "１ｅ３", "1e-3", "NaN", "nan", "sNaN", "inf", "Infinity", "∞",
            "1,20", "12,00", "1200,000", ",500", "5,", "1,,000", "1,200.5,000", "1.2.3", ".5", "5.", ".", ",",
            "1 000", "1_000", "1'000", "0x10", "0b1", "1/2", "=1+1", "12吨", "一千二百", "壹", "−1", "1–2",
            "½", "²", "10³", "①", "Ⅻ", "𝟏𝟐",  # Unicode would make 10³ a 103
            "١٢٠٠", "१२", "๑๒", "１٢",
            "1\n2", "1\x00", "1\u200b",
        ],
    )  # fmt: skip
    def test_refused(self, text):
        told = refusal(read_number, text, "quantity")
        assert (told.code, told.field, told.value) == ("not_a_number", "quantity", shown(text))
        assert told.accepted

    @pytest.mark.parametrize("text", ["9" * 1_000_000, "0." + "1" * 1_000_000, "1" + " " * 1_000_000])
    def test_an_endless_figure_costs_no_time(self, text):
        told = refusal(read_number, text)
        assert told.code == "not_a_number"
        assert len(told.value) < 200

    @pytest.mark.parametrize("text", ["10³", "①", "١٠"])
    def test_elevations_and_areas_read_no_other_digits_either(self, text):
        assert refusal(parse_elevation, text, "top_m").code == "elevation_unreadable"
        assert refusal(parse_square_km, text).code == "not_a_number"

    @given(st.text("0123456789,.-+eE１٣² \t³", max_size=9) | st.text(max_size=5))
    def test_any_text_is_a_plain_number_or_refused(self, text):
        try:
            number = read_number(text)
        except Invalid:
            return
        assert number.is_finite()
        assert number >= 0

    @given(st.integers(0, LARGEST), st.integers(0, 18))
    def test_a_printed_number_reads_back(self, whole, places):
        number = Decimal(whole).scaleb(-places)
        assert read_number(digits(number)) == number
        assert read_number(f"{number:,f}") == number


class TestReading:
    @pytest.mark.parametrize(
        "unit", ["g", "kg", "t", "kt", "万吨", "Mt", "亿吨", "l", "m³", "万立方米", "亿立方米", "个"]
    )
    def test_the_last_place_a_unit_has_and_one_too_many(self, unit):
        places = len(str(unit_named(unit).factor)) - 1
        finest = "1" if places == 0 else "0." + "1".rjust(places, "0")
        assert read(finest, unit).quantity.base == 1
        assert read(f"1.{'0' * (places + 1)}", unit).quantity.base == unit_named(unit).factor
        finer = "0." + "1".rjust(places + 1, "0")
        told = refusal(read, finer, unit, "lost")
        assert (told.code, told.field, told.value) == ("too_many_places", "lost", f"{finer} {unit}")
        assert (told.accepted, told.facts["unit"]) == (f"≤ {places}", unit)

    @pytest.mark.parametrize(
        ("largest", "beyond", "unit"),
        [
            ("9223372036854775807", "9223372036854775808", "g"),
            ("9223372036854.775807", "9223372036854.775808", "t"),
            ("922337203.6854775807", "922337203.6854775808", "万吨"),
            ("9223372036854775.807", "9223372036854775.808", "m³"),
            ("92233720.36854775807", "92233720.36854775808", "亿立方米"),
            ("9,223,372,036,854,775,807", "9,223,372,036,854,775,808", "个"),
        ],
    )
    def test_the_largest_quantity_and_one_base_unit_more(self, largest, beyond, unit):
        assert read(largest, unit).quantity.base == 2**63 - 1
        told = refusal(read, beyond, unit)
        assert (told.code, told.value) == ("overflow", f"{beyond} {unit}")
        assert str(2**63 - 1) in told.accepted

    def test_the_figure_is_kept_as_written(self):
        written = read("17.60", "矿石万吨/年")
        assert (written.value, written.unit.name) == ("17.60", "矿石万吨/年")
        assert read("１，２００", "万吨").value == "1200"

    @pytest.mark.parametrize(("text", "parts"), [
        ("1200 万吨", ("1200", "万吨")), ("600m3", ("600", "m3")), (" 600  m³ ", ("600", "m³")),
        ("１２００万吨", ("1200", "万吨")), ("1,200kt/a", ("1,200", "kt/a")), ("-5 t", ("-5", "t")),
        ("1e3 t", ("1e3", "t")), ("10 万立方米/天", ("10", "万立方米/天")),
    ])  # fmt: skip
    def test_figure_and_unit_are_parted(self, text, parts):
        assert split(text) == parts

    @pytest.mark.parametrize(
        "text", ["", " ", "1200", "1200 ", "吨", "t 5", "万吨1200", "m3", "½ t", "9" * 101 + "t"]
    )
    def test_only_a_number_or_only_a_unit_is_no_quantity(self, text):
        told = refusal(parse, text, "scale")
        assert (told.code, told.field, told.value) == ("not_a_quantity", "scale", text[:100])

    @pytest.mark.parametrize(("text", "code"), [
        ("-5 t", "negative"), ("+5 t", "not_a_number"), ("1e3 t", "not_a_number"),
        ("1.2.3 t", "not_a_number"),
        ("١٢٠٠ 吨", "not_a_number"), ("10³ t", "unit_unknown"), ("5 吨吨", "unit_unknown"),
        ("5 6 t", "unit_unknown"),
        ("0.0000001 t", "too_many_places"), ("99999999999999 t", "overflow"), ("5 t/a", "rate_not_expected"),
    ])  # fmt: skip
    def test_each_fault_has_its_code(self, text, code):
        told = refusal(parse, text, "scale")
        assert (told.code, told.field) == (code, "scale")

    def test_text_built_to_make_the_reader_search_costs_no_time(self):
        assert refusal(parse, "1" * 500_000 + "t\nt").code == "not_a_quantity"

    def test_a_rate_says_per_year_or_per_day(self):
        assert parse_rate("1200 kt/a") == Rate(Mass(1_200_000_000_000), CapPeriod.year)
        assert parse_rate("600 m3/日") == Rate(Volume(600_000), CapPeriod.day)
        assert refusal(parse_rate, "600 m3").code == "rate_expected"


class TestKindsNeverMix:
    @pytest.mark.parametrize("one", KINDS)
    @pytest.mark.parametrize("other", KINDS)
    @pytest.mark.parametrize(
        "act",
        [operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge, ratio],
        ids=lambda act: act.__name__,
    )
    def test_in_any_operation(self, one, other, act):
        if one is other:
            act(one(5), other(3))
        else:
            told = refusal(act, one(5), other(3))
            assert told.code == "kinds_mixed"
            assert told.accepted == one.kind

    @pytest.mark.parametrize("one", KINDS)
    @pytest.mark.parametrize("other", KINDS)
    def test_equal_only_within_a_kind(self, one, other):
        assert (one(5) == other(5)) is (one is other)
        assert one(5) != other(6)

    def test_a_kind_names_its_type(self):
        assert [of_kind(kind, 7) for kind in (Kind.mass, Kind.volume, Kind.pieces)] == [
            Mass(7),
            Volume(7),
            Count(7),
        ]


class TestArithmetic:
    @given(bases, bases)
    def test_is_that_of_whole_numbers(self, a, b):
        one, other = Mass(a), Mass(b)
        assert (one < other, one <= other, one > other, one >= other) == (a < b, a <= b, a > b, a >= b)
        assert -one == Mass(-a)
        if abs(a + b) <= LARGEST:
            assert one + other == Mass(a + b)
        else:
            assert refusal(operator.add, one, other).code == "overflow"
        if abs(a - b) <= LARGEST:
            assert one - other == Mass(a - b)
        else:
            assert refusal(operator.sub, one, other).code == "overflow"

    def test_what_a_column_cannot_hold_never_comes_to_be(self):
        assert Mass(2**63 - 1).base == 2**63 - 1
        for act in (lambda: Mass(2**63), lambda: Mass(LARGEST) + Mass(1), lambda: Mass(-LARGEST) - Mass(1)):
            assert refusal(act).code == "overflow"

    @given(bases, bases)
    def test_no_float_ever_appears(self, a, b):
        assert type((Volume(a >> 1) + Volume(b >> 2)).base) is int
        assert isinstance(ratio(Volume(a), Volume(b)), Decimal | None)

    @given(st.decimals(0, 10**9, places=6))
    def test_reading_yields_whole_numbers(self, number):
        base = read(f"{number:f}", "t").quantity.base
        assert type(base) is int
        assert base == number * 10**6


class TestRatio:
    @pytest.mark.parametrize(
        ("part", "whole", "expected"),
        [
            (1, 2, "0.5000"), (1, 3, "0.3333"), (2, 3, "0.6667"), (0, 7, "0.0000"), (7, 7, "1.0000"),
            (12_345, 100_000, "0.1234"), (12_355, 100_000, "0.1236"),  # a half goes to the even place
            (5, 100_000, "0.0000"), (15, 100_000, "0.0002"), (12_345_000_001, 100_000_000_000, "0.1235"),
            (8, 10, "0.8000"), (799_995, 1_000_000, "0.8000"), (-12_345, 100_000, "-0.1234"),
            (3, 1, "3.0000"),
            (LARGEST, 1, "9223372036854775807.0000"), (1, LARGEST, "0.0000"), (LARGEST, LARGEST, "1.0000"),
        ],
    )  # fmt: skip
    def test_half_even_at_four_places(self, part, whole, expected):
        assert f"{ratio(Mass(part), Mass(whole)):.4f}" == expected

    @given(bases, bases.filter(bool), st.integers(0, 7))
    @example(93, 110, 3)  # 0.84545…: to four places first, it would be 0.846
    @example(500_000_001, 10**12, 3)  # a trace above a half, which 8 places alone do not see
    @example(-1_499_999_999, 10**12, 3)
    def test_rounded_once_more_it_is_what_the_exact_share_rounds_to(self, part, whole, places):
        rounded = share(part, whole).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
        assert rounded == quotient(part, whole, places)

    def test_nothing_has_no_ratio(self):
        assert ratio(Mass(5), Mass(0)) is None

    @given(bases, bases.filter(bool), st.integers(0, 6))
    def test_is_the_nearest_figure_of_that_many_places(self, numerator, denominator, places):
        found = Fraction(quotient(numerator, denominator, places))
        assert abs(found - Fraction(numerator, denominator)) <= Fraction(1, 2 * 10**places)
