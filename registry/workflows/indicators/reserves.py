"""The plan's figures of reserves beside what the ledgers of the rights hold: looked at, never compared.

The plan counts what has been found in the whole county (查明), the ledgers what the rights still hold
(保有), and of lead and zinc the plan does not say whether it means ore or metal.
"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from registry.kernel.quantity import Quantity, of_kind
from registry.kernel.vocabulary import Kind, ReserveCategory
from registry.plans.models import PlanDocument, PlanReserve
from registry.plans.queries import reserves_over
from registry.regions.queries import below
from registry.reserves.queries import Held, held_at_end

_RESOURCES = (ReserveCategory.measured, ReserveCategory.indicated, ReserveCategory.inferred)


@dataclass(frozen=True, slots=True)
class ReserveLine:
    """One mineral: the plan's figures by their year as printed, and the ledgers' resources, None without any.

    `reports` of the `ledgers` have the yearly report of the year; the others say what they held before it.
    """

    mineral: str
    printed: tuple[tuple[int, str, str], ...]
    clause: str | None
    plan: PlanDocument | None
    held: Quantity | None
    ledgers: int
    reports: int


def reserve_lines(session: Session, region: str, year: int, day: date) -> list[ReserveLine]:
    """Return the minerals that the plan or a ledger has reserves of: the plan's first, in its order.

    Resources (资源量) alone are summed; reserves (储量) are part of them and never added (GB/T 17766-2020).
    """
    planned: dict[str, list[tuple[PlanReserve, PlanDocument]]] = {}
    for line, plan in reserves_over(session, region, day):
        planned.setdefault(line.mineral, []).append((line, plan))
    held: dict[str, list[Held]] = {}
    for one in held_at_end(session, below(session, region), year):
        if one.category in _RESOURCES:
            held.setdefault(one.mineral, []).append(one)
    names = [*planned, *sorted(set(held) - set(planned))]
    return [_line(name, planned.get(name, []), held.get(name, [])) for name in names]


def _line(mineral: str, planned: list[tuple[PlanReserve, PlanDocument]], held: list[Held]) -> ReserveLine:
    kinds: set[Kind] = {one.kind for one in held}
    # one mineral in two kinds cannot be summed; no such book is known
    total = of_kind(kinds.pop(), sum(one.amount for one in held)) if len(kinds) == 1 else None
    return ReserveLine(
        mineral,
        tuple((line.year, line.printed_value, line.printed_unit) for line, _ in planned),
        planned[0][0].clause if planned else None, planned[0][1] if planned else None, total,
        max((one.ledgers for one in held), default=0), min((one.surveyed for one in held), default=0),
    )  # fmt: skip
