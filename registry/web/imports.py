"""Tables are uploaded here, imported by a job, and reported on row by row."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from registry.identity.rules import Actor
from registry.kernel.errors import Busy, Forbidden, Invalid, RegistryError
from registry.kernel.vocabulary import JobState, Severity, UploadKind
from registry.output.service.importing import RETURNED
from registry.platform import clock
from registry.platform.db import transaction
from registry.platform.jobs import Job
from registry.platform.sheets import MEDIA_TYPE, Sheet
from registry.platform.tables import guarded
from registry.request import Form, Posted, Reader, allowed, engine_of
from registry.settings import settings
from registry.web.alarms.rows import AlarmRow, row_of
from registry.web.downloads import file_answer, sheet_answer
from registry.web.forms import FORM, field_errors, status_of
from registry.web.jobs import known
from registry.web.page import page, redirect
from registry.web.templates import new_key
from registry.wording import FIELDS, say
from registry.workflows.job_book import anybody_works
from registry.workflows.return_form import own_rights
from registry.workflows.uploads import (
    MOST_BYTES,
    PERMISSION,
    Order,
    for_good,
    import_job,
    newest_imports,
    place,
    rejected_rows,
    report_of,
    return_template,
    take_in,
)

router = APIRouter()
_RECORD, _READ = "output.record", "job.read"
_SHOWN = 200  # rejected rows and doubts that a page lists; the file has all
_FIELDS = ("kind", "dry_run", "correct", "reason")


@router.api_route("/imports", methods=["GET", "HEAD"])
def form(request: Request, session: Reader, actor: Annotated[Actor, allowed(_RECORD)]) -> HTMLResponse:
    """Show the form for a table, and the imports of whoever asks."""
    typed = {name: request.query_params.get(name, "") for name in _FIELDS}
    return _form(request, session, actor, (typed, new_key()))


@router.post("/imports")
def send(
    request: Request, session: Reader, actor: Annotated[Actor, allowed(_RECORD)], form: Posted
) -> Response:
    """Take a table in and let a job import it; sent twice, it is the same job."""
    typed, key = {name: form[name].strip() for name in _FIELDS}, form["key"] or new_key()
    try:
        order = _tried(session, actor, form["tried"]) if form["tried"] else _order(form)
        taken = take_in(actor, order, settings().files_dir)
        with transaction(engine_of(request)) as writing:
            number = place(writing, actor, order, taken, key).id
    except (Busy, Forbidden):
        raise
    except RegistryError as error:
        key = new_key() if error.code == "idempotency_mismatch" else key
        return _form(request, session, actor, (typed, key), error)
    return redirect(f"/imports/{number}")


def _tried(session: Session, actor: Actor, number: str) -> Order:
    """Return the order that enters for good what a trial run of the actor has judged."""
    return for_good(import_job(session, actor, known(number)), settings().files_dir)


def _order(form: Form) -> Order:
    kind, upload = UploadKind.read(form["kind"]), form.upload("file")
    if kind is None:
        raise Invalid("word_unknown", "kind", form["kind"], accepted="、".join(k.label for k in UploadKind))
    if upload is None:
        raise Invalid("value_missing", "file", "", accepted="CSV（UTF-8、GB18030）, XLSX")
    correct = bool(form["correct"]) and kind is UploadKind.returns
    reason = form["reason"] if correct else ""
    return Order(kind, upload.name, upload.content, bool(form["dry_run"]), correct, reason)


def _form(
    request: Request, session: Session, actor: Actor, sent: tuple[Mapping[str, str], str],
    error: RegistryError | None = None,
) -> HTMLResponse:  # fmt: skip
    typed, key = sent
    errors = {FORM if name == "key" else name: told for name, told in _errors(error).items()}
    kinds = [kind for kind in UploadKind if actor.regions_permitting(PERMISSION[kind])]
    return page(request, session, actor, "imports/form.html", {
        "typed": typed, "key": key, "errors": errors, "kinds": kinds, "most": MOST_BYTES // 2**20,
        "jobs": newest_imports(session, actor),
    }, status_of(error) if error else 200)  # fmt: skip


def _errors(error: RegistryError | None) -> dict[str, dict[str, str]]:
    return {} if error is None else field_errors(error)


@router.api_route("/imports/template.xlsx", methods=["GET", "HEAD"])
def template(session: Reader, actor: Annotated[Actor, allowed(_RECORD)]) -> Response:
    """Give an empty table of returns with the rights of whoever asks."""
    today = clock.today(session)
    content = return_template(own_rights(session, actor), today)
    return file_answer(content, f"产量报表模板-{today}.xlsx", MEDIA_TYPE)


@router.api_route("/imports/{number}", methods=["GET", "HEAD"])
def one(
    request: Request, session: Reader, actor: Annotated[Actor, allowed(_READ)], number: str
) -> HTMLResponse:
    """Show how far an import is, and what came of it."""
    job = import_job(session, actor, known(number))
    report = report_of(job, settings().files_dir)
    facts = {
        "job": job,
        "kind": UploadKind(job.kind),
        "given": job.given,
        "counts": job.outcome,
        "trouble": say(job.error_code, job.trouble) if job.error_code else None,
        "is_unattended": job.state is JobState.queued and not anybody_works(session),
        "rejected": [_said(row) for row in report.rejected[:_SHOWN]] if report else [],
        "warnings": [_said(row) for row in report.warnings[:_SHOWN]] if report else [],
        "alarms": _urgent_first(report.alarms)[:_SHOWN] if report else [],
        "faults": len(report.rejected) if report else 0,
        "shown": _SHOWN,
    }
    return page(request, session, actor, "imports/one.html", facts)


def _urgent_first(alarms: Sequence[dict[str, Any]]) -> list[AlarmRow]:
    urgency = list(reversed(Severity))
    return sorted((row_of(told, None) for told in alarms), key=lambda row: urgency.index(row.severity))


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one row of a report with its sentence and what people call its field."""
    named = FIELDS.get(row["field"] or "", row["field"] or "")
    return {**row, "name": named, "message": say(row["code"], row["facts"])}


