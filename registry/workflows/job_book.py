"""The jobs that somebody may see, end and repeat: by the regions they are about and the roles held now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session, and_, col, exists, func, or_, select, true

from registry.identity.queries import visible
from registry.identity.rules import Actor
from registry.kernel.errors import Forbidden, NotFound
from registry.kernel.vocabulary import JobState
from registry.platform import audit, clock, jobs
from registry.platform.jobs import Job, JobRegion
from registry.regions.queries import top

_READ, _ADMINISTERS, _AUDITS = "job.read", "user.manage", "audit.read"
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
    holds = [seen_by(session, actor), *([col(Job.state) == state] if state else [])]
    total = session.exec(select(func.count(col(Job.id))).where(*holds)).one()
    statement = select(Job).where(*holds).order_by(col(Job.id).desc()).offset(first).limit(count)
    return JobPage(session.exec(statement).all(), total)


def jobs_behind(
    session: Session, actor: Actor, state: JobState | None, behind: int | None, most: int
) -> Sequence[Job]:
    """Return the jobs that an actor may see, the newest first, behind the one of this number."""
    holds = [seen_by(session, actor), *([col(Job.state) == state] if state else [])]
    if behind is not None:
        holds.append(col(Job.id) < behind)
    return session.exec(select(Job).where(*holds).order_by(col(Job.id).desc()).limit(most)).all()


def job_for(session: Session, actor: Actor, number: int) -> Job:
    """Return a job that an actor may see.

    Raises:
        NotFound: there is no such job, it is somebody else's, or about another jurisdiction.
    """
    found = session.exec(select(Job).where(Job.id == number, seen_by(session, actor))).first()
    if found is None:
        raise NotFound("job", number)
    return found


def cancel_job(session: Session, actor: Actor, number: int) -> Job:
    """Ask for a job to end; see `may_end`.

    Raises:
        NotFound: see `job_for`.
        Forbidden: the actor may only look at it.
        JobOver: it is over.
    """
    job = _for_ending(session, actor, number)
    _note(session, actor, job, "job.cancel")
    return jobs.cancel(session, number)


def repeat_job(session: Session, actor: Actor, number: int) -> Job:
    """Let a job that failed or was cancelled be done once more, in the name of whoever ordered it.

    Raises:
        NotFound: see `job_for`.
        Forbidden: the actor may only look at it.
        JobDone: it has its result.
    """
    job = _for_ending(session, actor, number)
    _note(session, actor, job, "job.repeat")
    return jobs.again(session, number)


def may_end(session: Session, actor: Actor, job: Job) -> bool:
    """Tell whether somebody who may see a job may end or repeat it: its orderer and its administrators."""
    if actor.is_system or job.actor == actor.name:
        return True
    of_regions = session.exec(select(JobRegion).where(JobRegion.job_id == job.id)).first() is not None
    # one about regions is seen by others only as their office; one on the whole book by its auditors too
    return of_regions or top(session) in actor.regions_permitting(_ADMINISTERS)


def _for_ending(session: Session, actor: Actor, number: int) -> Job:
    job = job_for(session, actor, number)
    if not may_end(session, actor, job):
        raise Forbidden(_ADMINISTERS, actor.name)
    return job


def anybody_works(session: Session) -> bool:
    """Tell whether a worker has given a sign of life of late."""
    seen = jobs.seen_at(session)
    return seen is not None and clock.wall() - seen < _SILENT


def _note(session: Session, actor: Actor, job: Job, act: str) -> None:
    homes = sorted({region for _, region in actor.roles}, reverse=True)
    region = homes[0] if homes else job.region or top(session)
    audit.note(session, region, actor.name, act, str(job.id), kind=job.kind, ordered_by=job.actor)


def seen_by(session: Session, actor: Actor) -> Any:
    """Return the condition of the jobs that an actor may see, by the roles held now.

    One's own need a role in every region that they are about, and an administrator sees those that are
    about the jurisdiction alone. Work on the whole book is its orderer's, and everybody's who administers
    or audits the region above all others.
    """
    if actor.is_system:
        return col(Job.id).is_not(None)
    whole = ~_about()
    own = and_(col(Job.actor) == actor.name, or_(whole, _within(visible(session, actor, _READ))))
    office = and_(~whole, _within(visible(session, actor, _ADMINISTERS)))
    places = [place for act in (_ADMINISTERS, _AUDITS) for place in actor.regions_permitting(act)]
    return or_(own, office, whole) if places and top(session) in places else or_(own, office)


def _about(*holds: Any) -> Any:
    return exists().where(col(JobRegion.job_id) == col(Job.id), *holds)


def _within(codes: Collection[str] | None) -> Any:
    """Return the condition that no region of a job lies outside these; None stands for all of them."""
    return true() if codes is None else ~_about(col(JobRegion.region).not_in(codes))
