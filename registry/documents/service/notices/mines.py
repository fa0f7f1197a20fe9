"""The mines under a cap: what each may dig, and what it has brought to the cap's meter in a year."""

from collections import defaultdict
from dataclasses import dataclass

from sqlmodel import Session

from registry.documents.service.facts import most_a_day, yearly_scale
from registry.documents.service.months import yardstick
from registry.kernel.display import office
from registry.kernel.period import Year
from registry.kernel.quantity import of_kind
from registry.kernel.vocabulary import CapPeriod, MineralRole
from registry.plans.models import Cap
from registry.regions.queries import below
from registry.rights.models import MineralRight, Permit, RightMineral
from registry.rights.queries import holder_names, minerals_of, permits_of, rights_in
from registry.rights.rules import current_permit, permit_touching
from registry.workflows.one_cap.reading import dug_lines
from reports.notices import CapMine


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a daily alarm is about, each as 2025-02-01."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class _Dug:
    """What a right brought to a cap: in the year, and on the highest day of a span."""

    year: int
    day: int | None


def cap_mines(session: Session, cap: Cap, year: Year, span: Span | None = None) -> tuple[CapMine, ...]:
    """Return every right of a region whose counted minerals move a cap, by number, with its year's output.

    With a `span` also its highest day in it. What no return has told is None, never zero.
    """
    rights = rights_in(session, below(session, cap.region))
    lines = minerals_of(session, [right.id or 0 for right in rights])
    dug = _dug(session, cap, year, span)
    under = {
        right.id or 0: (right, line)
        for right in rights
        for line in lines.get(right.id or 0, [])
        if line.mineral == cap.mineral and (line.counted or right.number in dug)
    }
    holders, permits = holder_names(session, list(under)), permits_of(session, list(under))
    return tuple(
        _mine(cap, right, line, holders.get(key), _permit(permits.get(key, []), year), dug.get(right.number))
        for key, (right, line) in under.items()
    )


def _dug(session: Session, cap: Cap, year: Year, span: Span | None) -> dict[str, _Dug]:
    sums: dict[str, int] = defaultdict(int)
    days: dict[str, int] = {}
    for line in dug_lines(session, cap, year, None):
        sums[line.right] += line.amount
        if span is not None and span.first <= line.period <= span.last:
            days[line.right] = max(days.get(line.right, 0), line.amount)
    return {right: _Dug(amount, days.get(right)) for right, amount in sums.items()}


def _permit(permits: list[Permit], year: Year) -> Permit | None:
    return permit_touching(permits, year) or current_permit(permits, year.last)


def _mine(
    cap: Cap, right: MineralRight, line: RightMineral, holder: str | None, permit: Permit | None,
    dug: _Dug | None,
) -> CapMine:  # fmt: skip
    # A permit's scale is that of the main mineral.
    own = permit if line.role is MineralRole.main else None
    return CapMine(
        right=right.number,
        mine=right.mine,
        holder=holder,
        scale=yearly_scale(own),
        output=office(of_kind(cap.kind, dug.year)) if dug else None,
        share=yardstick(own, cap.kind).share(dug.year) if dug else None,
        most=most_a_day(own) if cap.period is CapPeriod.day else None,
        day=office(of_kind(cap.kind, dug.day), CapPeriod.day) if dug and dug.day is not None else None,
    )
