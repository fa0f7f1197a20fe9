"""Imports a file of rights in batches, each a transaction of its own: good rows stay."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from sqlalchemy import Engine

from registry.identity.queries import actor_named
from registry.kernel.errors import Invalid
from registry.platform.db import transaction, undone
from registry.platform.tables import Row, read_table
from registry.registration.importing import BATCH, Report, check_header, import_batch

MOST_TRIED = 1_000  # rows of a trial run: it holds the gate, and nobody else licenses meanwhile


def import_rights(
    engine: Engine, file: Path, as_user: str | None, advance: Callable[[int], None] = lambda _count: None
) -> Report:
    """Import the rows of a CSV or XLSX file of existing rights and report on each."""
    return import_right_table(engine, read_table(file), file.name, as_user, advance=advance)


def import_right_table(
    engine: Engine,
    table: list[Row],
    name: str,
    as_user: str | None,
    *,
    dry_run: bool = False,
    advance: Callable[[int], None] = lambda _count: None,
) -> Report:
    """Import the rows of a table of existing rights; `advance` is told of every batch once it is kept.

    A trial run enters everything in one transaction that is then undone.

    Raises:
        Invalid: the header lacks a column, or a trial run has too many rows; nothing was written.
    """
    report = Report()
    check_header(table, report)
    if dry_run and len(table) > MOST_TRIED:
        raise Invalid("trial_too_long", "file", len(table), accepted=f"≤ {MOST_TRIED}")
    size = max(len(table), 1) if dry_run else BATCH
    for start in range(0, len(table), size):
        batch = table[start : start + size]
        with transaction(engine) as session, undone(session) if dry_run else nullcontext():
            import_batch(session, actor_named(session, as_user), batch, report, name)
        advance(len(batch))
    return report
