"""Writes jobs, hands them out one to one worker, and finds them again."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, update
from sqlmodel import Session, col, func, select

from registry.kernel.errors import Invalid, NotFound, Refused
from registry.kernel.quantity import LARGEST
from registry.kernel.vocabulary import JobState
from registry.platform import clock
from registry.platform.db import locked
from registry.platform.jobs.models import Job, JobRegion, WorkerSeen
from registry.platform.rows import insert_rows, table_of
from registry.platform.upsert import insert_once, upsert

LEASE = timedelta(seconds=90)
MOST_ATTEMPTS = 5  # a job that has brought down so many workers is given up
_FORGET_WORKERS = timedelta(days=1)
_JOB = table_of(Job)


class JobDone(Refused):
    """The job has its result; a second run would write over it."""

    code = "job_done"


class JobOver(Refused):
    """The job is over: there is nothing left to cancel."""

    code = "job_over"


def enqueue(
    session: Session,
    kind: str,
    actor: str,
    /,
    *,
    about: Collection[str] = (),
    mark: int | None = None,
    key: str | None = None,
    **given: object,
) -> Job:
    """Write one job in the caller's transaction; the same actor, kind and key give the job that is there.

    `about` names the regions by which it is shown, none for work on the whole book; `mark` is how far the
    book had come. Sent again under its key, a job keeps both as they were.

    Raises:
        Invalid: the key names a job that was given something else (`idempotency_mismatch`).
    """
    row: dict[str, Any] = {
        "kind": kind, "input": json.dumps(given, ensure_ascii=False, default=str), "actor": actor,
        "region": next(iter(about)) if len(about) == 1 else None, "mark": mark, "key": key or None,
        "created_at": clock.now(session),
    }  # fmt: skip
    if not key:
        job = Job(**row)
        session.add(job)
        session.flush()
        _place(session, job, about)
        return job
    filled = row | {"state": JobState.queued, "done": 0, "attempts": 0, "cancel_asked": False}
    is_new = insert_once(session, Job, filled, ["actor", "kind", "key"])
    job = session.exec(select(Job).where(Job.actor == actor, Job.kind == kind, Job.key == key)).one()
    if job.input != row["input"]:
        raise Invalid("idempotency_mismatch", "key", key)
    if is_new:
        _place(session, job, about)
    return job


def _place(session: Session, job: Job, about: Collection[str]) -> None:
    if about:
        insert_rows(session, JobRegion, [{"job_id": job.id, "region": one} for one in sorted(set(about))])


def get(session: Session, job_id: int) -> Job:
    """Return a job by its number."""
    job = session.get(Job, job_id) if 0 < job_id <= LARGEST else None
    if job is None:
        raise NotFound("job", job_id)
    return job


def newest(session: Session, count: int = 50) -> list[Job]:
    """Return the newest jobs first."""
    return list(session.exec(select(Job).order_by(col(Job.id).desc()).limit(count)).all())


def last_of(session: Session, kind: str) -> Job | None:
    """Return the newest job of a kind."""
    return session.exec(select(Job).where(Job.kind == kind).order_by(col(Job.id).desc()).limit(1)).first()


def waiting(session: Session, kinds: Collection[str], count: int = 20) -> list[int]:
    """Return the numbers of jobs that nobody does, the oldest first; a look without a lock."""
    statement = select(Job.id).where(_is_free(clock.wall()), col(Job.kind).in_(kinds))
    return [number or 0 for number in session.exec(statement.order_by(col(Job.id)).limit(count)).all()]


def _is_free(moment: datetime) -> Any:
    """Return the condition under which a job may be taken: it waits, or its worker's lease has ended."""
    expired = and_(col(Job.state) == JobState.running, col(Job.leased_until) < moment)
    return or_(col(Job.state) == JobState.queued, expired)


