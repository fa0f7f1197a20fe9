"""Reads of green-mine levels."""

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date

from sqlmodel import Session, col, select

from registry.greenmine.models import GreenSpell
from registry.greenmine.rules import level_on
from registry.kernel.vocabulary import GreenLevel
from registry.rights.queries import rights_in, versions_of


def green_spells_of(session: Session, right_ids: Collection[int]) -> dict[int, list[GreenSpell]]:
    """Return the live spells of rights, earliest first; one without a first day counts as earliest."""
    statement = select(GreenSpell).where(
        col(GreenSpell.right_id).in_(right_ids), col(GreenSpell.superseded_at).is_(None)
    )
    found: dict[int, list[GreenSpell]] = defaultdict(list)
    for spell in session.exec(statement).all():
        found[spell.right_id].append(spell)
    for spells in found.values():
        spells.sort(key=lambda spell: (spell.since or date.min, spell.id or 0))
    return found


def counts(
    session: Session, day: date, regions: Collection[str] | None = None
) -> dict[GreenLevel | None, int]:
    """Return how many counted rights that had begun stand at each level on a day; None: nothing recorded."""
    versions = versions_of(session, [right.id or 0 for right in rights_in(session, regions)])
    ids = [
        key for key, version in versions.items() if version.valid_from is None or version.valid_from <= day
    ]
    spells = green_spells_of(session, ids)
    return dict(Counter(level_on(spells.get(right_id, []), day) for right_id in ids))
