"""Everything a batch of returns must know about its rights, read in a handful of statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from registry.kernel.density import Density
from registry.kernel.errors import Invalid
from registry.kernel.quantity import Mass, Quantity, Volume, Written
from registry.kernel.vocabulary import CapPeriod, Kind
from registry.minerals.models import Mineral
from registry.minerals.queries import mineral_named
from registry.plans.models import Cap
from registry.plans.queries import caps_over
from registry.platform import clock
from registry.regions.queries import chain
from registry.rights.models import MineralRight, OperatingSpell, Permit, RightMineral, RightVersion
from registry.rights.queries import locked_rights, minerals_of, permits_of, spells_of, versions_of


@dataclass(frozen=True, slots=True)
class Facts:
    """The locked rights of a batch and what hangs on them."""

    session: Session
    rights: dict[str, MineralRight]
    minerals: dict[int, list[RightMineral]]
    permits: dict[int, list[Permit]]
    spells: dict[int, list[OperatingSpell]]
    versions: dict[int, RightVersion]
    caps: list[Cap]
    chains: dict[str, list[str]]
    today: date

    def mineral(self, name: str) -> Mineral:
        """Return a mineral of the catalogue; repeated names cost nothing."""
        return mineral_named(self.session, name)

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
        quantity = written.quantity
        if quantity.kind is kind:
            return quantity
        version = self.versions.get(right.id or 0)
        if version is None or version.density_g_m3 is None or Kind.pieces in (quantity.kind, kind):
            raise Invalid(
                "density_missing", field, f"{written.value} {written.unit.name}", accepted=kind.label
            )
        density = Density(version.density_g_m3)
        return density.mass(quantity) if isinstance(quantity, Volume) else density.volume(Mass(quantity.base))


def gather(session: Session, numbers: Iterable[str]) -> Facts:
    """Lock the rights of a batch in one order and read what hangs on them."""
    rights = locked_rights(session, set(numbers))
    ids = [right.id or 0 for right in rights.values()]
    minerals = minerals_of(session, ids)
    chains = {code: [r.code for r in chain(session, code)] for code in {r.region for r in rights.values()}}
    above = {code for codes in chains.values() for code in codes}
    return Facts(
        session,
        rights,
        minerals,
        permits_of(session, ids),
        spells_of(session, ids),
        versions_of(session, ids),
        caps_over(session, above),
        chains,
        clock.today(session),
    )
