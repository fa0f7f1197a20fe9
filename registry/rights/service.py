"""Writes rights and what hangs on them; only registration calls it, inside its own acts.

Nothing here is overwritten: a later fact supersedes the row before it.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from registry.identity.rules import Actor
from registry.kernel.vocabulary import MineralRole, OperatingState
from registry.platform import audit, clock
from registry.regions.models import Region
from registry.rights.models import MineralRight, OperatingSpell, Permit, RightMineral, RightVersion
from registry.rights.queries import numbers_beginning, spells_of
from registry.rights.rules import next_number, state_on


def add_right(
    session: Session, right: MineralRight, version: RightVersion, minerals: Sequence[tuple[str, MineralRole]]
) -> MineralRight:
    """Add a right with its first version and minerals; the main mineral of a counted right moves the caps."""
    session.add(right)
    session.flush()
    version.right_id = right.id or 0
    session.add(version)
    for name, role in minerals:
        counted = right.counted and role is MineralRole.main
        session.add(RightMineral(right_id=right.id or 0, mineral=name, role=role, counted=counted))
    session.flush()
    return right


def add_permit(session: Session, right: MineralRight, permit: Permit) -> Permit:
    """Add the permit under which a right is worked."""
    permit.right_id = right.id or 0
    session.add(permit)
    session.flush()
    return permit


def free_number(session: Session, region: Region, year: int) -> str:
    """Return the next free number of a region and year; the caller holds the gate."""
    taken = numbers_beginning(session, f"{region.letters}-{year:04d}-")
    return next_number(region.letters, year, taken)


def add_spell(
    session: Session,
    actor: Actor,
    right: MineralRight,
    state: OperatingState,
    since: date,
    reason: str,
    now: datetime | None = None,
) -> bool:
    """Record what a mine has been doing since a day; return whether that is news.

    `now` is the moment of the act that it is part of. A spell that begins on the same day is superseded;
    one that only repeats the state is not written.
    """
    spells = spells_of(session, [right.id or 0]).get(right.id or 0, [])
    if state_on(spells, since) is state:
        return False
    now = now or clock.now(session)
    for spell in spells:
        if spell.since == since:
            spell.superseded_at = now
    session.add(OperatingSpell(right_id=right.id or 0, state=state, since=since, recorded_at=now))
    session.flush()
    facts = {"state": state, "since": since, "reason": reason}
    audit.note(session, right.region, actor.name, "right.state", right.number, **facts)
    return True
