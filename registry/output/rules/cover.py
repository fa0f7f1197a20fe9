"""Pure rules of returns: what covers one, whether it counts, how it stands, when it is due."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar

from registry.kernel.period import Day, Month, Term
from registry.kernel.vocabulary import Covered, MineralRole, OperatingState, ReturnStanding


class Mineral(Protocol):
    """A mineral of a right, as far as a rule needs it."""

    @property
    def mineral(self) -> str:
        """Its name."""

    @property
    def role(self) -> MineralRole:
        """Main or associated."""

    @property
    def counted(self) -> bool:
        """Whether its output moves the caps."""


class Licence(Protocol):
    """The term of a permit, as far as a rule needs it."""

    @property
    def valid_from(self) -> date | None:
        """The first day."""

    @property
    def valid_to(self) -> date | None:
        """The last day."""


class Spell(Protocol):
    """What a mine has been doing since a day, as far as a rule needs it."""

    @property
    def state(self) -> OperatingState:
        """What it does."""

    @property
    def since(self) -> date:
        """The first day of it."""


P = TypeVar("P", bound=Licence)


def covered(
    permits: Sequence[Licence], minerals: Sequence[Mineral], mineral: str, period: Day | Month
) -> Covered:
    """Return whether right and permit cover a period: wholly, in part, no longer, or not at all.

    A permit whose first or last day is unknown is taken as open at that end.
    """
    if mineral not in {line.mineral for line in minerals}:
        return Covered.unlicensed
    terms = [Term(permit.valid_from or date.min, permit.valid_to) for permit in permits]
    if _joined_cover(terms, period):
        return Covered.full
    if any(term.touches(period) for term in terms):
        return Covered.partly
    return Covered.expired if any(t.end is not None and t.end < period.first for t in terms) else Covered.none


def _joined_cover(terms: Sequence[Term], period: Day | Month) -> bool:
    """Tell whether terms one after another leave no day of the period open."""
    reached = period.first
    for term in sorted(terms, key=lambda t: t.start):
        if term.start <= reached and (term.end is None or term.end >= reached):
            if term.end is None or term.end >= period.last:
                return True
            reached = date.fromordinal(term.end.toordinal() + 1)
    return False


def permit_for(permits: Sequence[P], period: Day | Month) -> P | None:
    """Return the permit a period is held against: the latest that touches it, else the latest before."""
    begun = [p for p in permits if (p.valid_from or date.min) <= period.last]
    running = [p for p in begun if p.valid_to is None or p.valid_to >= period.first]
    return next(reversed(running or begun), None)


def states_in(spells: Sequence[Spell], first: date, last: date) -> set[OperatingState]:
    """Return every operating state a right was in on some day of a span; empty when none is recorded."""
    before = [spell for spell in spells if spell.since <= first]
    within = {spell.state for spell in spells if first < spell.since <= last}
    return within | ({before[-1].state} if before else set())


def is_stopped(spells: Sequence[Spell], period: Day | Month) -> bool:
    """Tell whether a right was known not to be producing on any day of the period."""
    states = states_in(spells, period.first, period.last)
    return bool(states) and OperatingState.producing not in states


def is_counted(minerals: Sequence[Mineral], mineral: str) -> bool:
    """Tell whether output of a mineral moves the caps: main and unlicensed yes, associated by its rule."""
    line = next((line for line in minerals if line.mineral == mineral), None)
    return True if line is None else line.counted


def standing_of(revision: int, *, voided: bool) -> ReturnStanding:
    """Return how a standing return came to stand."""
    if voided:
        return ReturnStanding.voided
    return ReturnStanding.first if revision == 1 else ReturnStanding.corrected


def main_mineral(minerals: Sequence[Mineral]) -> str | None:
    """Return the main mineral of a right."""
    return next((line.mineral for line in minerals if line.role is MineralRole.main), None)


def due_on(month: Month, day: int) -> date:
    """Return the day a month's return is due: `day` of the month after it."""
    return date(month.next().year, month.next().month, day)
