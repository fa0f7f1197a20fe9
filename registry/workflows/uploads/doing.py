"""Imports an uploaded table as a job: in batches, each kept by itself, so that it may be killed and repeated.

What a killed job has kept is `unchanged` when it runs again; what others have recorded since its table was
uploaded is not written over.
"""

import json
from typing import Any

from registry.kernel.vocabulary import UploadKind
from registry.output.rules import OnBook
from registry.platform import files
from registry.platform.jobs import Running
from registry.platform.tables import rows_of
from registry.settings import settings
from registry.workflows.import_returns import ReturnOptions, import_return_table
from registry.workflows.import_rights import import_right_table


def import_upload(job: Running) -> dict[str, Any]:
    """Import the table of a job in the name of its actor; keep the report, return what it counts."""
    given, folder = job.given, settings().files_dir
    name, dry_run = given["name"], given["dry_run"]
    table = rows_of(files.read(folder, given["file"]), name)
    job.progress(0, len(table))
    if job.kind == UploadKind.returns:
        basis = None if job.mark is None else OnBook(job.mark, job.id)
        options = ReturnOptions(given["correct"], given["reason"], dry_run, basis=basis)
        told = import_return_table(job.engine, table, name, job.actor, options, job.advance).public()
    else:
        told = import_right_table(
            job.engine, table, name, job.actor, dry_run=dry_run, advance=job.advance
        ).public()
    content = json.dumps(told, ensure_ascii=False, default=str).encode()
    counted = {kind: len(told[kind]) for kind in ("warnings", "alarms")}
    counted["rejected"] = len({fault["row"] for fault in told["rejected"]})  # a row may have several
    return {
        "report": files.keep(folder, content), "rows": len(table), "dry_run": dry_run,
        "accepted": told["accepted"], "unchanged": told["unchanged"], **counted,
    }  # fmt: skip
