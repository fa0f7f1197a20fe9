"""Orders a print and waits some seconds for it, without a thread, a connection or a transaction meanwhile."""

import asyncio
from datetime import timedelta

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine

from registry.documents.rules import Order
from registry.documents.service import order_print
from registry.identity.rules import Actor
from registry.platform import jobs
from registry.platform.db import reader, transaction
from registry.platform.jobs import Job
from registry.request.database import engine_of
from registry.workflows.job_book import anybody_works

PATIENCE = timedelta(seconds=5)
_LOOK = timedelta(milliseconds=200)


async def printed(request: Request, actor: Actor, order: Order, key: str | None = None) -> Job:
    """Return the job of a print when it is over, or as it stands when patience ends; sent twice, it is one.

    Raises:
        RegistryError: there is nothing to print, or not for them.
    """
    engine = await run_in_threadpool(engine_of, request)
    async with request.app.state.writers:
        job = await run_in_threadpool(_place, engine, actor, order, key)
    return await _awaited(engine, job)


def _place(engine: Engine, actor: Actor, order: Order, key: str | None) -> Job:
    with transaction(engine) as session:
        return order_print(session, actor, order, key)


async def _awaited(engine: Engine, job: Job) -> Job:
    """Return the job when it is over, or as it stands when patience ends; nobody waits where nobody works."""
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE.total_seconds()
    while not job.is_over and loop.time() < until:
        found, is_attended = await run_in_threadpool(_look, engine, job.id or 0)
        if found.is_over or not is_attended:
            return found
        await asyncio.sleep(_LOOK.total_seconds())
    return job


def _look(engine: Engine, number: int) -> tuple[Job, bool]:
    with reader(engine) as session:
        return jobs.get(session, number), anybody_works(session)
