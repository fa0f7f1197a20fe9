"""Finds the rights of a list in the database: what each is today, and which of them are wanted.

What a right is on a day (its permit, its state, its green level) is asked of the database itself, so
that a filter reads no right that the page does not show. Only the scale class is derived outside.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, case, func, or_, select, true
from sqlmodel import Session

from registry.kernel.vocabulary import MineralRole, PermitStanding, RightKind
from registry.minerals.models import Mineral
from registry.output.models import OutputReturn
from registry.parties.models import Holder
from registry.platform.rows import table_of
from registry.rights.models import Permit, RightMineral, RightVersion
from registry.rights.rules import current_permit
from registry.workflows.rights_list import today
from registry.workflows.rights_list.today import RIGHT
from registry.workflows.rights_list.wanted import Wanted

VERSION, PERMIT, HOLDER = table_of(RightVersion), table_of(Permit), table_of(Holder)
MINERAL, LINE, RETURN = table_of(Mineral), table_of(RightMineral), table_of(OutputReturn)
MAIN = LINE.alias("main")
_VERSIONED = RIGHT.join(
    VERSION, and_(VERSION.c.right_id == RIGHT.c.id, VERSION.c.superseded_at.is_(None))
).outerjoin(MAIN, and_(MAIN.c.right_id == RIGHT.c.id, MAIN.c.role == MineralRole.main))
_TABLES = (
    _VERSIONED.outerjoin(HOLDER, HOLDER.c.id == VERSION.c.holder_id)
    .outerjoin(MINERAL, MINERAL.c.name == MAIN.c.mineral)
    .outerjoin(PERMIT, PERMIT.c.id == today.permit)
)
_EVERY_PERMIT = _VERSIONED.outerjoin(
    PERMIT, and_(PERMIT.c.right_id == RIGHT.c.id, PERMIT.c.superseded_at.is_(None))
)
Conditions = list[ColumnElement[bool]]
ORDER = (RIGHT.c.counted.desc(), RIGHT.c.number)
_SCALE_COLUMNS = (
    RIGHT.c.id,
    MAIN.c.mineral,
    PERMIT.c.kind.label("permit_kind"),
    PERMIT.c.scale,
    PERMIT.c.method,
    VERSION.c.density_g_m3,
    PERMIT.c.valid_from,
    PERMIT.c.valid_to,
)


def select_rights(*columns: ColumnElement[Any]) -> Select[Any]:
    """Return a statement over rights with their version, holder, main mineral and permit of the day."""
    return select(*columns).select_from(_TABLES)


@dataclass(frozen=True, slots=True)
class Sight:
    """The day a list shows, and the latest end of a permit of which a reminder stands on it."""

    day: date
    ending_by: date

    @property
    def given(self) -> dict[str, Any]:
        """The values that the statements ask for."""
        return {"today": self.day, "ending_by": self.ending_by}


def conditions(wanted: Wanted, codes: Collection[str] | None) -> Conditions:
    """Return what a right must be to be wanted, but for its scale class."""
    found: Conditions = [] if codes is None else [RIGHT.c.region.in_(codes)]
    if wanted.text:
        found.append(_named(wanted.text))
    if wanted.mineral:
        found.append(_has_mineral(wanted.mineral))
    if wanted.township:
        found.append(RIGHT.c.township == wanted.township)
    if wanted.state:
        of_all = today.states_of_all.c
        found.append(_among(of_all.right_id, of_all.state == wanted.state))
    if wanted.green:
        of_all = today.greens_of_all.c
        found.append(_among(of_all.right_id, of_all.level == wanted.green))
    if wanted.permit:
        # a mine that a plan only names has no permit on the books, but is not one without a permit
        found += [RIGHT.c.counted.is_(True), _stands(wanted.permit)]
    return found


def _among(right_id: ColumnElement[Any], *holds: ColumnElement[bool]) -> ColumnElement[bool]:
    """Ask for the rights that a table of all rights names; it is read once, not once a right."""
    return RIGHT.c.id.in_(select(right_id).where(*holds))


def behind(counted: bool, number: str) -> ColumnElement[bool]:
    """Ask for what the order of the list puts behind a right."""
    named = RIGHT.c.counted.is_(False)
    later = RIGHT.c.number > number
    return or_(named, later) if counted else and_(named, later)


def _named(text: str) -> ColumnElement[bool]:
    """Ask for a part of the mine's name, of a number of right or permit, old ones too, or of the holder."""

    def holds(column: ColumnElement[str]) -> ColumnElement[bool]:
        return column.icontains(text, autoescape=True)

    held = (
        select(VERSION.c.right_id)
        .join(HOLDER, HOLDER.c.id == VERSION.c.holder_id)
        .where(VERSION.c.superseded_at.is_(None), or_(holds(HOLDER.c.name), holds(HOLDER.c.credit_code)))
    )
    return or_(
        holds(RIGHT.c.mine),
        holds(RIGHT.c.number),
        _among(PERMIT.c.right_id, holds(PERMIT.c.number)),
        RIGHT.c.id.in_(held),
    )