@router.api_route("/imports/{number}/rejected.xlsx", methods=["GET", "HEAD"])
def rejected_sheet(session: Reader, actor: Annotated[Actor, allowed(_READ)], number: str) -> Response:
    """Give the rejected rows as they were written, with what is wrong, to be mended and sent again."""
    job = import_job(session, actor, known(number))
    columns, rows = _rejected(job)
    sheet = Sheet(
        f"退回的行：{job.given['name']}", (f"任务 {job.id}，退回 {len(rows)} 行；改好后可直接再次导入",),
        tuple((title, 40 if title == RETURNED[-1] else 14) for title in columns), rows, clock.now(session),
    )  # fmt: skip
    return sheet_answer(sheet, f"退回的行-{job.id}.xlsx")


@router.api_route("/imports/{number}/rejected.csv", methods=["GET", "HEAD"])
def rejected_csv(session: Reader, actor: Annotated[Actor, allowed(_READ)], number: str) -> Response:
    """Give the rejected rows as text; no cell of it becomes a formula in a spreadsheet."""
    job = import_job(session, actor, known(number))
    columns, rows = _rejected(job)
    whole = io.StringIO(newline="")
    csv.writer(whole).writerows([guarded(cell) for cell in line] for line in [columns, *rows])
    return file_answer(
        whole.getvalue().encode("utf-8-sig"), f"退回的行-{job.id}.csv", "text/csv; charset=utf-8"
    )


def _rejected(job: Job) -> tuple[list[str], list[Sequence[str]]]:
    titles, rows = rejected_rows(job, settings().files_dir)
    lines: list[Sequence[str]] = []
    for row in rows:
        told = [_said(one) for one in row.wrong]
        fields, reasons = ("；".join(one[name] for one in told) for name in ("name", "message"))
        lines.append([*(row.cells.get(title, "") for title in titles), str(row.number), fields, reasons])
    return [*titles, *RETURNED], lines
