"""Finds the rights of a list in the database: what each is today, and which of them are wanted.

What a right is on a day (its permit, its state, its green level) is asked of the database itself, so
that a filter reads no right that the page does not show. Only the scale class is derived outside.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, case, cast, func, or_, select, true
from sqlmodel import Session

from registry.kernel.vocabulary import Kind, MineralRole, MiningMethod, PermitStanding, RightKind
from registry.minerals.models import Mineral
from registry.parties.models import Holder
from registry.platform.keys import among
from registry.platform.rows import table_of
from registry.rights.models import Permit, RightMineral, RightVersion
from registry.workflows.rights_list import today
from registry.workflows.rights_list.today import RIGHT
from registry.workflows.rights_list.wanted import Wanted

VERSION, PERMIT, HOLDER = table_of(RightVersion), table_of(Permit), table_of(Holder)
MINERAL, LINE = table_of(Mineral), table_of(RightMineral)
MAIN = LINE.alias("main")
_VERSIONED = RIGHT.join(
    VERSION, and_(VERSION.c.right_id == RIGHT.c.id, VERSION.c.superseded_at.is_(None))
).outerjoin(MAIN, and_(MAIN.c.right_id == RIGHT.c.id, MAIN.c.role == MineralRole.main))
# That the permit is one of the right's own says nothing new, but how to find it.
_TABLES = (
    _VERSIONED.outerjoin(HOLDER, HOLDER.c.id == VERSION.c.holder_id)
    .outerjoin(MINERAL, MINERAL.c.name == MAIN.c.mineral)
    .outerjoin(PERMIT, and_(PERMIT.c.right_id == RIGHT.c.id, PERMIT.c.id == today.permit))
)
Condition = ColumnElement[bool]
KEYS_APART = ","
ORDER = (RIGHT.c.counted.desc(), RIGHT.c.number)
_OF_DAY = today.permits.c
_BASIS = (MAIN.c.mineral, _OF_DAY.kind, _OF_DAY.scale, _OF_DAY.method, VERSION.c.density_g_m3)


def select_rights(*columns: ColumnElement[Any]) -> Select[Any]:
    """Return a statement over rights with their version, holder, main mineral and permit of the day."""
    return select(*columns).select_from(_TABLES)


@dataclass(frozen=True, slots=True)
class Sight:
    """The day a list shows, and the latest end of a permit of which a reminder stands on it."""

    day: date
    ending_by: date


@dataclass(frozen=True, slots=True)
class Asked:
    """What a right must be to be wanted, and the values that the statements are given."""

    holds: tuple[Condition, ...]
    given: dict[str, Any]

    def also(self, *holds: Condition, **given: Any) -> "Asked":
        """Return what is asked with more conditions."""
        return Asked((*self.holds, *holds), self.given | given)

    def among(self, rights: Collection[int]) -> "Asked":
        """Return what is asked, of these rights only."""
        return self.also(_OF_CLASS, of_class=rights)

    def behind(self, counted: bool, number: str) -> "Asked":
        """Return what is asked, of what the order of the list puts behind a right only."""
        return self.also(_BEHIND[counted], last=number)


def ask(wanted: Wanted, codes: Collection[str] | None, sight: Sight) -> Asked:
    """Return what is asked of a right that is wanted, but for its scale class."""
    given = {
        "today": sight.day,
        "ending_by": sight.ending_by,
        "text": _pattern(wanted.text or ""),
        "mineral": wanted.mineral,
        "township": wanted.township,
        "state": wanted.state,
        "level": wanted.green,
    }
    return within(codes).also(*_conditions(wanted), **given)


def within(codes: Collection[str] | None) -> Asked:
    """Return what is asked of a right in sight: that it lies in one of these regions, or for None nothing."""
    if codes is None:
        return Asked((), {})
    if len(codes) == 1:  # a county's office; PostgreSQL takes a list apart for every row
        return Asked((_AT,), {"code": next(iter(codes))})
    return Asked((_WITHIN,), {"codes": codes})


def _conditions(wanted: Wanted) -> Iterable[Condition]:
    if wanted.text:
        yield _NAMED[has_case(wanted.text)]
    for name in ("mineral", "township", "state", "green"):
        if getattr(wanted, name):
            yield _IS[name]
    if wanted.permit:
        # a mine that a plan only names has no permit on the books, but is not one without a permit
        yield _COUNTED
        yield _STANDS[wanted.permit]


def has_case(text: str) -> bool:
    """Tell whether a text has letters of two cases; Chinese has none, and folding every name takes time."""
    return text.upper() != text.lower()


def _pattern(text: str) -> str:
    """Return the pattern of LIKE for a part of a text, in which no sign stands for others."""
    for sign in ("/", "%", "_"):
        text = text.replace(sign, f"/{sign}")
    return f"%{text}%"


def _named(folded: bool) -> Condition:
    """Ask for a part of the mine's name, of a number of right or permit, old ones too, or of the holder."""

    def holds(column: ColumnElement[str]) -> Condition:
        like = column.ilike if folded else column.like
        return like(bindparam("text"), escape="/")

    held = (
        select(VERSION.c.right_id)
        .join(HOLDER, HOLDER.c.id == VERSION.c.holder_id)
        .where(VERSION.c.superseded_at.is_(None), or_(holds(HOLDER.c.name), holds(HOLDER.c.credit_code)))
    )
    return or_(
        holds(RIGHT.c.mine),
        holds(RIGHT.c.number),
        RIGHT.c.id.in_(select(PERMIT.c.right_id).where(holds(PERMIT.c.number))),
        RIGHT.c.id.in_(held),
    )


