"""Which migration a database is at, and bringing it to the newest: by one process at a time."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect

from registry.kernel.errors import Busy, Refused
from registry.platform.files import named
from registry.platform.trouble import NotReady, named_errors

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds to wait for another process that makes or migrates the same database
_LOCK = 0x7265676973747279  # "registry": PostgreSQL's advisory locks are numbers
_VERSION, _OURS = "alembic_version", "installation_fact"


class DatabaseOfAnother(Refused):
    """The database holds the tables of another program; nothing of them is touched."""

    code = "database_of_another"


class DatabaseNewer(Refused):
    """The database was made by a version of the program that this one does not know."""

    code = "database_newer"


@cache
def known() -> list[str]:
    """Return the migrations of this program, oldest first."""
    return sorted(path.stem.split("_")[0] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))


def revision(engine: Engine) -> str | None:
    """Return the migration a database is at, None for an empty one; asking does not make its file.

    Raises:
        DatabaseOfAnother: it holds tables, and ours are not among them.
        DatabaseNewer: it is at a migration that this program does not have.
    """
    file = _file(engine)
    if file is not None and not file.exists():
        return None
    with named_errors(), _untouched(engine, file) as connection:
        tables = set(inspect(connection).get_table_names())
        found = None
        if _VERSION in tables:
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if tables - {_VERSION} and _OURS not in tables:
        raise DatabaseOfAnother(tables="、".join(sorted(tables)[:3]))
    if found is not None and found not in known():
        raise DatabaseNewer(current=found, newest=known()[-1])
    return None if found is None else str(found)


@contextmanager
def _untouched(engine: Engine, file: Path | None) -> Iterator[Connection]:
    """Give a connection that changes nothing; ours would turn any SQLite file to write-ahead logging."""
    if file is None:
        with engine.connect().execution_options(readonly=True) as connection:
            yield connection
        return
    name = f"{file.absolute().as_uri()}?mode=ro"
    looking = create_engine("sqlite://", creator=lambda: sqlite3.connect(name, uri=True), poolclass=NullPool)
    with looking.connect() as connection:
        yield connection


def check_ready(engine: Engine) -> None:
    """Let a database pass that is at the newest migration.

    Raises:
        NotReady: it is not there yet, empty, or at an older migration.
        DatabaseOfAnother, DatabaseNewer: see `revision`.
    """
    if revision(engine) != known()[-1]:
        raise NotReady


def migrate(engine: Engine, target: str = "head") -> None:
    """Bring a database to a migration, all or nothing; `base` takes every table away.

    Raises:
        DatabaseOfAnother, DatabaseNewer: see `revision`.
    """
    from alembic import command
    from alembic.config import Config

    revision(engine)
    config = Config(ROOT / "alembic.ini")
    with named_errors(), engine.connect() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if target == "base" else command.upgrade)(config, target)


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Keep every other process away that wants to make or migrate the same database.

    Raises:
        Busy: another one takes longer than we wait.
    """
    file = _file(engine)
    if engine.dialect.name == "postgresql":
        with _advised(engine):
            yield
    elif file is not None:
        with _locked(file.with_name(f".{file.name}.lock")):
            yield
    else:
        yield


@contextmanager
def _advised(engine: Engine) -> Iterator[None]:
    alive = engine.execution_options(isolation_level="AUTOCOMMIT")
    with named_errors(), alive.connect() as connection:
        connection.exec_driver_sql(f"SET lock_timeout = '{PATIENCE}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({_LOCK})")
        try:
            yield
        finally:
            connection.invalidate()  # closing it for good lets go of the lock and of what was set
            connection.close()


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    handle = _acquired(file)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
        os.close(handle)


def _acquired(file: Path) -> int:
    """Return the handle of a lock file that is ours and still stands where others look for it."""
    for _ in range(PATIENCE):
        with named(file):
            handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with suppress(FileNotFoundError):
                if file.stat().st_ino == os.fstat(handle).st_ino:
                    return handle
        os.close(handle)
        time.sleep(1)
    raise Busy


def _file(engine: Engine) -> Path | None:
    """Return the file of an SQLite database; None for one in memory or on a server."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None
