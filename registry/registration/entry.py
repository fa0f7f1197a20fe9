"""Writes the rows of one right: version 1, minerals, permit, spells, green level, opening reserves."""

from datetime import datetime

from sqlmodel import Session

from registry.greenmine.service import add_level
from registry.identity.rules import Actor
from registry.kernel.vocabulary import MineralRole, RightKind
from registry.minerals.models import Mineral
from registry.minerals.queries import mineral_named
from registry.parties.service import ensure
from registry.platform import audit, clock
from registry.platform.facts import is_demonstration
from registry.registration.rules import GrantRight, NamedMine, PermitFacts
from registry.reserves.rules import PostOpening
from registry.reserves.service import open_ledger
from registry.rights.models import MineralRight, Permit, RightVersion
from registry.rights.rules import parse_permit_number
from registry.rights.service import add_permit, add_right, add_spell


def write_right(
    session: Session, actor: Actor, command: GrantRight, mineral: Mineral, number: str, act: str
) -> MineralRight:
    """Write a right, its first version, permit, spells, level and opening reserves, and the audit entry.

    All but the reserves is recorded at one moment: whatever comes later is a change of the right.
    """
    now = clock.now(session)
    row = MineralRight(
        number=number, region=command.region, township=command.township, kind=command.kind,
        mine=command.mine, recorded_at=now,
    )  # fmt: skip
    minerals = [(mineral.name, MineralRole.main)]
    minerals += [(mineral_named(session, m).name, MineralRole.associated) for m in command.associated]
    right = add_right(session, row, _version(session, command, act, now), minerals)
    if command.permit is not None:
        add_permit(session, right, _permit(session, command, command.permit, now))
    for state, since in command.states:
        add_spell(session, actor, right, state, since or clock.today(session), act, now)
    if command.green is not None:
        add_level(session, actor, right, command.green, command.green_since, act, now)
    facts = {
        "mine": command.mine,
        "mineral": mineral.name,
        "permit": command.permit and command.permit.number,
    }
    audit.note(session, right.region, actor.name, f"right.{act}", number, **facts, document=command.document)
    _open_reserves(session, actor, command, right, mineral)
    return right


def _version(session: Session, command: GrantRight, act: str, now: datetime) -> RightVersion:
    area = command.area
    return RightVersion(
        right_id=0, version=1,
        holder_id=ensure(session, command.holder).id if command.holder else None,
        valid_from=command.valid_from, valid_to=command.valid_to, authority=command.authority,
        area_m2=command.area_m2 or (area.square_metres if area else None),
        top_mm=area.top_mm if area and command.top_mm is None else command.top_mm,
        bottom_mm=area.bottom_mm if area and command.bottom_mm is None else command.bottom_mm,
        corners=str(area) if area else None, deposit_scale=command.deposit_scale,
        density_g_m3=command.density.grams_per_m3 if command.density else None,
        act=act, document=command.document, recorded_at=now,
    )  # fmt: skip


def _permit(session: Session, command: GrantRight, told: PermitFacts, now: datetime) -> Permit:
    number = parse_permit_number(told.number, demonstration=is_demonstration(session))
    scale, most = told.scale, told.max_day
    kinds = [written.quantity.kind for written in (scale, most) if written is not None]
    return Permit(
        right_id=0, number=number.text, national=number.national, valid_from=told.valid_from,
        valid_to=told.valid_to, kind=kinds[0] if kinds else None,
        scale=scale.quantity.base if scale else None, scale_value=scale.value if scale else None,
        scale_unit=scale.unit.name if scale else None, max_day=most.quantity.base if most else None,
        max_day_value=most.value if most else None, max_day_unit=most.unit.name if most else None,
        method=told.method, authority=told.authority or command.authority, recorded_at=now,
    )  # fmt: skip


def _open_reserves(
    session: Session, actor: Actor, command: GrantRight, right: MineralRight, mineral: Mineral
) -> None:
    if not command.reserves or command.reserves_at is None:
        return
    source = command.document or f"估算基准日 {command.reserves_at}"
    opening = PostOpening(
        right.number, mineral.name, command.reserves_at, command.reserves, source, right.mine
    )
    open_ledger(session, actor, right, mineral.name, opening)


def write_named(
    session: Session, actor: Actor, command: NamedMine, number: str, township: str | None
) -> MineralRight:
    """Write a mine that a plan only names: no permit, no term, nothing counted."""
    now = clock.now(session)
    row = MineralRight(
        number=number, region=command.region, township=township, kind=RightKind.mining, mine=command.mine,
        counted=False, recorded_at=now,
    )  # fmt: skip
    source = f"{command.document} {command.clause}"
    version = RightVersion(right_id=0, version=1, act="plan.name", document=source, recorded_at=now)
    mineral = mineral_named(session, command.mineral).name if command.mineral else None
    right = add_right(session, row, version, [(mineral, MineralRole.main)] if mineral else [])
    audit.note(session, command.region, actor.name, "right.name", number, mine=command.mine, document=source)
    return right
