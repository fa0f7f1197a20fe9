"""Everything a batch of returns must know about its rights, read in a handful of statements."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from registry.kernel.density import Density
from registry.kernel.errors import Invalid
from registry.kernel.quantity import Mass, Quantity, Volume, Written
from registry.kernel.vocabulary import CapPeriod, Kind
from registry.minerals.queries import known_as
from registry.minerals.rules import Known
from registry.plans.models import Cap
from registry.plans.queries import caps_over
from registry.platform import clock
from registry.regions.queries import lineage
from registry.rights import standing
from registry.rights.models import MineralRight
from registry.rights.queries import locked_rights


@dataclass(frozen=True, slots=True)
class Facts:
    """The locked rights of a batch and what hangs on them."""

    session: Session
    rights: dict[str, MineralRight]  # by the number that was typed
    minerals: dict[int, list[standing.MineralLine]]
    permits: dict[int, list[standing.Licence]]
    spells: dict[int, list[standing.Spell]]
    densities: dict[int, int]
    caps: list[Cap]
    chains: dict[str, list[str]]
    today: date
    known: dict[str, Known] = field(default_factory=dict)

    def mineral(self, name: str) -> Known:
        """Return a mineral of the catalogue; repeated names cost nothing."""
        if name not in self.known:
            found = known_as(self.session, name)
            self.known.update({name: found, found.name: found})
        return self.known[name]

    def is_daily(self, right: MineralRight, mineral: str) -> bool:
        """Tell whether a daily cap lies over the right: it then reports days, else months."""
        above = self.chains[right.region]
        return any(
            c.mineral == mineral and c.period is CapPeriod.day and c.region in above for c in self.caps
        )

    def in_kind(self, right: MineralRight, written: Written, kind: Kind, field: str) -> Quantity:
        """Return a written quantity in the mineral's own kind, by the right's density where they differ.

        Raises:
            Invalid: the kinds differ and no density is recorded for the right.
        """
        found = self.converted(right, written.quantity, kind)
        if found is None and written.quantity.kind is Kind.pieces:
            raise Invalid("kinds_mixed", field, f"{written.value} {written.unit.name}", accepted=kind.label)
        if found is None:
            raise Invalid(
                "density_missing", field, f"{written.value} {written.unit.name}", accepted=kind.label
            )
        return found

    def converted(self, right: MineralRight, quantity: Quantity, kind: Kind) -> Quantity | None:
        """Return a quantity in a kind, by the right's density where they differ; None without one."""
        if quantity.kind is kind:
            return quantity
        recorded = self.densities.get(right.id or 0)
        if recorded is None or Kind.pieces in (quantity.kind, kind):
            return None
        density = Density(recorded)
        return density.mass(quantity) if isinstance(quantity, Volume) else density.volume(Mass(quantity.base))


def gather(session: Session, numbers: Iterable[str]) -> Facts:
    """Lock the rights of a batch in one order and read what hangs on them."""
    rights = locked_rights(session, set(numbers))
    ids = list({right.id or 0 for right in rights.values()})
    chains = {code: lineage(session, code) for code in {r.region for r in rights.values()}}
    above = {code for codes in chains.values() for code in codes}
    return Facts(
        session,
        rights,
        standing.minerals(session, ids),
        standing.licences(session, ids),
        standing.spells(session, ids),
        standing.densities(session, ids),
        caps_over(session, above),
        chains,
        clock.today(session),
    )
