"""A worker process of the races of jobs: it takes a job, does half of it, says so, and waits to be killed.

    python -m tests.races.jobber URL

The work is an import of returns: half of its batches are in the book when it stops.
"""

import sys
import time
from pathlib import Path

import pytest

from registry.jobs.tasks import TASKS
from registry.jobs.worker import Worker
from registry.platform import jobs
from registry.platform.db import connect
from registry.workflows import import_returns as importing

BATCH, STOP_IN = 10, 3


def task(job: jobs.Running) -> dict[str, object]:
    """Import the file of the job, a step a batch."""
    with pytest.MonkeyPatch.context() as patch:  # the successor runs in the process of other tests
        patch.setattr(importing, "BATCH", BATCH)
        report = importing.import_returns(job.engine, Path(job.given["file"]), None, advance=job.advance)
    return {"accepted": report.accepted, "unchanged": report.unchanged}


def stopping(job: jobs.Running) -> dict[str, object]:
    """Import half of it, and wait for the end."""
    steps = iter(range(1, STOP_IN))

    class Half(jobs.Running):
        def advance(self, count: int) -> None:
            super().advance(count)
            if next(steps, None) == STOP_IN - 1:
                sys.stdout.write("in the middle\n")
                sys.stdout.flush()
                time.sleep(600)

    job.__class__ = Half
    return task(job)


if __name__ == "__main__":
    TASKS["half"] = stopping
    Worker(connect(sys.argv[1])).once(["half"])
