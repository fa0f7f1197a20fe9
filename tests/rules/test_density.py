"""Volume to mass and back, by the density of one right."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.density import Density, parse_density
from registry.kernel.errors import Invalid
from registry.kernel.quantity import LARGEST, Mass, Volume

densities = st.integers(1, 10**7).map(Density)


class TestMass:
    def test_a_hundred_cubic_metres_of_limestone(self):
        assert parse_density("2.65").mass(Volume(100_000)) == Mass(265_000_000)
        assert parse_density("2.65").volume(Mass(265_000_000)) == Volume(100_000)

    @pytest.mark.parametrize(
        ("litres", "grams_per_m3", "grams"),
        [(1, 500, 0), (1, 1500, 2), (1, 2500, 2), (1, 3500, 4), (1, 2501, 3), (-1, 2500, -2), (-1, 1500, -2)],
    )
    def test_a_half_gram_goes_to_the_even_one(self, litres, grams_per_m3, grams):
        assert Density(grams_per_m3).mass(Volume(litres)) == Mass(grams)

    @pytest.mark.parametrize(
        ("grams", "grams_per_m3", "litres"),
        [(1, 2000, 0), (3, 2000, 2), (5, 2000, 2), (7, 2000, 4), (-3, 2000, -2)],
    )
    def test_a_half_litre_goes_to_the_even_one(self, grams, grams_per_m3, litres):
        assert Density(grams_per_m3).volume(Mass(grams)) == Volume(litres)

    @given(st.integers(-(10**14), 10**14), densities)
    def test_is_the_nearest_whole_gram_and_a_reversal_undoes_it(self, litres, density):
        mass = density.mass(Volume(litres))
        assert type(mass.base) is int
        assert abs(mass.base - Fraction(litres * density.grams_per_m3, 1000)) <= Fraction(1, 2)
        assert density.mass(Volume(-litres)) == -mass

    @given(st.integers(0, 10**12), st.integers(10**6, 10**7).map(Density))
    def test_ore_denser_than_water_comes_back_to_the_litre(self, litres, density):
        assert density.volume(density.mass(Volume(litres))) == Volume(litres)

    def test_what_no_column_can_hold_is_refused(self):
        with pytest.raises(Invalid, match="overflow"):
            Density(2_650_000).mass(Volume(LARGEST))
        with pytest.raises(Invalid, match="overflow"):
            Density(1).volume(Mass(LARGEST))


class TestReading:
    @pytest.mark.parametrize(
        ("text", "grams_per_m3"),
        [("2.65", 2_650_000), ("1", 1_000_000), ("10", 10**7), ("0.000001", 1), ("２．７", 2_700_000)],
    )
    def test_tonnes_per_cubic_metre(self, text, grams_per_m3):
        assert parse_density(text) == Density(grams_per_m3)

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("0", "density_out_of_range"),
            ("10.000001", "density_out_of_range"),
            ("2650", "density_out_of_range"),
            ("0.0000001", "density_out_of_range"),
            ("2.6500001", "density_out_of_range"),
            ("-2.65", "negative"),
            ("", "not_a_number"),
            ("2.65 t/m3", "not_a_number"),
        ],
    )
    def test_refused(self, text, code):
        with pytest.raises(Invalid) as refused:
            parse_density(text)
        told = refused.value
        assert (told.code, told.field, told.value) == (code, "density_t_m3", text)

    @given(densities)
    def test_a_printed_density_reads_back(self, density):
        assert parse_density(str(density)) == density
        assert str(parse_density("2.650")) == "2.65"
