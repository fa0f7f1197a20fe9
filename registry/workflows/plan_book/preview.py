"""What confirming an amendment will do, exactly: it is done in a part of the transaction that is undone."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session

from registry.alarms.queries import newest_step
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


@dataclass(frozen=True, slots=True)
class Stand:
    """What both meters of a cap say against its limit."""

    limit: Quantity | None
    licensed: Quantity
    output: Quantity
    state: CapState


@dataclass(frozen=True, slots=True)
class Moved:
    """One cap before and after."""

    cap: str
    mineral: str
    period: CapPeriod
    before: Stand
    after: Stand


@dataclass(frozen=True, slots=True)
class Preview:
    """What an amendment will do to its caps in a year, and to alarms."""

    year: int
    caps: tuple[Moved, ...]
    alarms: tuple[AlarmEffect, ...]


def preview_confirm(session: Session, actor: Actor, document_id: int) -> Preview:
    """Return what confirming an amendment now would do; nothing of it stays.

    Raises:
        RegistryError: what `confirm` would refuse is refused here.
    """
    found = document(session, document_id, readable_places(session, actor))
    year = _year(session, found)
    names = {cap.name for cap in caps_of(session, found)}
    before = _stands(session, found, year, names)
    with undone(session):
        newest = newest_step(session)
        confirm(session, actor, document_id)
        after = _stands(session, found, year, names)
        alarms = alarm_effects(session, [found.number or found.title], newest)
    moved = tuple(
        Moved(name, cap.mineral, cap.period, stand, after[name][1])
        for name, (cap, stand) in before.items()
        if name in after
    )
    return Preview(year, moved, alarms)


def _year(session: Session, found: PlanDocument) -> int:
    """Return this year, or the nearest one that the amendment speaks of."""
    return min(max(clock.today(session).year, found.valid_from.year), found.valid_to.year)


def _stands(
    session: Session, found: PlanDocument, year: int, names: Collection[str]
) -> dict[str, tuple[Cap, Stand]]:
    """Read at once what is asked later: the rows behind it are gone when the part is undone."""
    return {
        one.cap.name: (one.cap, Stand(one.limit, one.licensed.total, one.used, one.state))
        for one in status(session, year, found.region)
        if one.cap.name in names
    }
