"""Every unit of plans, permits and returns, against base values worked out by hand."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.errors import Invalid
from registry.kernel.quantity import LARGEST, Count, Mass, Quantity, Volume, of_kind, parse, plain, read
from registry.kernel.units import _STEMS, unit_named
from registry.kernel.vocabulary import CapPeriod, Kind

# one of each unit in g, l or pieces
ONE = {
    "克": Mass(1),
    "g": Mass(1),
    "千克": Mass(1_000),
    "公斤": Mass(1_000),
    "kg": Mass(1_000),
    "吨": Mass(1_000_000),
    "t": Mass(1_000_000),
    "千吨": Mass(1_000_000_000),
    "kt": Mass(1_000_000_000),
    "万吨": Mass(10_000_000_000),
    "万t": Mass(10_000_000_000),
    "百万吨": Mass(1_000_000_000_000),
    "Mt": Mass(1_000_000_000_000),
    "亿吨": Mass(100_000_000_000_000),
    "亿t": Mass(100_000_000_000_000),
    "升": Volume(1),
    "l": Volume(1),
    "L": Volume(1),
    "立方米": Volume(1_000),
    "m3": Volume(1_000),
    "m³": Volume(1_000),
    "㎥": Volume(1_000),
    "方": Volume(1_000),
    "千立方米": Volume(1_000_000),
    "千m3": Volume(1_000_000),
    "万立方米": Volume(10_000_000),
    "万m³": Volume(10_000_000),
    "万方": Volume(10_000_000),
    "亿立方米": Volume(100_000_000_000),
    "亿m3": Volume(100_000_000_000),
    "个": Count(1),
    "座": Count(1),
    "处": Count(1),
    "家": Count(1),
}
# what the two plans print, and what it is in t or m³
PRINTED = [
    ("1200", "矿石万吨/年", Mass(12_000_000_000_000), CapPeriod.year),
    ("1200", "万吨", Mass(12_000_000_000_000), None),
    ("1200", "kt/a", Mass(1_200_000_000_000), CapPeriod.year),
    ("0.7418", "亿吨", Mass(74_180_000_000_000), None),
    ("17.60", "矿石万吨/年", Mass(176_000_000_000), CapPeriod.year),
    ("600", "m³", Volume(600_000), None),
    ("600.001", "立方米/日", Volume(600_001), CapPeriod.day),
    ("10", "万立方米/天", Volume(100_000_000), CapPeriod.day),
    ("14.5", "亿立方米", Volume(1_450_000_000_000), None),
    ("55", "个", Count(55), None),
]


class TestEveryUnit:
    @pytest.mark.parametrize(("name", "one"), ONE.items())
    def test_one_of_it_is_what_was_worked_out_by_hand(self, name, one):
        assert read("1", name).quantity == one
        assert type(unit_named(name).factor) is int

    def test_the_hand_made_table_leaves_none_out(self):
        assert {normalize("NFKC", name).lower() for name in ONE} >= set(_STEMS)

    @pytest.mark.parametrize(("value", "unit", "quantity", "per"), PRINTED)
    def test_the_plans_figures(self, value, unit, quantity, per):
        written = read(value, unit)
        assert (written.quantity, written.unit.per) == (quantity, per)
        assert (written.value, written.unit.name) == (value, unit)

    @pytest.mark.parametrize("stem", ONE)
    @pytest.mark.parametrize(
        ("suffix", "per"),
        [(f"/{name}", CapPeriod.year) for name in ("年", "a", "yr", "y", "year")]
        + [(f"/{name}", CapPeriod.day) for name in ("日", "天", "d", "day")],
    )
    def test_per_year_and_per_day(self, stem, suffix, per):
        assert unit_named(stem + suffix).per is per
        assert unit_named(stem).per is None

    @pytest.mark.parametrize("matter", ["矿石", "原煤", "原油", "金属"])
    def test_the_matter_in_front_is_kept_and_changes_nothing(self, matter):
        unit = unit_named(f"{matter}万吨/年")
        assert (unit.matter, unit.factor, unit.per) == (matter, 10_000_000_000, CapPeriod.year)
        assert unit_named("万吨/年").matter is None

    @pytest.mark.parametrize("name", ["万 吨", " 万吨 ", "万吨\u3000", "ｍ３", "KT", "Kg", "矿石万吨 / 年"])
    def test_blanks_width_and_case_do_not_matter(self, name):
        assert unit_named(name).factor in (1_000, 1_000_000_000, 10_000_000_000)


class TestUnknownUnits:
    @pytest.mark.parametrize(
        "name",
        [
            "", " ", "/", "/年", "t/", "t//a", "t/a/d", "t/月", "t/h", "吨年", "mt", "MT", "mT", "m", "m2",
            "平方米", "km²", "斤", "两", "担", "万", "亿", "万万吨", "吨吨", "吨矿石", "矿石", "ton", "tons",
            "桶", "%", "μg", "mg", "ml", "cm3", "³t", "10³t", "元", "万元",
        ],
    )  # fmt: skip
    def test_are_refused_by_name(self, name):
        with pytest.raises(Invalid) as refused:
            read("1", name, "scale_unit")
        told = refused.value
        assert (told.code, told.field, told.value) == ("unit_unknown", "scale_unit", name)
        assert "万吨" in told.accepted

    def test_a_millitonne_is_not_taken_for_a_million_tonnes(self):
        assert read("1", "Mt").quantity == Mass(10**12)
        with pytest.raises(Invalid, match="unit_unknown"):
            read("1", "mt")


@st.composite
def quantities(draw) -> tuple[str, Quantity]:
    """A unit and any quantity that a 64-bit column can hold, of the unit's kind."""
    unit = draw(st.sampled_from(sorted(ONE)))
    base = draw(st.integers(0, LARGEST) | st.integers(0, 10**6) | st.just(LARGEST))
    return unit, of_kind(unit_named(unit).kind, base)


class TestPrinting:
    @given(quantities())
    def test_what_is_printed_reads_back_as_the_same_quantity(self, drawn):
        unit, quantity = drawn
        assert parse(f"{plain(quantity, unit)} {unit}") == quantity

    @given(quantities())
    def test_printed_figures_are_plain_digits(self, drawn):
        unit, quantity = drawn
        figure = plain(quantity, unit)
        assert set(figure) <= set("0123456789.")
        assert "." not in figure or not figure.endswith(("0", "."))
        assert figure == "0" or not figure.startswith("00")
        assert plain(-quantity, unit) == (f"-{figure}" if quantity.base else "0")

    @pytest.mark.parametrize(
        ("quantity", "unit", "figure"),
        [
            (Mass(12_000_000_000_000), "万吨", "1200"),
            (Mass(12_000_000_000_000), "t", "12000000"),
            (Mass(1), "t", "0.000001"),
            (Mass(1), "亿吨", "0.00000000000001"),
            (Mass(LARGEST), "亿吨", "92233.72036854775807"),
            (Mass(LARGEST), "g", "9223372036854775807"),
            (Mass(0), "亿吨", "0"),
            (Mass(100_000_000), "t", "100"),
            (Volume(600_001), "m3", "600.001"),
            (Volume(-600_001), "m3", "-600.001"),
        ],
    )
    def test_figures_by_hand(self, quantity, unit, figure):
        assert plain(quantity, unit) == figure

    @pytest.mark.parametrize("unit", ["m3", "个"])
    def test_a_mass_is_not_printed_in_another_kind(self, unit):
        with pytest.raises(Invalid) as refused:
            plain(Mass(1), unit)
        assert (refused.value.code, refused.value.accepted) == ("kinds_mixed", Kind.mass)
