"""Long work: what waits, how far it is, what came of it; to be left and found again."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from registry.documents.service import BATCH, PRINT, given_batch
from registry.identity.rules import Actor
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.vocabulary import DocumentKind, JobState, UploadKind
from registry.platform import clock
from registry.platform.jobs import Job, JobDone, JobOver
from registry.regions.queries import names
from registry.request import Reader, Transaction, allowed
from registry.web.page import page, redirect
from registry.web.paging import SIZE, Paging, offset, read_page
from registry.wording import JOBS, RESULTS, say
from registry.workflows.job_book import anybody_works, cancel_job, job_for, jobs_page, may_end, repeat_job

router = APIRouter()
_READ = "job.read"
_LONGEST_NUMBER = 18
_IMPORTS = tuple(kind.value for kind in UploadKind)
JobActor = Annotated[Actor, allowed(_READ)]


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as pages show it: what it is called and about, where its result stands, why it failed."""

    job: Job
    name: str
    about: str
    result: str | None
    counts: tuple[tuple[str, object], ...]
    trouble: str | None


@router.api_route("/jobs", methods=["GET", "HEAD"])
def job_list(request: Request, session: Reader, actor: JobActor) -> HTMLResponse:
    """Show one's own jobs, and those of the office to whoever administers it."""
    query = {"state": request.query_params.get("state", "")}
    state = _state(query["state"])
    number = read_page(request.query_params.get("page", ""))
    found = jobs_page(session, actor, state, offset(number), SIZE)
    facts = {
        "rows": [row_of(job, names(session)) for job in found.jobs],
        "state": state,
        "states": list(JobState),
        "is_open": any(not job.is_over for job in found.jobs),
        "is_unattended": _waits(found.jobs) and not anybody_works(session),
        "paging": Paging("/jobs", query, number, found.total),
    }
    return page(request, session, actor, "jobs/list.html", facts)


@router.api_route("/jobs/{number}", methods=["GET", "HEAD"])
def one_job(request: Request, session: Reader, actor: JobActor, number: str) -> HTMLResponse:
    """Show one job: how far it is, and what came of it."""
    job = job_for(session, actor, known(number))
    facts = {
        "row": row_of(job, names(session)),
        "may_end": may_end(session, actor, job),
        "is_unattended": job.state is JobState.queued and not anybody_works(session),
    }
    return page(request, session, actor, "jobs/one.html", facts)


@router.post("/jobs/{number}/cancel")
def cancel(session: Transaction, actor: JobActor, number: str) -> Response:
    """Ask for a job to end; one that has ended meanwhile shows its result."""
    with suppress(JobOver), session.begin_nested():
        cancel_job(session, actor, known(number))
    return redirect(f"/jobs/{known(number)}")


@router.post("/jobs/{number}/repeat")
def repeat(session: Transaction, actor: JobActor, number: str) -> Response:
    """Let a job that failed or was cancelled be done once more."""
    with suppress(JobDone), session.begin_nested():
        repeat_job(session, actor, known(number))
    return redirect(f"/jobs/{known(number)}")


def row_of(job: Job, places: Mapping[str, str]) -> JobRow:
    """Return a job as pages show it; `places` are the names of regions by their codes."""
    return JobRow(
        job=job,
        name=JOBS.get(job.kind, job.kind),
        about=_about(job, places),
        result=_result(job),
        counts=_counts(job),
        trouble=say(job.error_code, job.trouble) if job.error_code else None,
    )


def _waits(found: Sequence[Job]) -> bool:
    return any(job.state is JobState.queued for job in found)


def _counts(job: Job) -> tuple[tuple[str, object], ...]:
    """Return what a job has counted, where it found anything."""
    return tuple((RESULTS[name], value) for name, value in job.outcome.items() if value and name in RESULTS)


def _about(job: Job, places: Mapping[str, str]) -> str:
    given = job.given
    if job.kind == BATCH:
        batch = given_batch(job.given)
        return f"{batch.kind.label} {f'{batch.year} 年 ' if batch.year else ''}{len(batch.subjects)} 份"
    if job.kind == PRINT:
        kind = DocumentKind.read(given["kind"])
        year = f"{given['year']} 年" if given["year"] else ""
        subject = str(given["subject"])  # a right, or a region as somebody wrote it
        parts = (kind.label if kind else "", places.get(subject, subject), year, given.get("edition", ""))
        return " ".join(part for part in parts if part)
    return str(given.get("name") or clock.local_day(job.created_at))


def _result(job: Job) -> str | None:
    """Return the address at which the result of a job stands."""
    if job.kind in _IMPORTS:
        return f"/imports/{job.id}"
    if job.outcome.get("archive"):
        return f"/jobs/{job.id}.zip"
    number = job.outcome.get("document")
    return f"/documents/{quote(str(number))}" if number else None


def _state(text: str) -> JobState | None:
    found = JobState.read(text) if text else None
    if text and found is None:
        accepted = "、".join(one.label for one in JobState)
        raise Invalid("word_unknown", "state", text, accepted=accepted, called="status")
    return found


def known(number: str) -> int:
    """Return the number of a job as it stands in an address.

    Raises:
        NotFound: it is no number that a job may have.
    """
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER):
        raise NotFound("job", number)
    return int(number)
