"""Orders many papers as one job, and gives their archive once it is done."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from registry.documents.service import batch_for, order_batch, read_batch
from registry.identity.rules import Actor
from registry.kernel.errors import Busy, Forbidden, NotFound, RegistryError
from registry.platform import files
from registry.platform.db import transaction
from registry.request import Posted, Reader, allowed, engine_of
from registry.settings import settings
from registry.web.documents.batch_form import batch_form, batch_typed
from registry.web.documents.pages import listed
from registry.web.downloads import stored_answer
from registry.web.jobs import known
from registry.web.page import redirect
from registry.web.templates import new_key

router = APIRouter()


@router.post("/documents/batch")
def order(
    request: Request, session: Reader, actor: Annotated[Actor, allowed("report.print")], form: Posted
) -> Response:
    """Order what a filter finds and go to the job; sent twice, it is one job."""
    typed = batch_typed(form)
    key = form["key"] or new_key()
    try:
        batch = read_batch(session, actor, typed["kind"], typed["year"], typed)
        with transaction(engine_of(request)) as writing:
            number = order_batch(writing, actor, batch, key).id
    except (Busy, Forbidden):
        raise
    except RegistryError as error:
        key = new_key() if error.code == "idempotency_mismatch" else key
        return listed(request, session, actor, {}, batch=batch_form(typed, error, key))
    return redirect(f"/jobs/{number}")


@router.api_route("/jobs/{number}.zip", methods=["GET", "HEAD"])
def archive(session: Reader, actor: Annotated[Actor, allowed("documents.read")], number: str) -> FileResponse:
    """Give the archive of a batch that is done to whoever may see the job and every paper in it."""
    job, batch = batch_for(session, actor, known(number))
    digest = job.outcome.get("archive")
    if digest is None:
        raise NotFound("file", number)
    path = files.whole(settings().files_dir, digest)
    year = f"-{batch.year}" if batch.year else ""
    return stored_answer(path, f"{batch.kind.label}{year}-{job.id}.zip", "application/zip")
