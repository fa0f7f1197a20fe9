"""One right as the list shows it today, and everything that was ever entered of it."""

from dataclasses import dataclass

from sqlmodel import Session

from registry.greenmine.models import GreenSpell
from registry.greenmine.queries import green_spells_of
from registry.identity.queries import visible
from registry.identity.rules import Actor
from registry.kernel.errors import NotFound
from registry.parties.models import Holder
from registry.parties.queries import holders_by_id
from registry.rights.models import OperatingSpell, Permit, RightMineral, RightVersion
from registry.rights.queries import every_permit_of, every_version_of, minerals_of, right_if_any, spells_of
from registry.workflows.rights_list import RightRow, right_row


@dataclass(frozen=True, slots=True)
class RightHistory:
    """A right: its row of the list with the year of its output, its versions and permits newest first."""

    year: int
    row: RightRow
    minerals: list[RightMineral]
    versions: list[RightVersion]
    holders: dict[int, Holder]
    permits: list[Permit]
    spells: list[OperatingSpell]
    greens: list[GreenSpell]


def right_history(session: Session, actor: Actor, number: str) -> RightHistory:
    """Return a right with everything that was entered of it.

    Raises:
        NotFound: there is no such right in the actor's jurisdiction.
    """
    right = right_if_any(session, number)
    seen = visible(session, actor, "rights.read")
    if right is None or right.id is None or (seen is not None and right.region not in seen):
        raise NotFound("right", number)
    year, row = right_row(session, actor, right.id)
    versions = every_version_of(session, right.id)
    return RightHistory(
        year=year,
        row=row,
        minerals=minerals_of(session, [right.id]).get(right.id, []),
        versions=versions,
        holders=holders_by_id(session, {version.holder_id for version in versions}),
        permits=every_permit_of(session, right.id),
        spells=spells_of(session, [right.id]).get(right.id, []),
        greens=green_spells_of(session, [right.id]).get(right.id, []),
    )
