"""The jobs that somebody may see and end: their own, and those of their office if they administer it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, func, or_, select

from registry.identity.models import UserRole
from registry.identity.queries import visible
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.errors import NotFound
from registry.kernel.vocabulary import JobState
from registry.platform import audit, clock, jobs
from registry.platform.jobs import Job
from registry.regions.queries import top

_ADMINISTERS = "user.manage"
_SILENT = timedelta(minutes=2)  # without a sign of life, after which no worker is taken to be there


@dataclass(frozen=True, slots=True)
class JobPage:
    """One page of jobs, the newest first, and how many there are in all."""

    jobs: Sequence[Job]
    total: int


def jobs_page(
    session: Session, actor: Actor, state: JobState | None = None, first: int = 0, count: int = 50
) -> JobPage:
    """Return the jobs that an actor may see, in one state or in any."""
    holds = [_visible(session, actor), *([col(Job.state) == state] if state else [])]
    total = session.exec(select(func.count(col(Job.id))).where(*holds)).one()
    statement = select(Job).where(*holds).order_by(col(Job.id).desc()).offset(first).limit(count)
    return JobPage(session.exec(statement).all(), total)


def jobs_behind(
    session: Session, actor: Actor, state: JobState | None, behind: int | None, most: int
) -> Sequence[Job]:
    """Return the jobs that an actor may see, the newest first, behind the one of this number."""
    holds = [_visible(session, actor), *([col(Job.state) == state] if state else [])]
    if behind is not None:
        holds.append(col(Job.id) < behind)
    return session.exec(select(Job).where(*holds).order_by(col(Job.id).desc()).limit(most)).all()


def job_for(session: Session, actor: Actor, number: int) -> Job:
    """Return a job that an actor may see.

    Raises:
        NotFound: there is no such job, or it is somebody else's.
    """
    found = session.exec(select(Job).where(Job.id == number, _visible(session, actor))).first()
    if found is None:
        raise NotFound("job", number)
    return found


def cancel_job(session: Session, actor: Actor, number: int) -> Job:
    """Ask for a job to end; who may see it may end it.

    Raises:
        NotFound: see `job_for`.
        JobOver: it is over.
    """
    job = job_for(session, actor, number)
    _note(session, actor, job, "job.cancel")
    return jobs.cancel(session, number)


def repeat_job(session: Session, actor: Actor, number: int) -> Job:
    """Let a job that failed or was cancelled be done once more, in the name of whoever ordered it.

    Raises:
        NotFound: see `job_for`.
        JobDone: it has its result.
    """
    job = job_for(session, actor, number)
    _note(session, actor, job, "job.repeat")
    return jobs.again(session, number)


def anybody_works(session: Session) -> bool:
    """Tell whether a worker has given a sign of life of late."""
    seen = jobs.seen_at(session)
    return seen is not None and clock.wall() - seen < _SILENT


def _note(session: Session, actor: Actor, job: Job, act: str) -> None:
    homes = sorted({region for _, region in actor.roles}, reverse=True)
    region = homes[0] if homes else job.region or top(session)
    audit.note(session, region, actor.name, act, str(job.id), kind=job.kind, ordered_by=job.actor)


def _visible(session: Session, actor: Actor) -> Any:
    """Return the condition of the jobs that an actor may see.

    An administrator sees what people of the jurisdiction have ordered, what is about it, and the
    registry's own nightly work.
    """
    own = col(Job.actor) == actor.name
    if not (actor.is_system or actor.regions_permitting(_ADMINISTERS)):
        return own
    codes = visible(session, actor, _ADMINISTERS)
    if codes is None:
        return col(Job.id).is_not(None)
    people = select(UserRole.user).where(col(UserRole.region).in_(codes))
    return or_(own, col(Job.region).in_(codes), col(Job.actor).in_(people), col(Job.actor) == SYSTEM.name)
