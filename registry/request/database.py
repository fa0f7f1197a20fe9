"""A Reader or a Transaction on the database of the application.

Both end before the answer leaves (`scope="function"`): with FastAPI's default scope a client would
read 201 although the commit behind it failed. An endpoint asks for one of the two, never for both.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Annotated

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from fastapi import Depends, FastAPI, Request
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session

from registry.kernel.errors import Busy
from registry.platform.db import reader, transaction
from registry.platform.trouble import DatabaseUnreachable
from registry.request.posting import posted

# Fewer than the connections of a pool (15 on SQLite) and than the threads of the server (40): a request
# waits for its turn without holding a thread, so that no number of them can stop the process.
_READERS = 12
_WRITERS = 12
_MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


class DatabaseNotMigrated(Busy):
    """The database has no tables yet, or is not at the newest migration."""

    code = "database_not_migrated"


def attach(app: FastAPI, engine: Engine) -> None:
    """Give the application its database.

    SQLite has one writer at a time and serves those who wait in no order; here they queue.
    """
    app.state.engine = engine
    app.state.is_migrated = False
    app.state.writers = asyncio.Semaphore(1 if engine.dialect.name == "sqlite" else _WRITERS)


def check_migrated(engine: Engine) -> None:
    """Let the database pass when it is at the newest migration.

    Raises:
        DatabaseUnreachable: it does not answer.
        DatabaseNotMigrated: it is empty, or older or newer than this program.
    """
    with reachable(), engine.connect().execution_options(readonly=True) as connection:
        found = MigrationContext.configure(connection).get_current_heads()
    if found != (newest_migration(),):
        raise DatabaseNotMigrated(current="、".join(found) or "空", newest=newest_migration())


@cache
def newest_migration() -> str | None:
    """Return the revision that this program was written for."""
    return ScriptDirectory(str(_MIGRATIONS)).get_current_head()


@contextmanager
def reachable() -> Iterator[None]:
    """Name a database that does not answer by our own error."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise DatabaseUnreachable from error


def engine_of(request: Request) -> Engine:
    """Return the engine, for acts that open transactions of their own."""
    with reachable():
        return _engine(request.app)


def _engine(app: FastAPI) -> Engine:
    """Return the engine of a database that has once been found migrated."""
    if not app.state.is_migrated:
        check_migrated(app.state.engine)
        app.state.is_migrated = True
    engine: Engine = app.state.engine
    return engine


# A form is read before any turn is taken: one that arrives slowly keeps nobody else waiting.
_Whole = Annotated[object, Depends(posted)]


def _reader(request: Request, _form: _Whole) -> Iterator[Session]:
    with reachable(), reader(_engine(request.app)) as session:
        yield session


async def _turn(request: Request, _form: _Whole) -> AsyncIterator[None]:
    async with request.app.state.writers:
        yield


def _transaction(
    request: Request, _turn: Annotated[None, Depends(_turn, scope="function")]
) -> Iterator[Session]:
    with reachable(), transaction(_engine(request.app)) as session:
        yield session


Reader = Annotated[Session, Depends(_reader, scope="function", max_concurrency=_READERS)]
Transaction = Annotated[Session, Depends(_transaction, scope="function")]
