"""The reserve ledger of one right in one year, as papers print it and reckon with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from registry.documents.queries import RightBook
from registry.documents.rules import office_figure
from registry.kernel.display import office_unit
from registry.kernel.units import unit_named
from registry.kernel.vocabulary import CapPeriod, Kind, ReserveCategory, ReserveMove
from registry.reserves.queries import ledger_of
from registry.reserves.rules import year_sums
from reports.inspection import ReserveLine

_CATEGORIES = list(ReserveCategory)
_SURVEYED = ("extracted", "lost", "explored", "reestimated", "transferred", "closing")
# 资源量 contains what is also 储量 (the official statistics since 2020), so only these are summed.
_RESOURCES = (ReserveCategory.inferred, ReserveCategory.indicated, ReserveCategory.measured)


@dataclass(frozen=True, slots=True)
class LedgerYear:
    """One ledger of a right in a year: its columns in base units, and whether its survey is posted."""

    deposit: str
    mineral: str
    category: ReserveCategory
    kind: Kind
    sums: dict[str, int]
    posted: bool


def ledger_year(session: Session, book: RightBook, year: int) -> list[LedgerYear]:
    """Return the ledgers that a right has by a year, by mineral and category."""
    found = []
    for (_, mineral, category), entries in ledger_of(session, [book.right.id or 0]).items():
        if (sums := year_sums(entries, year)) is None:
            continue
        posted = any(e.year == year and e.move is ReserveMove.extracted for e in entries)
        deposit = "" if entries[0].deposit == book.right.mine else entries[0].deposit
        found.append(LedgerYear(deposit, mineral, category, entries[0].kind, sums, posted))
    return sorted(found, key=lambda one: (one.mineral, _CATEGORIES.index(one.category)))


def reserve_lines(ledgers: Sequence[LedgerYear], year: int) -> tuple[tuple[ReserveLine, ...], str]:
    """Return the ledger of the year, and what must be said of it: whether the year's survey is in it."""
    lines = tuple(_line(one) for one in ledgers)
    return lines, _remark(ledgers, year)


def consumed(ledgers: Iterable[LedgerYear], mineral: str | None) -> tuple[Kind, int, int] | None:
    """Return (kind, extracted, lost) of the year's survey of a mineral, in base units; None without one.

    Summed are the three resource categories: reserves are part of them and would count twice.
    """
    of_survey = [
        one for one in ledgers if one.posted and one.mineral == mineral and one.category in _RESOURCES
    ]
    if not of_survey:
        return None
    return (
        of_survey[0].kind,
        sum(one.sums["extracted"] for one in of_survey),
        sum(one.sums["lost"] for one in of_survey),
    )


def _line(one: LedgerYear) -> ReserveLine:
    unit = office_unit(one.kind, CapPeriod.year)
    places = unit_named(unit).places
    # A year that nobody has surveyed has no movements to show: a zero would be an invention.
    known = {name: base for name, base in one.sums.items() if one.posted or name not in _SURVEYED}
    figures = {name: office_figure(known.get(name), places) for name in (*_SURVEYED, "opening", "cumulative")}
    return ReserveLine(one.deposit, one.mineral, one.category.label, unit, **figures)


def _remark(ledgers: Sequence[LedgerYear], year: int) -> str:
    if not ledgers:
        return "储量台账没有该采矿权本年度的记录。"
    apart = "资源量与储量分列，不相加。"
    if all(one.posted for one in ledgers):
        return apart
    return f"{year}年储量年报尚未入账，当年增减和年末保有未列。{apart}"
