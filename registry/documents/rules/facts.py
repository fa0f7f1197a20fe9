"""How facts of the register are worded on paper; pure, and nothing is made up where a fact is missing."""

from datetime import date, timedelta
from decimal import Decimal

from registry.kernel.area import metres
from registry.kernel.display import chinese_date
from registry.kernel.quantity import digits
from registry.kernel.vocabulary import AlarmCode

# Their period is a day to come, so they belong to the year in which they were raised.
_DEADLINES = {AlarmCode.renewal_due, AlarmCode.renewal_overdue, AlarmCode.plan_expired}


def term(first: date | None, last: date | None) -> str | None:
    """Return 10年，自2019年12月19日至2029年12月18日; the length only where it is whole months."""
    if first is None and last is None:
        return None
    span = f"自{_day(first)}至{_day(last)}"
    length = _length(first, last) if first and last else ""
    return f"{length}，{span}" if length else span


def _day(value: date | None) -> str:
    return "（未载）" if value is None else chinese_date(value)


def _length(first: date, last: date) -> str:
    after = last + timedelta(days=1)
    years, months = divmod((after.year - first.year) * 12 + after.month - first.month, 12)
    if after.day != first.day or (years, months) <= (0, 0):
        return ""
    return f"{years}年" * bool(years) + f"{months}个月" * bool(months)


def standing(first: date | None, last: date | None, day: date) -> str | None:
    """Return what stands against a permit on a day, or None while it is in force."""
    if last is not None and last < day:
        return f"已过有效期，{chinese_date(last)}届满"
    return f"尚未生效，{chinese_date(first)}起" if first is not None and first > day else None


def depth(top_mm: int | None, bottom_mm: int | None) -> str | None:
    """Return 由 +1085 m 至 +920 m 标高; None when neither elevation is known."""
    if top_mm is None and bottom_mm is None:
        return None
    return f"由 {_elevation(top_mm)} 至 {_elevation(bottom_mm)} 标高"


def _elevation(mm: int | None) -> str:
    return "（未载）" if mm is None else f"{'+' if mm > 0 else ''}{metres(mm)} m"


def area(square_metres: int | None) -> str | None:
    """Return whole square metres as km² with at least four places, more only where they are known."""
    if square_metres is None:
        return None
    exact = Decimal(square_metres).scaleb(-6)
    rounded = exact.quantize(Decimal("0.0001"))
    return f"{rounded if rounded == exact else exact} km²"


def coordinates(belt: int | None) -> str:
    """Return the coordinate system and, where the eastings carry a belt number, the belt."""
    system = "2000国家大地坐标系"
    if belt is None:
        return system
    # 6-degree belts of the country end at 23, 3-degree belts begin at 24
    return f"{system}，{6 if belt < 24 else 3}度带第{belt}带"


def corner_label(label: str) -> str:
    """Return J1 for a bare 1; a label that says more stays as it is."""
    return f"J{label}" if label.isdigit() else label


def attribute(binding: bool | None) -> str | None:
    """Return 约束性 or 预期性; None where the plan prints neither."""
    return None if binding is None else ("约束性" if binding else "预期性")


def of_year(code: AlarmCode, period: str | None, raised_on: date, year: int) -> bool:
    """Tell whether an alarm belongs to a year: by its period, else by the day it was raised."""
    if period is None or code in _DEADLINES:
        return raised_on.year == year
    return period.startswith(f"{year:04d}")


def office_figure(base: int | None, places: int) -> str | None:
    """Return whole base units in a unit of `places` decimals, without trailing zeros."""
    return None if base is None else digits(Decimal(base).scaleb(-places))