def _has_mineral(name: str) -> ColumnElement[bool]:
    own = LINE.alias()
    return _among(own.c.right_id, own.c.mineral == name)


def _stands(standing: PermitStanding) -> ColumnElement[bool]:
    """Ask the database for what rights.rules.permit_standing says."""
    if standing is PermitStanding.none:
        return today.permit.is_(None)
    own = PERMIT.alias()
    ending_by: Any = bindparam("ending_by")
    begun = or_(own.c.valid_from.is_(None), own.c.valid_from <= today.day)
    runs = and_(begun, or_(own.c.valid_to.is_(None), own.c.valid_to >= today.day))
    holds = {
        PermitStanding.coming: own.c.valid_from > today.day,
        PermitStanding.expired: and_(begun, own.c.valid_to < today.day),
        PermitStanding.ending: and_(runs, today.ends <= ending_by),
        PermitStanding.valid: and_(runs, or_(today.ends.is_(None), today.ends > ending_by)),
    }[standing]
    return select(own.c.id).where(own.c.id == today.permit, holds).correlate(RIGHT).exists()


class Found(NamedTuple):
    """The keys of the rights of one page, and how many there are in all: on the books, and only named."""

    keys: list[int]
    counted: int
    named: int


def find(session: Session, wanted: Conditions, sight: Sight, first: int, count: int) -> Found:
    """Return `count` of the wanted rights from place `first`, in the order of the list."""
    asked = (
        select(RIGHT.c.id, RIGHT.c.counted, RIGHT.c.number).where(*wanted).cte()
    )  # judged once, used twice
    tallies = (func.count(case((asked.c.counted.is_(on_books), 1))) for on_books in (True, False))
    counts = select(*tallies).select_from(asked).subquery()
    statement = select(asked.c.id, *counts.c).select_from(asked.join(counts, true()))
    statement = statement.order_by(asked.c.counted.desc(), asked.c.number).offset(first).limit(count)
    found = session.connection().execute(statement, sight.given).all()
    if found or not first:
        books, named = found[0][1:] if found else (0, 0)
        return Found([row[0] for row in found], books, named)
    before = find(session, wanted, sight, 0, 1)  # behind the last page no row tells how many there are
    return before._replace(keys=[])


def keys(session: Session, wanted: Conditions, sight: Sight, count: int | None = None) -> list[int]:
    """Return the keys of the wanted rights in the order of the list: the first `count`, or all."""
    statement = select(RIGHT.c.id).where(*wanted).order_by(*ORDER).limit(count)
    return list(session.connection().execute(statement, sight.given).scalars())


def scales(session: Session, wanted: Conditions, sight: Sight) -> list[Row[Any]]:
    """Return key and what the scale class rests on of every wanted mine on the books, in their order.

    All permits of all mines are read plainly and the rule chooses: quicker than a choice in the database.
    """
    mines = RIGHT.c.counted.is_(True), RIGHT.c.kind == RightKind.mining
    statement: Select[Any] = select(*_SCALE_COLUMNS).select_from(_EVERY_PERMIT).where(*wanted, *mines)
    begins = (PERMIT.c.valid_from.is_not(None), PERMIT.c.valid_from, PERMIT.c.id)  # no beginning: the first
    found = session.connection().execute(statement.order_by(*ORDER, *begins), sight.given).all()
    by_right = (list(permits) for _, permits in groupby(found, key=itemgetter(0)))
    chosen = (current_permit(permits, sight.day) if len(permits) > 1 else permits[0] for permits in by_right)
    return [row for row in chosen if row is not None]
