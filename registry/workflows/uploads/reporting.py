"""What came of an import: its counts, and its rejected rows, to be mended and sent again."""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from registry.identity.rules import Actor
from registry.kernel.errors import NotFound
from registry.kernel.vocabulary import UploadKind
from registry.output.service.importing import RETURNED
from registry.platform import files
from registry.platform.jobs import Job
from registry.platform.tables import rows_of
from registry.workflows.job_book import job_for, seen_by
from registry.workflows.uploads.ordering import Order

_KINDS = [kind.value for kind in UploadKind]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a finished import told of its rows; the sentences are added at the edge."""

    rejected: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    alarms: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row that was rejected, as it was written, with everything that is wrong with it."""

    number: int
    cells: dict[str, str]
    wrong: list[dict[str, Any]]


def import_job(session: Session, actor: Actor, number: int) -> Job:
    """Return an import that the actor may see: their own, or one of the office that they administer.

    Raises:
        NotFound: no such import, somebody else's, or about another jurisdiction.
    """
    job = job_for(session, actor, number)
    if job.kind not in _KINDS:
        raise NotFound("job", number)
    return job


def newest_imports(session: Session, actor: Actor, count: int = 10) -> list[Job]:
    """Return the actor's own imports that they may still see, the newest first."""
    statement = select(Job).where(Job.actor == actor.name, col(Job.kind).in_(_KINDS), seen_by(session, actor))
    return list(session.exec(statement.order_by(col(Job.id).desc()).limit(count)).all())


def report_of(job: Job, folder: Path) -> ImportReport | None:
    """Return what a finished import told of its rows; None before it is done.

    Raises:
        NotFound: the report was kept and is gone.
    """
    digest = job.outcome.get("report")
    if digest is None:
        return None
    told = json.loads(files.read(folder, digest))
    return ImportReport(told["rejected"], told["warnings"], told["alarms"])


def for_good(job: Job, folder: Path) -> Order:
    """Return the order that enters for good what a trial run has judged: the very table that was tried."""
    given = job.given
    content = files.read(folder, given["file"])
    return Order(
        UploadKind(job.kind), given["name"], content, correct=given["correct"], reason=given["reason"],
        mark=job.mark,
    )  # fmt: skip


def rejected_rows(job: Job, folder: Path) -> tuple[list[str], list[RejectedRow]]:
    """Return the columns of the uploaded table and its rejected rows as they were written.

    Raises:
        NotFound: the import is not done, or what was uploaded is gone.
    """
    report = report_of(job, folder)
    if report is None:
        raise NotFound("file", job.given["name"])
    wrong: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in report.rejected:
        wrong[one["row"]].append(one)
    table = rows_of(files.read(folder, job.given["file"]), job.given["name"])
    columns = [title for title in table[0].cells if title not in RETURNED]
    return columns, [
        RejectedRow(row.number, row.cells, wrong[row.number]) for row in table if row.number in wrong
    ]
