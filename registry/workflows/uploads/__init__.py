"""Tables that people upload: judged as a whole at once, imported row by row as a job, reported on."""

from registry.workflows.uploads.doing import import_upload
from registry.workflows.uploads.ordering import MOST_BYTES, Order, Taken, check, place, take_in
from registry.workflows.uploads.placing import PERMISSION
from registry.workflows.uploads.reporting import (
    ImportReport,
    RejectedRow,
    for_good,
    import_job,
    newest_imports,
    rejected_rows,
    report_of,
)
from registry.workflows.uploads.template import return_template

__all__ = [
    "MOST_BYTES",
    "PERMISSION",
    "ImportReport",
    "Order",
    "RejectedRow",
    "Taken",
    "check",
    "for_good",
    "import_job",
    "import_upload",
    "newest_imports",
    "place",
    "rejected_rows",
    "report_of",
    "return_template",
    "take_in",
]
