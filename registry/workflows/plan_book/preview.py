"""What confirming an amendment will do, exactly: it is done in a part of the transaction that is undone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from registry.alarms.queries import newest_step
from registry.caps.service.licensing import OPEN_ENDED_YEARS
from registry.identity.rules import Actor
from registry.kernel.quantity import Quantity
from registry.kernel.vocabulary import CapPeriod, CapState
from registry.plans.models import Cap, PlanDocument
from registry.plans.queries import caps_of, document, readable_places
from registry.platform import clock
from registry.platform.db import undone
from registry.workflows.adopt_plan import confirm
from registry.workflows.cap_status import status
from registry.workflows.return_effects import AlarmEffect, alarm_effects

Stands = dict[tuple[str, int], tuple[Cap, "Stand"]]


@dataclass(frozen=True, slots=True)
class Stand:
    """What both meters of a cap say against its limit, which may be carried forward (沿用)."""

    limit: Quantity | None
    licensed: Quantity
    output: Quantity
    state: CapState
    carried_forward: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """One cap in one year before and after."""

    cap: str
    mineral: str
    period: CapPeriod
    year: int
    before: Stand
    after: Stand


@dataclass(frozen=True, slots=True)
class Preview:
    """What an amendment will do to its caps, in every year that changes, and to alarms."""

    caps: tuple[Moved, ...]
    alarms: tuple[AlarmEffect, ...]


def preview_confirm(session: Session, actor: Actor, document_id: int) -> Preview:
    """Return what confirming an amendment now would do; nothing of it stays.

    A cap of which no year changes is told in the year nearest to today that the amendment speaks of.

    Raises:
        RegistryError: what `confirm` would refuse is refused here.
    """
    found = document(session, document_id, readable_places(session, actor))
    this = clock.today(session).year
    nearest = min(max(this, found.valid_from.year), found.valid_to.year)
    years = sorted({*_years(found, this), nearest})
    names = {cap.name for cap in caps_of(session, found)}
    before = _stands(session, found, years, names)
    with undone(session):
        newest = newest_step(session)
        confirm(session, actor, document_id)
        after = _stands(session, found, years, names)
        alarms = alarm_effects(session, [found.number or found.title], newest)
    changed = {at for at, (_, stand) in before.items() if at in after and after[at][1] != stand}
    shown = changed | {(name, nearest) for name in names - {name for name, _ in changed}}
    moved = tuple(
        Moved(at[0], cap.mineral, cap.period, at[1], stand, after[at][1])
        for at, (cap, stand) in before.items()
        if at in shown and at in after
    )
    return Preview(moved, alarms)


def _years(found: PlanDocument, this: int) -> range:
    """Return the years that an amendment may change: those it covers, and to this year what is carried on."""
    first, last = found.valid_from.year, max(found.valid_to.year, this)
    return range(max(first, this - OPEN_ENDED_YEARS), min(last, this + OPEN_ENDED_YEARS) + 1)


def _stands(session: Session, found: PlanDocument, years: Sequence[int], names: Collection[str]) -> Stands:
    """Read at once what is asked later, by cap and year: the rows are gone when the part is undone."""
    stands = {
        (one.cap.name, year): (
            one.cap,
            Stand(one.limit, one.licensed.total, one.used, one.state, one.figure.carried_forward),
        )
        for year in years
        for one in status(session, year, found.region)
        if one.cap.name in names
    }
    order = {name: place for place, (name, _) in enumerate(stands)}
    return {at: stands[at] for at in sorted(stands, key=lambda at: (order[at[0]], at[1]))}
