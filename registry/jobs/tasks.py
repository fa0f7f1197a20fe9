"""Which function does which kind of job."""

from registry.documents.service import BATCH, PRINT
from registry.jobs.batches import print_papers
from registry.jobs.prints import print_document
from registry.kernel.vocabulary import UploadKind
from registry.platform.jobs import Task, in_one_transaction
from registry.workflows.nightly import nightly
from registry.workflows.uploads import import_upload

TASKS: dict[str, Task] = {
    "nightly": in_one_transaction(nightly),
    PRINT: print_document,
    BATCH: print_papers,
    **dict.fromkeys((kind.value for kind in UploadKind), import_upload),
}
PRINTS = (PRINT,)  # somebody waits for these before a page
