"""Which function does which kind of job."""

from registry.platform.jobs import Task
from registry.workflows.nightly import nightly

TASKS: dict[str, Task] = {"nightly": nightly}
