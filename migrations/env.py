"""How migrations reach a database: on SQLite and PostgreSQL alike, each run in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from alembic import context
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from registry.platform.db import connect
from registry.schema import metadata
from registry.settings import settings


def number(_context: MigrationContext, _revision: object, scripts: list[MigrationScript]) -> None:
    """Name a new revision by the number after the newest: 0001, 0002, ..."""
    head = ScriptDirectory.from_config(context.config).get_current_head()
    for script in scripts:
        script.rev_id = f"{int(head or 0) + 1:04d}"


def plainly(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write SQLModel's own column types as what they are in a database: a migration outlives a library."""
    names = {"AutoString": "sa.String()", "UTCDateTime": "sa.DateTime(timezone=True)"}
    return names.get(type(item).__name__, False) if kind == "type" else False


def violations(connection: Connection) -> list[str]:
    """Return the rows of SQLite whose parent is missing, as `table rowid > parent`."""
    found = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [f"{table} {rowid} > {parent}" for table, rowid, parent, _ in found]


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """Switch SQLite's foreign keys off around a migration, and prove afterwards that all of them hold.

    Batch mode rebuilds a table by dropping it; with foreign keys on, that silently deletes the children of
    ON DELETE CASCADE. SQLite ignores the switch inside a transaction, so it goes past SQLAlchemy's own.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    if cursor.execute("PRAGMA foreign_keys").fetchone() != (0,):
        raise RuntimeError("migrate SQLite on a connection that is not in a transaction")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


def migrate(connection: Connection) -> None:
    """Run what the command asked for, all or nothing."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        render_as_batch=True,
        transactional_ddl=True,
        process_revision_directives=number,
        render_item=plainly,
    )
    with unguarded(connection), context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite" and (orphans := violations(connection)):
            raise RuntimeError(f"the migration leaves rows without their parent: {', '.join(orphans[:10])}")


def main() -> None:
    """Use the caller's connection, else open the database of the settings."""
    if context.is_offline_mode():
        raise SystemExit("--sql is not supported: SQLite's batch mode has to read the tables it rebuilds")
    given: Connection | None = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    engine = connect(settings().database_url)
    with engine.connect() as connection:
        migrate(connection)
    engine.dispose()


main()
