"""Engine, transactions and locks: the recipes that keep both databases exact under load."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session
from sqlmodel.sql.expression import SelectOfScalar

from registry.kernel.errors import Invalid
from registry.platform.files import make_folder
from registry.platform.trouble import NotReady, named_errors

__all__ = ["NotReady", "connect", "glance", "locked", "reader", "transaction", "undone"]
Model = TypeVar("Model")
_LOCK_TIMEOUT = 5  # seconds a PostgreSQL writer waits before it answers busy
_BACKENDS = ("sqlite", "postgresql")
_FILE = "registry_file"


def connect(url: str) -> Engine:
    """Return an engine on SQLite or PostgreSQL with the recipes of the house.

    Raises:
        Invalid: the URL names neither.
    """
    if _backend(url) == "sqlite":
        return _sqlite(url)
    # Compiling a statement takes longer than any of ours runs.
    options = f"-c lock_timeout={_LOCK_TIMEOUT}s -c timezone=UTC -c jit=off"
    return create_engine(url, pool_size=20, max_overflow=40, connect_args={"options": options})


def _backend(url: str) -> str:
    backend, driver_is_there = "", False
    with suppress(ArgumentError, ValueError, ImportError):
        named = make_url(url)
        backend = named.get_backend_name()  # what cannot be read may hold a password: it is not shown
        driver_is_there = backend in _BACKENDS and bool(named.get_dialect().import_dbapi())
    if not driver_is_there:
        accepted = "sqlite:///…, postgresql+psycopg://…"
        raise Invalid("database_url", "REGISTRY_DATABASE_URL", backend, accepted=accepted)
    return backend


def _sqlite(url: str) -> Engine:
    if (database := make_url(url).database) and database != ":memory:":
        make_folder(Path(database).parent)
    engine = create_engine(url, connect_args={"isolation_level": None, "timeout": 15})
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "checkout", _same_file)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_pragmas(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
    record.info[_FILE] = _file_of(connection)
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _same_file(_connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Give up a connection whose file was replaced or removed: what it wrote, nobody would find again."""
    if (opened := record.info.get(_FILE)) is not None and _identity(opened[0]) != opened[1]:
        raise DisconnectionError


def _file_of(connection: sqlite3.Connection) -> tuple[str, tuple[int, int] | None] | None:
    """Return the file of a connection and what tells it from another of its name; None without a file."""
    [(_, _, path)] = connection.execute("PRAGMA database_list").fetchall()[:1]
    return (path, _identity(path)) if path else None


def _identity(path: str) -> tuple[int, int] | None:
    with suppress(OSError):
        found = Path(path).stat()
        return found.st_dev, found.st_ino
    return None


def _begin_sqlite(connection: Connection) -> None:
    # A writer that begins as a reader can fail when it first writes: take the write lock at once.
    readonly = connection.get_execution_options().get("readonly", False)
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Give one write transaction; commits at the end, rolls back on any error.

    Raises:
        Busy: a lock was not to be had in time; nothing was written and the act may be repeated.
        NotReady: the database has no tables yet.
    """
    with named_errors(), Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reader(engine: Engine) -> Iterator[Session]:
    """Give one read-only transaction that sees a single moment of the database."""
    options: dict[str, Any] = {"readonly": True}
    if is_server := engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with named_errors(), Session(engine.execution_options(**options), expire_on_commit=False) as session:
        yield session
        if is_server:  # there is nothing to keep, but at a rollback the driver forgets what it has prepared
            session.expunge_all()
            session.commit()


@contextmanager
def glance(engine: Engine) -> Iterator[Session]:
    """Give a session for one question alone: a server answers it without a transaction around it."""
    if engine.dialect.name != "postgresql":
        with reader(engine) as session:
            yield session
        return
    alone = engine.execution_options(isolation_level="AUTOCOMMIT")
    with named_errors(), Session(alone, expire_on_commit=False, autoflush=False) as session:
        try:
            yield session
        except BaseException:  # without a rollback the driver keeps a plan that no longer fits
            session.invalidate()
            raise


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """Give a part of the caller's transaction of which nothing stays, whatever is done in it."""
    part = session.begin_nested()
    try:
        yield
    finally:
        part.rollback()


def locked(session: Session, statement: SelectOfScalar[Model], **given: object) -> Sequence[Model]:
    """Run a select with its rows locked until commit, and fresh even when read before.

    The only place that locks rows: without `populate_existing` an object read earlier in the
    session would keep its stale figures although the lock is held. The lock keeps other writers of
    the row away, but not rows that only point to it (NO KEY UPDATE): else two first returns of a cap
    would each wait for the other to lock it, and an alarm of the top region for the gate.
    """
    fresh = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.exec(fresh, params=given).all()
