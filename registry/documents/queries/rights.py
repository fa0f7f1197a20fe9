"""What a paper about one right is built from, read once."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from registry.kernel.density import Density
from registry.kernel.errors import NotFound
from registry.kernel.period import Period
from registry.kernel.vocabulary import MineralRole
from registry.parties.models import Holder
from registry.parties.queries import holders_by_id
from registry.regions.models import Region
from registry.regions.queries import chain
from registry.rights.models import MineralRight, OperatingSpell, Permit, RightMineral, RightVersion
from registry.rights.queries import (
    minerals_of,
    permits_numbered,
    permits_of,
    right_by_number,
    right_if_any,
    rights_by_id,
    spells_of,
    versions_of,
)
from registry.rights.rules import current_permit, permit_touching


@dataclass(frozen=True, slots=True)
class RightBook:
    """A right and what hangs on it; the region and everything above it, lowest first."""

    right: MineralRight
    version: RightVersion | None
    holder: Holder | None
    minerals: list[RightMineral]
    permits: list[Permit]
    spells: list[OperatingSpell]
    regions: list[Region]

    @property
    def main(self) -> str | None:
        """The main mineral."""
        return next((line.mineral for line in self.minerals if line.role is MineralRole.main), None)

    @property
    def associated(self) -> tuple[str, ...]:
        """The associated minerals."""
        return tuple(line.mineral for line in self.minerals if line.role is not MineralRole.main)

    @property
    def density(self) -> Density | None:
        """体积质量, where it is recorded."""
        grams = self.version.density_g_m3 if self.version else None
        return None if grams is None else Density(grams)

    @property
    def places(self) -> list[str]:
        """The codes of the region and everything above it, lowest first."""
        return [region.code for region in self.regions]

    def permit_in(self, period: Period) -> Permit | None:
        """Return the permit of a period: the newest that touches it, else the one it is held against."""
        return permit_touching(self.permits, period) or current_permit(self.permits, period.last)


def book_of(session: Session, right: MineralRight) -> RightBook:
    """Return what hangs on a right."""
    key = right.id or 0
    version = versions_of(session, [key]).get(key)
    holders = holders_by_id(session, [version.holder_id]) if version else {}
    return RightBook(
        right=right,
        version=version,
        holder=next(iter(holders.values()), None),
        minerals=minerals_of(session, [key]).get(key, []),
        permits=permits_of(session, [key]).get(key, []),
        spells=spells_of(session, [key]).get(key, []),
        regions=chain(session, right.region),
    )


def book_numbered(session: Session, number: str) -> RightBook:
    """Return what hangs on the right of this number.

    Raises:
        NotFound: there is no such right.
    """
    return book_of(session, right_by_number(session, number))


def permitted(session: Session, number: str, day: date) -> tuple[RightBook, Permit | None]:
    """Return a permit by its number with its right; a right's own number gives the permit it has today.

    Raises:
        NotFound: neither a permit nor a right has the number.
    """
    wanted = number.strip()
    if found := permits_numbered(session, wanted):
        standing = [permit for permit in found if permit.superseded_at is None] or found
        permit = current_permit(sorted(standing, key=lambda p: p.valid_from or date.min), day)
        right_id = found[-1].right_id
        return book_of(session, rights_by_id(session, [right_id])[right_id]), permit
    right = right_if_any(session, wanted)
    if right is None:
        raise NotFound("permit", number)
    book = book_of(session, right)
    return book, current_permit(book.permits, day)
