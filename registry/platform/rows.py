"""Writes rows through Core: a row that nobody reads again in its transaction needs no object.

Through the ORM the same inserts cost three times as much, and every return makes five of them.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table, insert
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import Session, SQLModel

Row = Mapping[str, Any]


def table_of(model: type[SQLModel]) -> Table:
    """Return the table behind a model."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel gives it without telling
    return table


def insert_rows(session: Session, model: type[SQLModel], rows: Sequence[Row]) -> None:
    """Insert rows; objects that wait in the session are not written before them."""
    session.connection().execute(_insert(model), list(rows))


def insert_numbered(
    session: Session, model: type[SQLModel], rows: Sequence[Row], named_by: tuple[str, ...]
) -> dict[tuple[Any, ...], int]:
    """Insert rows and return the number of each, by the columns that tell them apart.

    SQLite could return numbers in the order of the rows only by inserting them one by one.
    """
    found = session.connection().execute(_insert_numbered(model, named_by), list(rows))
    return {tuple(row[1:]): row[0] for row in found}


@cache
def _insert(model: type[SQLModel]) -> Insert:
    return insert(table_of(model))


@cache
def _insert_numbered(model: type[SQLModel], named_by: tuple[str, ...]) -> ReturningInsert[Any]:
    columns = table_of(model).c
    return insert(table_of(model)).returning(columns.id, *(columns[name] for name in named_by))
