"""INSERT ... ON CONFLICT with RETURNING on both databases: creates, locks and adds in one statement."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

Merge = Literal["add", "max", "set"]


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
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(list(rows))
    columns: Any = table.__table__.c  # type: ignore[attr-defined]
    merged: dict[str, Any] = {
        name: _merge(how, columns[name], statement.excluded[name]) for name, how in merge.items()
    }
    final = statement.on_conflict_do_update(index_elements=list(conflict), set_=merged)
    result = session.execute(final.returning(*(columns[name] for name in returning)))
    return [tuple(row) for row in result.all()]


def _merge(how: Merge, stored: Any, new: Any) -> Any:
    if how == "add":
        return stored + new
    return case((new > stored, new), else_=stored) if how == "max" else new


def insert_once(
    session: Session, table: type[SQLModel], row: Mapping[str, Any], conflict: Sequence[str]
) -> bool:
    """Insert a row unless its key is taken; tell whether it was inserted. Waits for a rival to commit."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    columns: Any = table.__table__.c  # type: ignore[attr-defined]
    statement = (
        dialect.insert(table).values([dict(row)]).on_conflict_do_nothing(index_elements=list(conflict))
    )
    return session.execute(statement.returning(*(columns[name] for name in conflict))).first() is not None
