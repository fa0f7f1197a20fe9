"""Which function does which kind of job."""

from registry.platform.jobs import Task, in_one_transaction
from registry.workflows.nightly import nightly

TASKS: dict[str, Task] = {"nightly": in_one_transaction(nightly)}
PRINTS = ("print",)  # somebody waits for these before a page
