"""Takes one lock away, so that a test can show what happens without it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, select, update
from sqlmodel import Session, SQLModel
from sqlmodel.sql.expression import SelectOfScalar

from registry.platform import db
from registry.platform.rows import table_of
from tests.races import rivals


def begin_deferred(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    """Let SQLite begin by plain BEGIN instead of BEGIN IMMEDIATE, as a reader does."""
    _be_patient(monkeypatch)
    event.remove(engine, "begin", db._begin_sqlite)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))


def without_row_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `platform.db.locked` read without locking."""
    _be_patient(monkeypatch)
    monkeypatch.setattr(SelectOfScalar, "with_for_update", lambda statement, **_: statement)


def in_two_steps(monkeypatch: pytest.MonkeyPatch, module: Any, meet: Callable[[], None]) -> None:
    """Replace the upsert that a module uses: read the row, then insert it or write what it had plus more."""

    def upsert(
        session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]], conflict: Sequence[str],
        merge: Mapping[str, str], returning: Sequence[str],
    ) -> list[tuple[Any, ...]]:  # fmt: skip
        table, written = table_of(model), []
        for row in rows:
            at = [table.c[name] == row[name] for name in conflict]
            known = session.connection().execute(select(table).where(*at)).mappings().first()
            meet()
            if known is None:
                session.connection().execute(insert(table).values(dict(row)))
            else:
                told = {name: _merge(how, known[name], row[name]) for name, how in merge.items()}
                session.connection().execute(update(table).where(*at).values(told))
            columns = [table.c[name] for name in returning]
            written.append(tuple(session.connection().execute(select(*columns).where(*at)).one()))
        return written

    _be_patient(monkeypatch)
    monkeypatch.setattr(module, "upsert", upsert)


def _merge(how: str, stored: Any, new: Any) -> Any:
    return stored + new if how == "add" else max(stored, new) if how == "max" else new


def once_in_two_steps(monkeypatch: pytest.MonkeyPatch, module: Any, meet: Callable[[], None]) -> None:
    """Replace the `insert_once` that a module uses: look for the row, then insert it."""

    def insert_once(
        session: Session, model: type[SQLModel], row: Mapping[str, Any], conflict: Sequence[str]
    ) -> bool:
        table = table_of(model)
        at = [table.c[name] == row[name] for name in conflict]
        known = session.connection().execute(select(table).where(*at)).first()
        meet()
        if known is None:
            session.connection().execute(insert(table).values(dict(row)))
        return known is None

    _be_patient(monkeypatch)
    monkeypatch.setattr(module, "insert_once", insert_once)


def _be_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rivals, "PATIENCE", rivals.UNLOCKED_PATIENCE)
