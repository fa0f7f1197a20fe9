"""A batch whose worker is killed is finished by the next: no gap in the numbers, no paper twice."""

import json
import signal
import subprocess
import sys
from datetime import timedelta
from zipfile import ZipFile

from registry.documents.queries import Wanted, documents
from registry.documents.service import order_batch, read_batch
from registry.identity.rules import SYSTEM
from registry.jobs import batches
from registry.jobs.worker import Worker
from registry.kernel.vocabulary import JobState
from registry.platform import clock, files, jobs
from registry.platform.db import reader, transaction
from registry.platform.jobs import queue
from registry.settings import settings
from tests.databases import ROOT
from tests.factories import COUNTY
from tests.races import batcher
from tests.races.books import OTHER, enter

RIGHTS = 6


def kept(engine):
    """Return the papers of a book, the oldest first."""
    with reader(engine) as session:
        return documents(session, None, Wanted()).documents[::-1]


def test_a_killed_worker_is_followed_by_another(fresh, fresh_url, monkeypatch):
    """Lines: the lease in `claim`, and `issue`, which prints nothing twice that says the same."""
    enter(fresh, RIGHTS)
    with transaction(fresh) as session:
        batch = read_batch(session, SYSTEM, "inspection", "2025", {})
        job_id = order_batch(session, SYSTEM, batch).id or 0

    run = [sys.executable, "-m", "tests.races.batcher", fresh_url]
    with subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "in the middle\n"
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL

    half = kept(fresh)
    assert len(half) == batcher.STOP_AT - 1
    laid_out = []

    def lay_out(sheet):
        laid_out.append(sheet.paper.number)
        return batcher.lay_out(sheet)

    monkeypatch.setattr(batches, "print_sheet", lay_out)
    successor = Worker(fresh)
    assert not successor.once(["batch"])  # the dead worker's lease still holds
    monkeypatch.setattr(clock, "wall", lambda now=clock.wall: now() + queue.LEASE + timedelta(seconds=1))
    assert successor.once(["batch"])
    with reader(fresh) as session:
        job = jobs.get(session, job_id)
    assert (job.state, job.attempts, job.done, job.total) == (JobState.done, 2, RIGHTS, RIGHTS)
    papers = kept(fresh)
    assert papers[: len(half)] == half
    assert len(laid_out) == RIGHTS - len(half)
    given = sorted((one.office, int(one.number[-6:])) for one in papers)
    assert given == [(office, at) for office in (OTHER, COUNTY) for at in (1, 2, 3)]
    with ZipFile(files.whole(settings().files_dir, job.outcome["archive"])) as found:
        told = json.loads(found.read("manifest.json"))
        assert [one["number"] for one in told["papers"]] == sorted(one.number for one in papers)
        assert {one["file"] for one in told["papers"]} == set(found.namelist()[2:])
