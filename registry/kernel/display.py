"""How numbers, dates and quantities are printed, the same on pages, paper and command line."""

from datetime import date
from decimal import Decimal

from registry.kernel.quantity import Quantity, Rate, digits, of_kind, plain
from registry.kernel.vocabulary import CapPeriod, Kind

BASE_UNIT = {Kind.mass: "t", Kind.volume: "m3", Kind.pieces: "个"}
_PRINTED_BASE = BASE_UNIT | {Kind.volume: "m³"}
_LARGE_UNIT = {Kind.mass: "万吨", Kind.volume: "万m³", Kind.pieces: "个"}
_SMALL_UNIT = {Kind.mass: "吨", Kind.volume: "m³", Kind.pieces: "个"}


def in_base_unit(quantity: Quantity | None) -> str | None:
    """Return the exact figure in t or m³, or None for an unknown quantity."""
    return None if quantity is None else plain(quantity, BASE_UNIT[quantity.kind])


def office_unit(kind: Kind, per: CapPeriod) -> str:
    """Return the unit an office uses: 万吨 and 万m³ by the year, 吨 and m³ by the day."""
    return (_LARGE_UNIT if per is CapPeriod.year else _SMALL_UNIT)[kind]


def office(quantity: Quantity | None, per: CapPeriod = CapPeriod.year) -> str:
    """Return figure and unit as an office writes them; an unknown quantity is a dash."""
    if quantity is None:
        return "—"
    unit = office_unit(quantity.kind, per)
    return f"{plain(quantity, unit)} {unit}"


def office_rate(rate: Rate) -> str:
    """Return a rate as an office writes it, such as 1200 万吨/年."""
    return f"{office(rate.quantity, rate.per)}/{rate.per.label}"


def written_rate(
    value: str | None, unit: str | None, kind: Kind | None, base: int | None, per: CapPeriod
) -> str | None:
    """Return figure and unit as they were written, else the recorded figure in the office's unit."""
    if value and unit:
        return f"{value} {unit}"
    return None if kind is None or base is None else office_rate(Rate(of_kind(kind, base), per))


def base_rate(limit: Quantity | None, per: CapPeriod) -> str | None:
    """Return a limit in base units with thousands set apart, such as 12,000,000 t/年."""
    if limit is None:
        return None
    return f"{Decimal(in_base_unit(limit) or '0'):,f} {_PRINTED_BASE[limit.kind]}/{per.label}"


def percent(ratio: Decimal | None, places: int = 1) -> str:
    """Return a ratio as a percentage with fixed places, half-even; unknown is a dash."""
    if ratio is None:
        return "—"
    return f"{(ratio * 100).quantize(Decimal(1).scaleb(-places)):f}%"


def trimmed(number: Decimal) -> str:
    """Return a decimal without trailing zeros."""
    return digits(number)


def chinese_date(day: date) -> str:
    """Return 2025年7月14日."""
    return f"{day.year}年{day.month}月{day.day}日"
