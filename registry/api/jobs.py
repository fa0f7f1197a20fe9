"""Jobs: one's own, and those of the office for whoever administers it."""

from typing import Annotated, Any

from fastapi import APIRouter

from registry.api.paging import after, listed
from registry.api.shapes.common import Listed
from registry.api.shapes.documents import JobOut
from registry.api.shapes.inputs import USUAL_ROWS, Cursor, Id, Limit
from registry.api.strict import StrictRoute
from registry.api.told import moment, why
from registry.identity.rules import Actor
from registry.kernel.vocabulary import JobState
from registry.platform.jobs import Job
from registry.request import Reader, allowed
from registry.workflows.job_book import job_for, jobs_behind

router = APIRouter(prefix="/jobs", tags=["jobs"], route_class=StrictRoute)
_LIST = "jobs"


@router.get("", response_model=Listed[JobOut], summary="后台任务")
def get_jobs(
    actor: Annotated[Actor, allowed("job.read")],
    session: Reader,
    state: JobState | None = None,
    cursor: Cursor = None,
    limit: Limit = USUAL_ROWS,
) -> dict[str, Any]:
    """List jobs, the newest first."""
    [behind] = after(cursor, _LIST, int) or [None]
    rows = jobs_behind(session, actor, state, behind, limit + 1)
    return listed(_LIST, rows, limit, lambda job: (job.id or 0,), _told)


@router.get("/{id}", response_model=JobOut, summary="一个后台任务")
def get_job(actor: Annotated[Actor, allowed("job.read")], session: Reader, job: Id) -> dict[str, Any]:
    """Give one job: how far it is, what came of it, or why it failed."""
    return _told(job_for(session, actor, job))


def _told(job: Job) -> dict[str, Any]:
    code = job.error_code
    return {
        "id": job.id, "kind": job.kind, "state": job.state, "actor": job.actor, "region": job.region,
        "done": job.done, "total": job.total, "label": job.label, "created_at": moment(job.created_at),
        "started_at": moment(job.started_at), "finished_at": moment(job.finished_at),
        "result": job.outcome,
        "error": {"code": code, "message": why(job)} if code else None,
    }  # fmt: skip
