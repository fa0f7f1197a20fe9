"""Does one job: its progress in short transactions of its own, its outcome kept with the row."""

import json
from collections.abc import Callable, Mapping
from threading import Event
from time import monotonic_ns
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from registry.kernel.errors import Busy, Refused, RegistryError
from registry.kernel.vocabulary import JobState
from registry.platform.db import transaction
from registry.platform.jobs.models import Job
from registry.platform.jobs.queue import MOST_ATTEMPTS, claim, finish, get, give_back, held
from registry.platform.trouble import as_ours

EVERY = 500_000_000  # nanoseconds between two writes of a job's progress
_COMMAND_LINE = "command line"


class Cancelled(Exception):
    """The actor has asked for the job to end; what its finished steps wrote stays."""


class LeaseLost(Exception):
    """Another worker has taken the job over, because this one was silent for too long."""


class Stopping(Exception):
    """The worker is being stopped; the job waits for the next one."""


class JobHeld(Refused):
    """Somebody else is doing the job just now."""

    code = "job_held"


class JobAbandoned(RegistryError):
    """The job has brought down every worker that took it."""

    code = "job_abandoned"


class Running:
    """A job while it is done: what it was given, in whose name, and where its progress goes."""

    def __init__(self, engine: Engine, job: Job, worker: str, stop: Event | None = None) -> None:
        self.engine = engine
        self.id = job.id or 0
        self.kind = job.kind
        self.given = job.given
        self.actor = job.actor
        self.mark = job.mark
        self.worker = worker
        self.done = job.done
        self.total = job.total
        self._stop = stop or Event()
        self._written = 0

    def progress(self, done: int, total: int | None = None, label: str | None = None) -> None:
        """Tell how many steps of how many are done, and what is being done; call it between two steps.

        It never stands inside a transaction of the task. The first call and what comes half a second
        after another are written.

        Raises:
            Cancelled, LeaseLost, Stopping: the task has to end here; what it has committed stays.
        """
        self.done, self.total = done, total if total is not None else self.total
        if self._stop.is_set():
            raise Stopping
        now = monotonic_ns()
        if self._written and now - self._written < EVERY:
            return
        self._written = now
        said = {"done": self.done, "total": self.total, **({"label": label} if label is not None else {})}
        with transaction(self.engine) as session:
            asked = held(session, self.id, self.worker, said)
        if asked is None:
            raise LeaseLost
        if asked:
            raise Cancelled

    def advance(self, steps: int) -> None:
        """Tell that so many more steps are done; see `progress`."""
        self.progress(self.done + steps)


Task = Callable[[Running], Mapping[str, Any]]


def in_one_transaction(act: Callable[[Session], Mapping[str, Any]]) -> Task:
    """Return the task that does an act in one transaction."""

    def task(job: Running) -> Mapping[str, Any]:
        with transaction(job.engine) as session:
            return act(session)

    return task


def run(engine: Engine, job_id: int, task: Task) -> Mapping[str, Any]:
    """Do one job here and now, without a worker; a failure is kept with the job and raised again.

    Raises:
        JobHeld: somebody else is doing it, or it has its outcome.
    """
    with transaction(engine) as session:
        job = claim(session, get(session, job_id).id or 0, _COMMAND_LINE)
    if job is None:
        raise JobHeld(job=job_id)
    return perform(Running(engine, job, _COMMAND_LINE), task)


def perform(job: Running, task: Task) -> Mapping[str, Any]:
    """Do a job that has been claimed, and keep what came of it with its row.

    Raises:
        Cancelled, Stopping, LeaseLost: the row says so too, or says what the next worker made of it.
        Exception: whatever the task raised; its code and facts are kept.
    """
    try:
        result = task(job)
    except (Cancelled, Stopping, LeaseLost) as ended:
        _end(job, ended)
        raise
    except Exception as error:
        _fail(job, error)
        raise
    with transaction(job.engine) as session:
        told = json.dumps(result, ensure_ascii=False, default=str)
        total = job.total if job.total is not None else job.done
        finish(session, job.id, job.worker, JobState.done, result=told, done=total, total=total)
    return result


def abandon(engine: Engine, job: Job) -> bool:
    """Give up a job just claimed that too many workers have not survived; tell whether it was given up."""
    if job.attempts <= MOST_ATTEMPTS:
        return False
    _fail(Running(engine, job, job.worker or ""), JobAbandoned(job=job.id, attempts=job.attempts - 1))
    return True


def _end(job: Running, ended: Exception) -> None:
    with transaction(job.engine) as session:
        if isinstance(ended, Cancelled):
            finish(session, job.id, job.worker, JobState.cancelled, done=job.done)
        elif isinstance(ended, Stopping):
            give_back(session, job.id, job.worker, counted=False)


def _fail(job: Running, error: Exception) -> None:
    """Keep the code and facts of a failure; a task that found the book busy waits for another try."""
    told = as_ours(error)
    with transaction(job.engine) as session:
        if isinstance(told, Busy) and get(session, job.id).attempts < MOST_ATTEMPTS:
            give_back(session, job.id, job.worker, counted=True)
            return
        facts = json.dumps(told.facts, ensure_ascii=False, default=str)
        failed = {"error_code": told.code, "error_facts": facts, "done": job.done}
        finish(session, job.id, job.worker, JobState.failed, **failed)