def claim(session: Session, job_id: int, worker: str) -> Job | None:
    """Take a job that nobody does; None when another was quicker.

    The update itself is the lock: of two workers the second finds the condition no longer true.
    """
    moment = clock.wall()
    taken = (
        update(_JOB)
        .where(_JOB.c.id == job_id, _is_free(moment))
        .values(
            state=JobState.running, worker=worker, leased_until=moment + LEASE,
            started_at=func.coalesce(_JOB.c.started_at, clock.now(session)), attempts=_JOB.c.attempts + 1,
        )
        .returning(_JOB.c.id)
    )  # fmt: skip
    if session.connection().execute(taken).first() is None:
        return None
    return session.get(Job, job_id, populate_existing=True)


def held(session: Session, job_id: int, worker: str, values: Mapping[str, Any]) -> bool | None:
    """Write to a job that this worker holds; tell whether it shall be cancelled, None when it is not ours."""
    holds = (_JOB.c.id == job_id, _JOB.c.worker == worker, _JOB.c.state == JobState.running)
    renewed = {"leased_until": clock.wall() + LEASE, **values}
    statement = update(_JOB).where(*holds).values(renewed).returning(_JOB.c.cancel_asked)
    row = session.connection().execute(statement).first()
    return None if row is None else bool(row[0])


def prolong(session: Session, job_id: int, worker: str) -> bool:
    """Prolong the lease of a job that this worker holds; tell whether it does hold it."""
    return held(session, job_id, worker, {}) is not None


def finish(session: Session, job_id: int, worker: str, state: JobState, **values: object) -> bool:
    """Close a job that this worker holds; tell whether it did hold it."""
    over = {"state": state, "worker": None, "leased_until": None, "finished_at": clock.now(session)}
    return held(session, job_id, worker, over | values) is not None


def give_back(session: Session, job_id: int, worker: str, *, counted: bool) -> None:
    """Let a job wait again, for this worker or another; what stopped it may count as an attempt."""
    attempts = _JOB.c.attempts if counted else _JOB.c.attempts - 1
    waits = {"state": JobState.queued, "worker": None, "leased_until": None, "attempts": attempts}
    held(session, job_id, worker, waits)


def cancel(session: Session, job_id: int) -> Job:
    """Ask for a job to be cancelled: one that waits is over at once, one that runs ends between two steps.

    Raises:
        JobOver: it is done, failed or cancelled already.
    """
    over = {"state": JobState.cancelled, "finished_at": clock.now(session), "cancel_asked": True}
    at_once = update(_JOB).where(_JOB.c.id == job_id, _JOB.c.state == JobState.queued).values(over)
    later = (
        update(_JOB).where(_JOB.c.id == job_id, _JOB.c.state == JobState.running).values(cancel_asked=True)
    )
    for statement in (at_once, later):
        if session.connection().execute(statement.returning(_JOB.c.id)).first() is not None:
            return session.get_one(Job, job_id, populate_existing=True)
    raise JobOver(job=get(session, job_id).id)


def again(session: Session, job_id: int) -> Job:
    """Let a job that failed or was cancelled wait once more; one that waits or runs stays as it is.

    Raises:
        JobDone: it is done.
    """
    [job] = locked(session, select(Job).where(Job.id == get(session, job_id).id))
    if job.state is JobState.done:
        raise JobDone(job=job.id)
    if job.is_over:
        job.state, job.attempts, job.cancel_asked = JobState.queued, 0, False
        job.error_code = job.error_facts = job.finished_at = None
        session.add(job)
        session.flush()
    return job


def tell_alive(session: Session, worker: str, started_at: datetime) -> None:
    """Note a worker's sign of life, and forget workers that gave none for a day."""
    moment = clock.wall()
    row: Mapping[str, object] = {"name": worker, "started_at": started_at, "seen_at": moment}
    upsert(session, WorkerSeen, [row], ["name"], {"seen_at": "set"}, ["name"])
    seen = table_of(WorkerSeen)
    session.connection().execute(delete(seen).where(seen.c.seen_at < moment - _FORGET_WORKERS))


def tell_gone(session: Session, worker: str) -> None:
    """Take a worker that ends in good order off those that were seen."""
    seen = table_of(WorkerSeen)
    session.connection().execute(delete(seen).where(seen.c.name == worker))


def seen_at(session: Session) -> datetime | None:
    """Return when a worker was last seen, by the machine's clock."""
    return session.exec(select(func.max(WorkerSeen.seen_at))).one()
