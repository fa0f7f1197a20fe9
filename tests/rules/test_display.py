"""Numbers, dates and quantities as an office writes them."""

from datetime import date
from decimal import Decimal

import pytest

from registry.kernel.display import (
    BASE_UNIT,
    chinese_date,
    in_base_unit,
    office,
    office_rate,
    office_unit,
    percent,
    trimmed,
)
from registry.kernel.quantity import LARGEST, Count, Mass, Volume, of_kind, parse, parse_rate
from registry.kernel.vocabulary import CapPeriod, Kind


class TestQuantities:
    @pytest.mark.parametrize(
        ("quantity", "figure"),
        [
            (Mass(12_000_000_000_000), "12000000"),
            (Mass(1), "0.000001"),
            (Mass(1_500_000), "1.5"),
            (Volume(600_001), "600.001"),
            (Volume(0), "0"),
            (Count(55), "55"),
            (Mass(-1_500_000), "-1.5"),
            (Mass(LARGEST), "9223372036854.775807"),
            (None, None),
        ],
    )
    def test_the_exact_figure_in_the_base_unit(self, quantity, figure):
        assert in_base_unit(quantity) == figure

    @pytest.mark.parametrize("kind", Kind)
    def test_every_kind_has_its_units(self, kind):
        assert parse(f"1 {BASE_UNIT[kind]}").kind is kind
        for per in CapPeriod:
            assert parse(f"1 {office_unit(kind, per)}").kind is kind
        assert in_base_unit(of_kind(kind, 0)) == "0"

    @pytest.mark.parametrize(
        ("quantity", "per", "text"),
        [
            (Mass(12_000_000_000_000), CapPeriod.year, "1200 万吨"),
            (Mass(12_000_000_000_000), CapPeriod.day, "12000000 吨"),
            (Volume(600_000), CapPeriod.day, "600 m³"),
            (Volume(600_000), CapPeriod.year, "0.06 万m³"),
            (Count(55), CapPeriod.year, "55 个"),
            (None, CapPeriod.year, "—"),
        ],
    )
    def test_the_figure_an_office_writes(self, quantity, per, text):
        assert office(quantity, per) == text

    @pytest.mark.parametrize(
        ("written", "text"),
        [
            ("1200 矿石万吨/年", "1200 万吨/年"),
            ("12000 kt/a", "1200 万吨/年"),
            ("600 m3/d", "600 m³/日"),
            ("3 个/年", "3 个/年"),
        ],
    )
    def test_a_rate(self, written, text):
        assert office_rate(parse_rate(written)) == text


class TestNumbersAndDates:
    @pytest.mark.parametrize(
        ("ratio", "places", "text"),
        [
            ("0.8", 1, "80.0%"),
            ("0.8", 0, "80%"),
            ("0.1225", 1, "12.2%"),
            ("0.1235", 1, "12.4%"),
            ("0.1234", 2, "12.34%"),
            ("1.0001", 2, "100.01%"),
            ("12.5", 1, "1250.0%"),
            ("0", 1, "0.0%"),
        ],
    )
    def test_a_percentage_has_fixed_places_half_even(self, ratio, places, text):
        assert percent(Decimal(ratio), places) == text

    def test_an_unknown_ratio_is_a_dash(self):
        assert percent(None) == "—"

    @pytest.mark.parametrize(
        ("number", "text"),
        [("1.500", "1.5"), ("1E+3", "1000"), ("0.00", "0"), ("-0.0", "0"), ("1E-7", "0.0000001")],
    )
    def test_a_trimmed_decimal_has_no_exponent(self, number, text):
        assert trimmed(Decimal(number)) == text

    def test_a_chinese_date_has_no_leading_zeros(self):
        assert chinese_date(date(2025, 7, 4)) == "2025年7月4日"
