"""An import killed in the middle of a batch leaves whole batches only, and a book that is whole.

The import is killed again without the transaction.
"""

import signal
import subprocess
import sys

import pytest
from sqlmodel import select

from registry.output.models import OutputReturn
from registry.platform.db import reader
from registry.workflows.import_returns import import_returns
from tests.databases import ROOT
from tests.races.books import enter, faults, number

RIGHTS, BATCH, STOP_IN = 20, 30, 3


@pytest.fixture
def table(tmp_path):
    """A file with half a year of twenty rights, four batches long."""
    rows = [f"{number(at)},2025-0{month},1.5,t" for month in range(1, 7) for at in range(RIGHTS)]
    file = tmp_path / "returns.csv"
    file.write_text("\n".join(["right_no,period,quantity,unit", *rows]) + "\n")
    return file


def killed(url: str, table, mode: str) -> None:
    """Import the file in another process, and kill that in the middle of its third batch."""
    words = ["-m", "tests.races.importer", url, table, BATCH, STOP_IN, mode]
    run = [sys.executable, *map(str, words)]
    with subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "in the middle\n"
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL


def kept(engine) -> int:
    """Return how many returns are in the book."""
    with reader(engine) as session:
        return len(session.exec(select(OutputReturn.id)).all())


def test_whole_batches_stay_and_a_repeat_brings_the_rest(fresh, fresh_url, table):
    """Line: `transaction(engine)` around each batch in workflows/import_returns.py: one commit a batch."""
    enter(fresh, RIGHTS, "100 t/年")
    killed(fresh_url, table, "transaction")
    assert kept(fresh) == BATCH * (STOP_IN - 1)
    assert faults(fresh) == []
    report = import_returns(fresh, table, None)
    assert (report.accepted, report.unchanged, report.rejected) == (RIGHTS * 6 - 60, 60, [])
    assert faults(fresh) == []


def test_without_the_transaction_a_part_of_a_batch_stays(fresh, fresh_url, table):
    enter(fresh, RIGHTS, "100 t/年")
    killed(fresh_url, table, "autocommit")
    assert kept(fresh) > BATCH * (STOP_IN - 1)
