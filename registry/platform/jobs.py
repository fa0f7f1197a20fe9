"""The job table: a row written in the caller's transaction is the truth about a piece of long work."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Field, Session, SQLModel, col, select

from registry.kernel.errors import NotFound
from registry.kernel.quantity import LARGEST
from registry.kernel.vocabulary import JobState
from registry.platform import clock
from registry.platform.columns import key, word
from registry.platform.db import transaction

Task = Callable[[Session, dict[str, Any]], dict[str, Any]]


class Job(SQLModel, table=True):
    """One piece of work, what it was given and what came of it."""

    __tablename__ = "job"

    id: int | None = key()
    kind: str = Field(index=True)
    input: str
    state: JobState = word(JobState, default=JobState.queued)
    actor: str
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    result: str | None = None


def enqueue(session: Session, kind: str, actor: str, **given: object) -> Job:
    """Write one job in the caller's transaction."""
    job = Job(
        kind=kind, input=json.dumps(given, ensure_ascii=False), actor=actor, created_at=clock.now(session)
    )
    session.add(job)
    session.flush()
    return job


def newest(session: Session, count: int = 50) -> list[Job]:
    """Return the newest jobs first."""
    return list(session.exec(select(Job).order_by(col(Job.id).desc()).limit(count)).all())


def run(engine: Engine, job_id: int, task: Task) -> dict[str, Any]:
    """Run one job in a transaction of its own; a failure is kept with the job and raised again."""
    with transaction(engine) as session:
        job = get(session, job_id)
        job.state, job.started_at = JobState.running, clock.now(session)
    try:
        with transaction(engine) as session:
            job = get(session, job_id)
            result = task(session, json.loads(job.input))
            _finish(session, job, JobState.done, result)
        return result
    except Exception as error:
        with transaction(engine) as session:
            _finish(session, get(session, job_id), JobState.failed, {"error": repr(error)})
        raise


def get(session: Session, job_id: int) -> Job:
    """Return a job by its number."""
    job = session.get(Job, job_id) if 0 < job_id <= LARGEST else None
    if job is None:
        raise NotFound("job", job_id)
    return job


def _finish(session: Session, job: Job, state: JobState, result: dict[str, Any]) -> None:
    job.state, job.finished_at = state, clock.now(session)
    job.result = json.dumps(result, ensure_ascii=False, default=str)
