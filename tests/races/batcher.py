"""A worker process of the races of batches: it prints half of the papers, says so, and waits to be killed.

python -m tests.races.batcher URL
"""

import sys
import time
from itertools import count

from registry.jobs import batches
from registry.jobs.worker import Worker
from registry.platform.db import connect
from reports.frozen import freeze

STOP_AT = 4  # the paper that is laid out and never kept
_papers = count(1)


def lay_out(sheet) -> bytes:
    """Return something that holds what the paper says."""
    return b"%PDF" + freeze(sheet).encode()


def stopping(sheet) -> bytes:
    """Lay out some papers, and wait for the end within the next."""
    if next(_papers) == STOP_AT:
        sys.stdout.write("in the middle\n")
        sys.stdout.flush()
        time.sleep(600)
    return lay_out(sheet)


if __name__ == "__main__":
    vars(batches)["print_sheet"] = stopping
    Worker(connect(sys.argv[1])).once(["batch"])
