"""Exact quantities in whole base units: the only door for numbers.

Mass is held in grams, volume in litres, counts in pieces, always as whole numbers; a figure that
does not fit its unit exactly is refused, so nothing is ever rounded on the way in.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Self

from registry.kernel.errors import Invalid
from registry.kernel.fields import shown
from registry.kernel.spelling import narrow
from registry.kernel.units import Unit, unit_named
from registry.kernel.vocabulary import CapPeriod, Kind

LARGEST = 2**63 - 1
# 10 billion tonnes, more than the whole world digs in a period: a slip, and a thousand such figures
# would pass what a meter can hold.
MOST_OF_A_MINE = 10**16
_SHARE_PLACES = 8
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_WRITTEN = re.compile(r"\s*([-+\d.,]+(?:[eE][-+]?\d+)?)\s*(.*?)\s*")
_LONGEST = 100  # characters of a figure with its unit: longer ones cost time and mean nothing


@dataclass(frozen=True, slots=True)
class Quantity:
    """A signed whole number of base units of one kind; kinds never mix."""

    base: int
    kind: ClassVar[Kind]

    def __post_init__(self) -> None:
        """Refuse what no 64-bit column can hold."""
        if abs(self.base) > LARGEST:
            raise Invalid("overflow", "quantity", self.base, accepted=f"≤ {LARGEST}")

    def _same(self, other: "Quantity") -> int:
        if type(other) is not type(self):
            raise Invalid("kinds_mixed", "quantity", f"{self.kind} ~ {other.kind}", accepted=self.kind)
        return other.base

    def over(self, whole: "Quantity") -> Decimal | None:
        """Return the share of this in `whole` of the same kind, to be rounded where it is told; see `share`.

        None when the whole is zero.
        """
        return share(self.base, self._same(whole)) if whole.base else None

    def __add__(self, other: Self) -> Self:
        """Return the sum; both sides are of one kind."""
        return type(self)(self.base + self._same(other))

    def __sub__(self, other: Self) -> Self:
        """Return the difference; both sides are of one kind."""
        return type(self)(self.base - self._same(other))

    def __neg__(self) -> Self:
        """Return the reverse, as a reversing movement needs it."""
        return type(self)(-self.base)

    def __lt__(self, other: Self) -> bool:
        """Compare within one kind."""
        return self.base < self._same(other)

    def __le__(self, other: Self) -> bool:
        """Compare within one kind."""
        return self.base <= self._same(other)

    def __gt__(self, other: Self) -> bool:
        """Compare within one kind."""
        return self.base > self._same(other)

    def __ge__(self, other: Self) -> bool:
        """Compare within one kind."""
        return self.base >= self._same(other)


class Mass(Quantity):
    """Whole grams."""

    __slots__ = ()
    kind = Kind.mass


class Volume(Quantity):
    """Whole litres."""

    __slots__ = ()
    kind = Kind.volume


class Count(Quantity):
    """Whole pieces: mines, rights, sites."""

    __slots__ = ()
    kind = Kind.pieces


type_of: dict[Kind, type[Quantity]] = {Kind.mass: Mass, Kind.volume: Volume, Kind.pieces: Count}


@dataclass(frozen=True, slots=True)
class Rate:
    """A quantity per year or per day, as plans and permits state it."""

    quantity: Quantity
    per: CapPeriod


@dataclass(frozen=True, slots=True)
class Written:
    """A quantity with the figure and the unit as they were written."""

    value: str
    unit: Unit
    quantity: Quantity


def of_kind(kind: Kind, base: int) -> Quantity:
    """Return `base` whole base units as a quantity of `kind`."""
    return type_of[kind](base)


def read_number(text: str, field: str = "quantity") -> Decimal:
    """Return a plain decimal number of 0 or more; full-width digits and thousands commas are read.

    Raises:
        Invalid: empty, signed, with an exponent, endless, or no number at all.
    """
    if len(text) > _LONGEST:
        raise Invalid("not_a_number", field, f"{text[:_LONGEST]}…", accepted="如 1200, 17.6")
    plain = narrow(text).strip()
    if plain.startswith("-"):
        raise Invalid("negative", field, shown(text), accepted="≥ 0")
    if not _NUMBER.fullmatch(plain) or not plain.isascii():
        raise Invalid("not_a_number", field, shown(text), accepted="如 1200, 17.6")
    return Decimal(plain.replace(",", ""))


def read(value: str, unit: str, field: str = "quantity") -> Written:
    """Return `value` in `unit` as whole base units, exactly.

    Raises:
        Invalid: no number, negative, unknown unit, more places than the unit has, or overflow.
    """
    number, known = read_number(value, field), unit_named(unit, field)
    exact = Fraction(number) * known.factor
    if exact.denominator != 1:
        raise Invalid("too_many_places", field, f"{value} {unit}", accepted=f"≤ {known.places}", unit=unit)
    if exact.numerator > LARGEST:
        raise Invalid("overflow", field, f"{value} {unit}", accepted=f"≤ {LARGEST}")
    return Written(f"{number:f}", known, of_kind(known.kind, exact.numerator))


def of_a_mine(written: Written, field: str = "quantity") -> Written:
    """Return what a mine digs or may dig, where that is no slip.

    Raises:
        Invalid: it is more than 10 billion tonnes or 10 trillion m³.
    """
    if written.quantity.base > MOST_OF_A_MINE:
        most = f"≤ {digits(Decimal(MOST_OF_A_MINE).scaleb(-written.unit.places))} {written.unit.stem}"
        raise Invalid("more_than_any_mine", field, f"{written.value} {written.unit.name}", accepted=most)
    return written


def split(text: str, field: str = "quantity") -> tuple[str, str]:
    """Return figure and unit of a text like `1200 万吨` or `600m3`, still unread."""
    matched = _WRITTEN.fullmatch(narrow(text)) if len(text) <= _LONGEST else None
    if not matched or not matched[2]:
        raise Invalid("not_a_quantity", field, text[:_LONGEST], accepted="如 1200 万吨, 600 m3")
    return matched[1], matched[2]


def parse(text: str, field: str = "quantity") -> Quantity:
    """Return a quantity written with its unit, such as `1200 万吨`; a rate is refused here."""
    written = read(*split(text, field), field)
    if written.unit.per is not None:
        raise Invalid("rate_not_expected", field, text, accepted=written.unit.stem)
    return written.quantity


def parse_rate(text: str, field: str = "quantity") -> Rate:
    """Return a quantity per year or day, such as `1200 kt/a` or `600 m3/日`."""
    return rate_of(read(*split(text, field), field), field)


def rate_of(written: Written, field: str = "quantity") -> Rate:
    """Return a written figure as a rate; its unit must say per year or per day."""
    if written.unit.per is None:
        raise Invalid("rate_expected", field, f"{written.value} {written.unit.name}", accepted="/年, /日")
    return Rate(written.quantity, written.unit.per)


def plain(quantity: Quantity, unit: str) -> str:
    """Return the exact figure in `unit`, without exponent or trailing zeros.

    Raises:
        Invalid: the unit measures another kind.
    """
    known = unit_named(unit)
    if known.kind is not quantity.kind:
        raise Invalid("kinds_mixed", "unit", unit, accepted=quantity.kind)
    return digits(Decimal(quantity.base).scaleb(-known.places))


def digits(number: Decimal) -> str:
    """Return a decimal as plain digits: no exponent, no trailing zeros, no minus before zero."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def ratio(part: Quantity, whole: Quantity) -> Decimal | None:
    """Return part / whole of one kind, to be rounded where it is told; None when the whole is zero."""
    return part.over(whole)


def share(part: int, whole: int) -> Decimal:
    """Return part / whole with 8 decimals so that rounding it to fewer gives what the exact share gives.

    A last digit of 0 or 5 that is not exact is written 1 or 6: a share just below or above a half would
    else be rounded to the half first (IEEE 754, rounding for reround).
    """
    places, rest = divmod(part * 10**_SHARE_PLACES, whole)
    return Decimal(places + (1 if rest and places % 5 == 0 else 0)).scaleb(-_SHARE_PLACES)


def quotient(numerator: int, denominator: int, places: int) -> Decimal:
    """Return numerator / denominator rounded half-even to `places` decimals."""
    whole, rest = divmod(numerator * 10**places, denominator)
    beyond = abs(2 * rest) - abs(denominator)  # a page of fifty rights rounds a hundred times: no Fraction
    if beyond > 0 or (beyond == 0 and whole % 2):
        whole += 1
    return Decimal(whole).scaleb(-places)
