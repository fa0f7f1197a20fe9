"""Finds the rights of a list in the database: those wanted, in their order, page by page."""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, bindparam, case, cast, func, select, true
from sqlmodel import Session

from registry.kernel.vocabulary import Kind, MiningMethod, RightKind
from registry.workflows.rights_list import today
from registry.workflows.rights_list.asking import COUNTED, Asked, Condition
from registry.workflows.rights_list.tables import MAIN, ORDER, VERSION, VERSIONED
from registry.workflows.rights_list.today import RIGHT

KEYS_APART = ","
_OF_DAY = today.permits.c
_BASIS = (MAIN.c.mineral, _OF_DAY.kind, _OF_DAY.scale, _OF_DAY.method, VERSION.c.density_g_m3)


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


@lru_cache(maxsize=256)  # there are thousands of ways to set all filters
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


@lru_cache(maxsize=256)  # there are thousands of ways to set all filters
def _basing(holds: tuple[Condition, ...]) -> Select[Any]:
    rights = func.aggregate_strings(cast(RIGHT.c.id, Text), KEYS_APART)
    tables = VERSIONED.outerjoin(today.permits, _OF_DAY.right_id == RIGHT.c.id)
    asked = (
        select(*_BASIS, rights).select_from(tables).where(*holds, COUNTED, RIGHT.c.kind == RightKind.mining)
    )
    return asked.group_by(*_BASIS)
