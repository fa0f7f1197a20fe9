"""Orders a print and waits some seconds for it, without a thread, a connection or a transaction meanwhile."""

import asyncio
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from registry.documents.rules import read_order
from registry.documents.service import order_print
from registry.identity.rules import Actor
from registry.kernel.errors import Busy, Forbidden, RegistryError
from registry.kernel.vocabulary import JobState
from registry.platform import jobs
from registry.platform.db import reader, transaction
from registry.platform.jobs import Job
from registry.request import Form, Posted, allowed, engine_of
from registry.web.documents.pages import listed
from registry.web.page import redirect
from registry.web.templates import new_key
from registry.workflows.job_book import anybody_works

router = APIRouter()
PATIENCE = timedelta(seconds=5)
_LOOK = timedelta(milliseconds=200)


@router.post("/documents")
async def order(request: Request, actor: Annotated[Actor, allowed("report.print")], form: Posted) -> Response:
    """Order a print and go to the paper, or to the job where it takes longer; sent twice, it is one print."""
    engine = await run_in_threadpool(engine_of, request)
    try:
        async with request.app.state.writers:
            job = await run_in_threadpool(_place, engine, actor, form)
    except (Busy, Forbidden):
        raise
    except RegistryError as error:
        return await run_in_threadpool(_shown_again, request, engine, actor, (form, error))
    job = await _awaited(engine, job)
    number = job.outcome.get("document") if job.state is JobState.done else None
    return redirect(f"/documents/{number}" if number else f"/jobs/{job.id}")


def _place(engine: Any, actor: Actor, form: Form) -> Job:
    wanted = read_order(form["kind"], form["subject"], form["year"])
    with transaction(engine) as session:
        return order_print(session, actor, wanted, form["key"] or None)


async def _awaited(engine: Any, job: Job) -> Job:
    """Return the job when it is over, or as it stands when patience ends; nobody waits where nobody works."""
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE.total_seconds()
    while not job.is_over and loop.time() < until:
        found, is_attended = await run_in_threadpool(_look, engine, job.id or 0)
        if found.is_over or not is_attended:
            return found
        await asyncio.sleep(_LOOK.total_seconds())
    return job


def _look(engine: Any, number: int) -> tuple[Job, bool]:
    with reader(engine) as session:
        return jobs.get(session, number), anybody_works(session)


def _shown_again(
    request: Request, engine: Any, actor: Actor, refused: tuple[Form, RegistryError]
) -> Response:
    form, error = refused
    key = new_key() if error.code == "idempotency_mismatch" else form["key"] or new_key()
    typed = {name: form[name] for name in ("kind", "subject", "year")}
    with reader(engine) as session:
        return listed(request, session, actor, typed, (error, key))
