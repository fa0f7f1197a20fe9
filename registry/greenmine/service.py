"""Writes green-mine levels; only registration calls it, inside its own acts."""

from datetime import date, datetime

from sqlmodel import Session

from registry.greenmine.models import GreenSpell
from registry.greenmine.queries import green_spells_of
from registry.identity.rules import Actor
from registry.kernel.vocabulary import GreenLevel
from registry.platform import audit, clock
from registry.rights.models import MineralRight


def add_level(
    session: Session,
    actor: Actor,
    right: MineralRight,
    level: GreenLevel,
    since: date | None,
    reason: str,
    now: datetime | None = None,
) -> bool:
    """Record the level of a mine since a day (unknown: None); return whether that is news.

    `now` is the moment of the act that it is part of. A spell that begins on the same day is superseded by
    the new one.
    """
    spells = green_spells_of(session, [right.id or 0]).get(right.id or 0, [])
    same = [spell for spell in spells if spell.since == since]
    if same and same[-1].level is level:
        return False
    now = now or clock.now(session)
    for spell in same:
        spell.superseded_at = now
    session.add(GreenSpell(right_id=right.id or 0, level=level, since=since, recorded_at=now))
    session.flush()
    facts = {"level": level, "since": since, "reason": reason}
    audit.note(session, right.region, actor.name, "right.green", right.number, **facts)
    return True
