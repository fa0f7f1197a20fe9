"""Everything at once from several processes, on a file database and on PostgreSQL.

Threads of one process share its engine; processes share nothing but the database.
"""

import json
import subprocess
import sys
from contextlib import ExitStack
from typing import Any

import pytest
from sqlmodel import col, select

from registry.alarms.models import Alarm
from registry.caps.models import Meter
from registry.kernel.quantity import parse
from registry.kernel.vocabulary import MeterSide
from registry.plans.models import Cap
from registry.platform.db import reader
from tests.databases import ROOT
from tests.factories import CITY
from tests.races.books import enter, faults
from tests.races.worker import MONTHS, RIGHTS

WORKERS, THREADS = 3, 3


@pytest.fixture
def crowd(fresh, fresh_url):
    """Give a call that starts worker processes, lets them go together and gathers what each said."""

    def go(mode: str) -> list[dict[str, Any]]:
        with ExitStack() as stack:
            workers = [
                stack.enter_context(
                    subprocess.Popen(
                        [sys.executable, "-m", "tests.races.worker", fresh_url, str(at), str(THREADS), mode],
                        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                    )
                )
                for at in range(WORKERS)
            ]  # fmt: skip
            for worker in workers:
                assert worker.stdout is not None
                assert worker.stdout.readline() == "ready\n"
            for worker in workers:
                assert worker.stdin is not None
                worker.stdin.write("go\n")
                worker.stdin.flush()
            return [json.loads(worker.communicate()[0]) for worker in workers]

    enter(fresh, RIGHTS, "45 t/年")
    return go


def test_the_book_is_whole_afterwards(fresh, crowd):
    """Lock: `locked_rights` in output/service/facts.py and the upsert in caps/service/posting.py for returns,
    `gate` for holds, `insert_once` for the key; on SQLite BEGIN IMMEDIATE alone.
    """
    told = crowd("locked")
    assert [error for one in told for error in one["errors"]] == []
    assert faults(fresh) == []
    kept = [public_id for one in told for public_id in one["kept"]]
    assert (len(kept), len(set(kept))) == (RIGHTS * MONTHS, RIGHTS * MONTHS)
    assert len([hold for one in told for hold in one["holds"]]) == 1
    assert all(one["keyed"] == told[0]["keyed"] for one in told)
    with reader(fresh) as session:
        city = select(Meter).join(Cap, col(Cap.id) == col(Meter.cap_id)).where(Cap.region == CITY)
        [meter] = session.exec(city).all()
        passed = session.exec(select(Alarm).where(Alarm.region == CITY, Alarm.side == MeterSide.output)).all()
    assert (meter.returns, meter.used) == (RIGHTS * MONTHS, parse("2 t").base * RIGHTS * MONTHS)
    assert len(passed) == 3


def test_without_the_locks_they_end_in_errors(fresh, crowd):
    met = "Busy" if fresh.dialect.name == "sqlite" else "IntegrityError"
    assert met in {error for one in crowd("unlocked") for error in one["errors"]}
