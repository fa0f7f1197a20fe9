"""A job is done once, however many workers there are and however they die."""

import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Lock

from sqlmodel import select

from registry.jobs.tasks import TASKS
from registry.jobs.worker import Worker, see_to_the_night
from registry.kernel.vocabulary import JobState
from registry.output.models import OutputReturn
from registry.platform import clock, jobs
from registry.platform.db import reader, transaction
from registry.platform.jobs import queue
from tests.databases import ROOT
from tests.races import jobber
from tests.races.books import enter, faults, number
from tests.races.rivals import at_once, errors, meet_after

WORKERS, JOBS, RIGHTS = 4, 12, 10


def test_each_job_is_done_by_one_worker(fresh, monkeypatch):
    """Line: the condition in `claim`'s UPDATE; every worker has seen the same jobs waiting."""
    lock = Lock()
    done: Counter[int] = Counter()

    def task(job):
        with lock:
            done[job.id] += 1
        return {}

    monkeypatch.setitem(TASKS, "count", task)
    meet_after(monkeypatch, jobs, "waiting", WORKERS)
    with transaction(fresh) as session:
        numbers = [jobs.enqueue(session, "count", "jingban").id for _ in range(JOBS)]

    def work(_):
        worker = Worker(fresh)
        while worker.once(["count"]):
            pass

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS)))
    assert done == Counter(numbers)
    with reader(fresh) as session:
        found = jobs.newest(session)
    assert {(job.state, job.attempts) for job in found} == {(JobState.done, 1)}


def test_a_button_pressed_twice_at_once_makes_one_job(fresh):
    """Line: the unique key (actor, kind, key) and `insert_once`."""
    acts = [lambda session: jobs.enqueue(session, "count", "jingban", key="k", year=2025).id] * 8
    given = at_once(fresh, acts)
    assert errors(given) == []
    assert len(set(given)) == 1
    with reader(fresh) as session:
        assert len(jobs.newest(session)) == 1


def test_two_workers_see_a_new_day_at_once(fresh):
    acts = [see_to_the_night] * 4
    assert errors(at_once(fresh, acts)) == []
    with reader(fresh) as session:
        assert [job.kind for job in jobs.newest(session)] == ["nightly"]


def test_a_killed_worker_is_followed_by_another(fresh, fresh_url, tmp_path, monkeypatch):
    """Lines: the lease in `claim`, and the batches of the import: nothing is written twice."""
    enter(fresh, RIGHTS, "100 t/年")
    rows = [f"{number(at)},2025-0{month},1.5,t" for month in range(1, 6) for at in range(RIGHTS)]
    file = tmp_path / "returns.csv"
    file.write_text("\n".join(["right_no,period,quantity,unit", *rows]) + "\n")
    with transaction(fresh) as session:
        job_id = jobs.enqueue(session, "half", "system", file=str(file)).id or 0

    run = [sys.executable, "-m", "tests.races.jobber", fresh_url]
    with subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "in the middle\n"
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL

    half = jobber.BATCH * (jobber.STOP_IN - 1)
    assert kept(fresh) == half
    monkeypatch.setitem(TASKS, "half", jobber.task)
    successor = Worker(fresh)
    assert not successor.once(["half"])  # the dead worker's lease still holds
    monkeypatch.setattr(clock, "wall", lambda now=clock.wall: now() + queue.LEASE + timedelta(seconds=1))
    assert successor.once(["half"])
    with reader(fresh) as session:
        job = jobs.get(session, job_id)
    assert (job.state, job.attempts) == (JobState.done, 2)
    assert job.outcome == {"accepted": len(rows) - half, "unchanged": half}
    assert kept(fresh) == len(rows)
    assert faults(fresh) == []


def kept(engine) -> int:
    """Return how many returns are in the book."""
    with reader(engine) as session:
        return len(session.exec(select(OutputReturn.id)).all())
