"""Pure rules of green-mine levels: which level holds on a day, and how a share is counted."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from registry.kernel.quantity import quotient
from registry.kernel.vocabulary import GreenLevel

BUILT = (GreenLevel.national, GreenLevel.municipal)


class Spell(Protocol):
    """The level of a mine since a day; an unknown first day is before every other."""

    @property
    def level(self) -> GreenLevel:
        """The level."""

    @property
    def since(self) -> date | None:
        """The first day."""


def level_on(spells: Sequence[Spell], day: date) -> GreenLevel | None:
    """Return the level on a day, from spells in order of their first day; None where nothing is known."""
    begun = [spell for spell in spells if spell.since is None or spell.since <= day]
    return begun[-1].level if begun else None


def built_share(counts: Mapping[GreenLevel | None, int], places: int = 4) -> Decimal | None:
    """Return the mines at 市级 or above over all mines counted, half-even; None without mines."""
    mines = sum(counts.values())
    return quotient(sum(counts.get(level, 0) for level in BUILT), mines, places) if mines else None
