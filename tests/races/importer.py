"""A process that imports returns and stops in the middle of a batch, until it is killed.

python -m tests.races.importer URL FILE BATCH STOP_IN transaction|autocommit
"""

import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from registry.platform import db
from registry.workflows import import_returns


def main(url: str, file: str, batch: int, stop_in: int, mode: str) -> None:
    """Import a file in small batches; say so and stop when one is recorded but not committed."""
    engine, patch = db.connect(url), pytest.MonkeyPatch()
    if mode == "autocommit":
        engine = without_transactions(engine)
    patch.setattr(import_returns, "BATCH", batch)
    stop_after(patch, stop_in)
    import_returns.import_returns(engine, Path(file), None)


def stop_after(patch: pytest.MonkeyPatch, stop_in: int) -> None:
    """Let the import stop when it has recorded a batch."""
    calls, original = iter(range(1, stop_in)), vars(import_returns)["import_rows"]

    def stopping(*args: Any, **given: Any) -> None:
        original(*args, **given)
        if next(calls, None) is None:
            sys.stdout.write("in the middle\n")
            sys.stdout.flush()
            time.sleep(60)

    patch.setattr(import_returns, "import_rows", stopping)


def without_transactions(engine: Engine) -> Engine:
    """Let every statement commit by itself."""
    if engine.dialect.name == "sqlite":
        event.remove(engine, "begin", db._begin_sqlite)
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
