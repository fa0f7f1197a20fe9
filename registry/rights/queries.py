"""Reads and locks of rights and of what hangs on them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import and_, bindparam
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from registry.kernel.errors import NotFound
from registry.kernel.vocabulary import MineralRole
from registry.parties.models import Holder
from registry.platform.db import locked
from registry.rights.models import MineralRight, OperatingSpell, Permit, RightMineral, RightVersion
from registry.rights.rules import as_kept

# Every return locks its right: built once, the statement costs half.
_NUMBERED = (
    select(MineralRight)
    .where(col(MineralRight.number).in_(bindparam("numbers", expanding=True)))
    .order_by(col(MineralRight.id))
)


def right_by_number(session: Session, number: str) -> MineralRight:
    """Return a right by its public number.

    Raises:
        NotFound: there is none.
    """
    found = right_if_any(session, number.strip())
    if found is None:
        raise NotFound("right", number)
    return found


def right_if_any(session: Session, number: str) -> MineralRight | None:
    """Return a right by its public number, or None; small and wide letters are read as they are kept."""
    found = session.exec(select(MineralRight).where(MineralRight.number == number)).first()
    if found is None and (kept := as_kept(number)) != number:
        found = session.exec(select(MineralRight).where(MineralRight.number == kept)).first()
    return found


def rights_by_number(session: Session, numbers: Collection[str]) -> dict[str, MineralRight]:
    """Return the rights of these numbers as they were asked for, unlocked; unknown numbers are left out."""
    statement = select(MineralRight).where(col(MineralRight.number).in_(_written(numbers)))
    return _as_asked(numbers, session.exec(statement).all())


def locked_rights(session: Session, numbers: Collection[str]) -> dict[str, MineralRight]:
    """Lock the rights of these numbers in one order, by the number asked for; unknown ones are left out."""
    if not numbers:
        return {}
    return _as_asked(numbers, locked(session, _NUMBERED, numbers=_written(numbers)))


def _written(numbers: Collection[str]) -> list[str]:
    """Return numbers as they were asked for and as they would be kept: mostly they are one and the same."""
    return list({*numbers, *map(as_kept, numbers)})


def _as_asked(numbers: Collection[str], rights: Iterable[MineralRight]) -> dict[str, MineralRight]:
    kept = {right.number: right for right in rights}
    found = ((number, kept.get(number) or kept.get(as_kept(number))) for number in numbers)
    return {number: right for number, right in found if right is not None}


def locked_in(session: Session, regions: Collection[str]) -> Sequence[MineralRight]:
    """Lock every right of these regions: its returns under way are waited for, and later ones wait."""
    statement = select(MineralRight).where(col(MineralRight.region).in_(regions))
    return locked(session, statement.order_by(col(MineralRight.id)))


def rights_in(
    session: Session, regions: Collection[str] | None = None, *, named: bool = False
) -> list[MineralRight]:
    """Return the rights of these regions (of all by default) by number.

    Rights that a plan only names (不计数) are left out unless `named` asks for them too.
    """
    statement = select(MineralRight).order_by(MineralRight.number)
    if regions is not None:
        statement = statement.where(col(MineralRight.region).in_(regions))
    if not named:
        statement = statement.where(col(MineralRight.counted).is_(True))
    return list(session.exec(statement).all())


def rights_by_id(session: Session, right_ids: Collection[int]) -> dict[int, MineralRight]:
    """Return rights by key."""
    found = session.exec(select(MineralRight).where(col(MineralRight.id).in_(right_ids))).all()
    return {right.id or 0: right for right in found}


def minerals_of(session: Session, right_ids: Collection[int]) -> dict[int, list[RightMineral]]:
    """Return the minerals of rights, the main one first, then by name."""
    statement = select(RightMineral).where(col(RightMineral.right_id).in_(right_ids))
    found: dict[int, list[RightMineral]] = defaultdict(list)
    for line in session.exec(statement).all():
        found[line.right_id].append(line)
    for lines in found.values():
        lines.sort(key=lambda line: (line.role is not MineralRole.main, line.mineral))
    return found


def permits_of(session: Session, right_ids: Collection[int]) -> dict[int, list[Permit]]:
    """Return the live permits of rights, earliest first; one without a first day counts as earliest."""
    statement = select(Permit).where(col(Permit.right_id).in_(right_ids), col(Permit.superseded_at).is_(None))
    found: dict[int, list[Permit]] = defaultdict(list)
    for permit in session.exec(statement).all():
        found[permit.right_id].append(permit)
    for permits in found.values():
        permits.sort(key=lambda permit: (permit.valid_from or date.min, permit.id or 0))
    return found


def permits_numbered(session: Session, number: str) -> list[Permit]:
    """Return every permit that ever carried a number."""
    return list(session.exec(select(Permit).where(Permit.number == number).order_by(col(Permit.id))).all())


def spells_of(session: Session, right_ids: Collection[int]) -> dict[int, list[OperatingSpell]]:
    """Return the live operating spells of rights, earliest first."""
    statement = (
        select(OperatingSpell)
        .where(col(OperatingSpell.right_id).in_(right_ids), col(OperatingSpell.superseded_at).is_(None))
        .order_by(col(OperatingSpell.since), col(OperatingSpell.id))
    )
    found: dict[int, list[OperatingSpell]] = defaultdict(list)
    for spell in session.exec(statement).all():
        found[spell.right_id].append(spell)
    return found


def versions_of(session: Session, right_ids: Collection[int]) -> dict[int, RightVersion]:
    """Return the live version of each right."""
    statement = select(RightVersion).where(
        col(RightVersion.right_id).in_(right_ids), col(RightVersion.superseded_at).is_(None)
    )
    return {version.right_id: version for version in session.exec(statement).all()}


def numbers_beginning(session: Session, stem: str) -> list[str]:
    """Return the right numbers that begin with a stem such as `SZ-2025-`."""
    statement = select(MineralRight.number).where(col(MineralRight.number).startswith(stem, autoescape=True))
    return list(session.exec(statement).all())


def last_permits_ending(
    session: Session, last: date, regions: Collection[str] | None = None
) -> list[tuple[MineralRight, Permit]]:
    """Return the counted rights whose last permit ends by a day, with that permit, soonest first.

    A right whose permit is open-ended, or followed by one that ends later, is not among them.
    """
    later = aliased(Permit)
    goes_on = select(later.id).where(
        later.right_id == Permit.right_id,
        col(later.superseded_at).is_(None),
        or_(
            col(later.valid_to).is_(None),
            col(later.valid_to) > col(Permit.valid_to),
            and_(col(later.valid_to) == col(Permit.valid_to), col(later.id) > col(Permit.id)),
        ),
    )
    statement = (
        select(MineralRight, Permit)
        .join(Permit, col(Permit.right_id) == col(MineralRight.id))
        .where(
            col(MineralRight.counted).is_(True),
            col(Permit.superseded_at).is_(None),
            col(Permit.valid_to) <= last,
            ~goes_on.exists(),
        )
        .order_by(col(Permit.valid_to), MineralRight.number)
    )
    if regions is not None:
        statement = statement.where(col(MineralRight.region).in_(regions))
    return list(session.exec(statement).all())


def holder_names(session: Session, right_ids: Collection[int]) -> dict[int, str]:
    """Return the name of the holder of each right; a right without one is left out."""
    statement = (
        select(RightVersion.right_id, Holder.name)
        .join(Holder, col(Holder.id) == col(RightVersion.holder_id))
        .where(col(RightVersion.right_id).in_(right_ids), col(RightVersion.superseded_at).is_(None))
    )
    return dict(session.exec(statement).all())


def every_version_of(session: Session, right_id: int) -> list[RightVersion]:
    """Return every version of a right, the newest first."""
    statement = select(RightVersion).where(RightVersion.right_id == right_id)
    return list(session.exec(statement.order_by(col(RightVersion.version).desc())).all())


def every_permit_of(session: Session, right_id: int) -> list[Permit]:
    """Return every permit of a right, also those that a later entry superseded, the newest first."""
    statement = select(Permit).where(Permit.right_id == right_id)
    return list(session.exec(statement.order_by(col(Permit.id).desc())).all())
