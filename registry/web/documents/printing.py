"""The form that orders a print: the answer leads to the paper, or to the job where it takes longer."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from registry.documents.rules import read_order
from registry.identity.rules import Actor
from registry.kernel.errors import Busy, Forbidden, RegistryError
from registry.kernel.vocabulary import DocumentKind, JobState
from registry.platform.db import reader
from registry.request import Form, Posted, allowed, engine_of
from registry.request.printing import printed
from registry.web.documents.pages import listed
from registry.web.page import redirect
from registry.web.templates import new_key

router = APIRouter()


@router.post("/documents")
async def order(request: Request, actor: Annotated[Actor, allowed("report.print")], form: Posted) -> Response:
    """Order a print and go to the paper, or to the job where it takes longer; sent twice, it is one print."""
    try:
        wanted = read_order(form["kind"], _subject(actor, form), form["year"], form["edition"])
        job = await printed(request, actor, wanted, form["key"] or None)
    except (Busy, Forbidden):
        raise
    except RegistryError as error:
        return await run_in_threadpool(_shown_again, request, actor, (form, error))
    number = job.outcome.get("document") if job.state is JobState.done else None
    return redirect(f"/documents/{number}" if number else f"/jobs/{job.id}")


def _subject(actor: Actor, form: Form) -> str:
    """Return what a paper is to be about; who works for one region need not name it."""
    typed, kind = form["subject"], DocumentKind.read(form["kind"])
    own = actor.regions_permitting("report.print")
    if typed.strip() or kind is None or kind.about != "region" or len(own) != 1:
        return typed
    return own.pop()


def _shown_again(request: Request, actor: Actor, refused: tuple[Form, RegistryError]) -> Response:
    form, error = refused
    key = new_key() if error.code == "idempotency_mismatch" else form["key"] or new_key()
    typed = {name: form[name] for name in ("kind", "subject", "year", "edition")}
    with reader(engine_of(request)) as session:
        return listed(request, session, actor, typed, (error, key))
