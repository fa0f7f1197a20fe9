"""Volume to mass and back, only by the density recorded for one right."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from registry.kernel.errors import Invalid
from registry.kernel.quantity import Mass, Volume, digits, read_number


@dataclass(frozen=True, slots=True)
class Density:
    """体积质量 in whole grams per cubic metre, from the reserve report of one deposit."""

    grams_per_m3: int

    def mass(self, volume: Volume) -> Mass:
        """Return the mass of `volume`, rounded half-even to the gram."""
        return Mass(round(Fraction(volume.base * self.grams_per_m3, 1000)))

    def volume(self, mass: Mass) -> Volume:
        """Return the volume of `mass`, rounded half-even to the litre."""
        return Volume(round(Fraction(mass.base * 1000, self.grams_per_m3)))

    def __str__(self) -> str:
        """Return t/m³ without trailing zeros."""
        return digits(Decimal(self.grams_per_m3).scaleb(-6))


def parse_density(text: str, field: str = "density_t_m3") -> Density:
    """Return a density written in t/m³.

    Raises:
        Invalid: zero, above 10 t/m³ (no ore is heavier than galena's 7.6), or below a gram per m³.
    """
    exact = Fraction(read_number(text, field)) * 10**6
    if exact.denominator != 1 or not 0 < exact <= 10**7:
        raise Invalid("density_out_of_range", field, text, accepted="0.000001 – 10 t/m³")
    return Density(exact.numerator)
