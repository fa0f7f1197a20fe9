"""What the register says of rights, with everything that hangs on them, and which alarms an import raised."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from registry.alarms.models import Alarm, AlarmStep
from registry.alarms.queries import public
from registry.greenmine.models import GreenSpell
from registry.greenmine.queries import green_spells_of
from registry.kernel.density import Density
from registry.kernel.quantity import Quantity, of_kind
from registry.kernel.vocabulary import AlarmAct, Kind, MineralRole, ReserveCategory
from registry.minerals.models import Mineral
from registry.minerals.queries import catalogue
from registry.parties.models import Holder
from registry.parties.queries import holders_by_id
from registry.platform import clock
from registry.platform.facts import is_demonstration
from registry.regions.queries import all_regions, townships
from registry.registration.rows import Book, Place
from registry.reserves.models import ReserveEntry
from registry.reserves.queries import ledger_of
from registry.rights.models import MineralRight, OperatingSpell, Permit, RightMineral, RightVersion
from registry.rights.queries import minerals_of, permits_of, spells_of, versions_of
from registry.rights.rules import current_permit

Ledger = dict[tuple[str, ReserveCategory], list[ReserveEntry]]


@dataclass(frozen=True, slots=True)
class Record:
    """One right with everything that hangs on it, as it stands on a day."""

    day: date
    right: MineralRight
    version: RightVersion
    holder: Holder | None
    minerals: list[RightMineral]
    permits: list[Permit]
    spells: list[OperatingSpell]
    green: list[GreenSpell]
    ledger: Ledger

    @property
    def main(self) -> str | None:
        """The main mineral."""
        return next((m.mineral for m in self.minerals if m.role is MineralRole.main), None)

    @property
    def associated(self) -> list[str]:
        """The associated minerals by name."""
        return sorted(m.mineral for m in self.minerals if m.role is MineralRole.associated)

    @property
    def density(self) -> Density | None:
        """体积质量, where it is recorded."""
        return None if self.version.density_g_m3 is None else Density(self.version.density_g_m3)

    @property
    def permit(self) -> Permit | None:
        """The permit of the day."""
        return current_permit(self.permits, self.day)


def scale_of(permit: Permit | None) -> Quantity | None:
    """Return the yearly scale of a permit, where it is recorded."""
    return _figure(permit.kind, permit.scale) if permit is not None else None


def max_day_of(permit: Permit | None) -> Quantity | None:
    """Return the maximum day of a permit, where it is recorded."""
    return _figure(permit.kind, permit.max_day) if permit is not None else None


def _figure(kind: Kind | None, base: int | None) -> Quantity | None:
    return None if kind is None or base is None else of_kind(kind, base)


def records(session: Session, rights: Collection[MineralRight], day: date) -> list[Record]:
    """Return the full records of rights in their order, read in a handful of statements."""
    ids = [right.id or 0 for right in rights]
    versions, minerals = versions_of(session, ids), minerals_of(session, ids)
    permits, spells, green = permits_of(session, ids), spells_of(session, ids), green_spells_of(session, ids)
    holders = holders_by_id(session, [version.holder_id for version in versions.values()])
    ledgers: dict[int, Ledger] = {}
    for (right_id, mineral, category), entries in ledger_of(session, ids).items():
        ledgers.setdefault(right_id, {})[mineral, category] = entries
    return [
        Record(
            day, right, versions[key], holders.get(versions[key].holder_id or 0), minerals.get(key, []),
            permits.get(key, []), spells.get(key, []), green.get(key, []), ledgers.get(key, {}),
        )
        for right, key in zip(rights, ids, strict=True)
    ]  # fmt: skip


def book(session: Session, source: str | None = None) -> Book:
    """Return what the reading of rows must know of the register."""
    classes = {m.name: m.mineral_class for m in session.exec(select(Mineral)).all()}
    places = {
        r.code: Place(r.code, r.name, r.letters, tuple(townships(session, r.code)))
        for r in all_regions(session)
    }
    return Book(catalogue(session), classes, places, is_demonstration(session), clock.today(session), source)


def alarms_raised(session: Session, after: int, causes: Collection[str]) -> list[dict[str, Any]]:
    """Return the alarms that these rights raised or re-opened since a step, in their public form."""
    session.flush()
    steps = select(AlarmStep.alarm_id).where(
        col(AlarmStep.id) > after,
        col(AlarmStep.caused_by).in_(causes),
        col(AlarmStep.act).in_([AlarmAct.raised, AlarmAct.reopened]),
    )
    found = session.exec(select(Alarm).where(col(Alarm.id).in_(steps)).order_by(col(Alarm.id))).all()
    return public(session, found)
