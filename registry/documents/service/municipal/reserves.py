"""The balance of reserves of a region, and what its plan prints of them."""

from datetime import date

from sqlmodel import Session

from registry.kernel.display import office, office_unit
from registry.kernel.quantity import of_kind
from registry.kernel.shown import short
from registry.kernel.vocabulary import CapPeriod, ReserveCategory
from registry.regions.queries import below
from registry.reserves.queries import Total, totals
from registry.rights.queries import rights_in
from registry.workflows.indicators import reserve_lines
from reports.municipal import BalanceLine, PlanReserve

_RESERVES = (ReserveCategory.probable, ReserveCategory.proved)


def balance(session: Session, code: str, year: int) -> tuple[BalanceLine, ...]:
    """Return every mineral and category of the ledgers of a region in a year."""
    rights = rights_in(session, below(session, code))
    return tuple(_line(one) for one in totals(session, rights, year))


def _line(one: Total) -> BalanceLine:
    unit = office_unit(one.kind, CapPeriod.year)
    return BalanceLine(
        mineral=one.mineral,
        group="储量" if one.category in _RESERVES else "资源量",
        category=one.category.label,
        unit=unit,
        ledgers=one.ledgers,
        **{column: short(of_kind(one.kind, base), unit) for column, base in one.sums.items()},
    )


def plan_reserves(session: Session, code: str, year: int, day: date) -> tuple[PlanReserve, ...]:
    """Return the plan's figures of reserves beside the resources that the ledgers hold."""
    return tuple(
        PlanReserve(
            mineral=line.mineral,
            printed=tuple(f"{when}年 {value} {unit}" for when, value, unit in line.printed),
            clause=line.clause,
            held=None if line.held is None else office(line.held),
            ledgers=line.ledgers,
            reports=line.reports,
        )
        for line in reserve_lines(session, code, year, day)
    )