# Built once: to build a statement takes longer than to send it.
_OWN = LINE.alias()
_AT = RIGHT.c.region == bindparam("code")
_WITHIN = among(RIGHT.c.region, "codes")
_NAMED = {folded: _named(folded) for folded in (True, False)}
_IS: dict[str, Condition] = {
    "mineral": RIGHT.c.id.in_(select(_OWN.c.right_id).where(_OWN.c.mineral == bindparam("mineral"))),
    "township": RIGHT.c.township == bindparam("township"),
    "state": RIGHT.c.id.in_(today.rights_in_state),
    "green": RIGHT.c.id.in_(today.rights_at_level),
}
_COUNTED = RIGHT.c.counted.is_(True)
_BEYOND = today.rights_beyond(bindparam("ending_by"))
# What rights.rules.permit_standing says.
_STANDS: dict[PermitStanding, Condition] = {
    PermitStanding.none: RIGHT.c.id.not_in(today.rights_permitted),
    PermitStanding.coming: RIGHT.c.id.in_(today.rights_permitted) & RIGHT.c.id.not_in(today.rights_begun),
    PermitStanding.expired: RIGHT.c.id.in_(today.rights_expired),
    PermitStanding.ending: RIGHT.c.id.in_(today.rights_running) & RIGHT.c.id.not_in(_BEYOND),
    PermitStanding.valid: RIGHT.c.id.in_(today.rights_running) & RIGHT.c.id.in_(_BEYOND),
}
_OF_CLASS = among(RIGHT.c.id, "of_class")
_LATER = RIGHT.c.number > bindparam("last")
_NAMED_ONLY = RIGHT.c.counted.is_(False)
# What the order of the list puts behind a right on the books, and behind one that a plan only names.
_BEHIND = {True: or_(_NAMED_ONLY, _LATER), False: and_(_NAMED_ONLY, _LATER)}


class Found(NamedTuple):
    """The keys of the rights of one page, and how many there are in all: on the books, and only named."""

    keys: list[int]
    counted: int
    named: int


def find(session: Session, asked: Asked, first: int, count: int) -> Found:
    """Return `count` of the wanted rights from place `first`, in the order of the list."""
    given = asked.given | {"first": first, "count": count}
    found = session.connection().execute(_finding(asked.holds), given).all()
    if found or not first:
        books, named = found[0][1:] if found else (0, 0)
        return Found([row[0] for row in found], books, named)
    before = find(session, asked, 0, 1)  # behind the last page no row tells how many there are
    return before._replace(keys=[])


@cache
def _finding(holds: tuple[Condition, ...]) -> Select[Any]:
    wanted = select(RIGHT.c.id, RIGHT.c.counted, RIGHT.c.number).where(*holds).cte()  # judged once
    tallies = (func.count(case((wanted.c.counted.is_(on_books), 1))) for on_books in (True, False))
    counts = select(*tallies).select_from(wanted).subquery()
    page = select(wanted.c.id, *counts.c).select_from(wanted.join(counts, true()))
    page = page.order_by(wanted.c.counted.desc(), wanted.c.number)
    return page.offset(bindparam("first")).limit(bindparam("count"))


def keys(session: Session, asked: Asked, count: int | None = None) -> list[int]:
    """Return the keys of the wanted rights in the order of the list: the first `count`, or all."""
    statement = select(RIGHT.c.id).where(*asked.holds).order_by(*ORDER).limit(count)
    return list(session.connection().execute(statement, asked.given).scalars())


class Basis(NamedTuple):
    """What a scale class rests on, and the keys of the wanted mines on the books that rest on the same."""

    mineral: str | None
    permit_kind: Kind | None
    scale: int | None
    method: MiningMethod | None
    density_g_m3: int | None
    rights: str


def bases(session: Session, asked: Asked) -> list[Basis]:
    """Return what the scale classes of the wanted mines rest on; many mines rest on the same figures."""
    found = session.connection().execute(_basing(asked.holds), asked.given).all()
    return [Basis._make(row) for row in found]


@cache
def _basing(holds: tuple[Condition, ...]) -> Select[Any]:
    rights = func.aggregate_strings(cast(RIGHT.c.id, Text), KEYS_APART)
    tables = _VERSIONED.outerjoin(today.permits, _OF_DAY.right_id == RIGHT.c.id)
    asked = (
        select(*_BASIS, rights).select_from(tables).where(*holds, _COUNTED, RIGHT.c.kind == RightKind.mining)
    )
    return asked.group_by(*_BASIS)
