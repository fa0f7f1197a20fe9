"""Imports a file of rights in batches, each a transaction of its own: good rows stay."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from registry.identity.queries import actor_named
from registry.platform.db import transaction
from registry.platform.tables import read_table
from registry.registration.importing import BATCH, Report, check_header, import_batch


def import_rights(
    engine: Engine, file: Path, as_user: str | None, advance: Callable[[int], None] = lambda _count: None
) -> Report:
    """Import the rows of a CSV or XLSX file of existing rights and report on each.

    Raises:
        Invalid: the file is none, or its header lacks a column; nothing was written.
    """
    report = Report()
    rows = read_table(file)
    check_header(rows, report)
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        with transaction(engine) as session:
            import_batch(session, actor_named(session, as_user), batch, report, file.name)
        advance(len(batch))
    return report
