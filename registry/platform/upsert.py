"""INSERT ... ON CONFLICT with RETURNING on both databases: creates, locks and adds in one statement."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import Session, SQLModel

from registry.platform.rows import table_of

Merge = Literal["add", "max", "set"]
Names = tuple[str, ...]


def upsert(
    session: Session,
    table: type[SQLModel],
    rows: Sequence[Mapping[str, Any]],
    conflict: Sequence[str],
    merge: Mapping[str, Merge],
    returning: Sequence[str],
) -> list[tuple[Any, ...]]:
    """Insert rows, or merge the named columns into the row that is there; return its columns.

    The row stays locked until commit. Rows are locked in the order given: callers sort them.
    """
    dialect = session.get_bind().dialect.name
    statement = _merging(dialect, table, tuple(conflict), tuple(merge.items()), tuple(returning))
    return [tuple(row) for row in session.connection().execute(statement, list(rows)).all()]


def insert_once(
    session: Session, table: type[SQLModel], row: Mapping[str, Any], conflict: Sequence[str]
) -> bool:
    """Insert a row unless its key is taken; tell whether it was inserted. Waits for a rival to commit."""
    statement = _once(session.get_bind().dialect.name, table, tuple(conflict))
    return session.connection().execute(statement, dict(row)).first() is not None


@cache
def _merging(
    dialect: str,
    model: type[SQLModel],
    conflict: Names,
    merge: tuple[tuple[str, Merge], ...],
    returning: Names,
) -> ReturningInsert[Any]:
    columns = table_of(model).c
    statement = _insert(dialect, model)
    merged = {name: _merge(how, columns[name], statement.excluded[name]) for name, how in merge}
    final = statement.on_conflict_do_update(index_elements=list(conflict), set_=merged)
    return final.returning(*(columns[name] for name in returning))


@cache
def _once(dialect: str, model: type[SQLModel], conflict: Names) -> ReturningInsert[Any]:
    statement = _insert(dialect, model).on_conflict_do_nothing(index_elements=list(conflict))
    return statement.returning(*(table_of(model).c[name] for name in conflict))


def _insert(dialect: str, model: type[SQLModel]) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table_of(model)) if dialect == "postgresql" else sqlite.insert(table_of(model))


def _merge(how: Merge, stored: Any, new: Any) -> Any:
    if how == "add":
        return stored + new
    return case((new > stored, new), else_=stored) if how == "max" else new
