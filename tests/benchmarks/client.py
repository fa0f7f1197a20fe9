"""One client process of the throughput benchmark: threads that record returns, each for its own county.

    python -m tests.benchmarks.client URL FIRST_COUNTY THREADS FIRST_RETURN SECONDS ROUND_TRIP

Before each statement a thread waits for ROUND_TRIP microseconds, as if the database stood on another machine.
"""

import os
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine, event

import registry.schema  # noqa: F401 - a process of its own knows no table yet
from registry.identity.rules import SYSTEM
from registry.output.rules import read_output
from registry.output.service import record
from registry.platform.db import connect, transaction
from tests.benchmarks.ratios import say

WARMUP = 12  # returns after which a connection has prepared its statements


def tell(engine: Engine, county: int, number: int) -> None:
    """Record one return: a month of 2024 of the county's next right, all of them under one year's meter."""
    fields = {
        "right_no": f"SZ-2025-{county:02d}{number // 12:03d}", "period": f"2024-{1 + number % 12:02d}",
        "quantity": "1", "unit": "t",
    }  # fmt: skip
    with transaction(engine) as session:
        assert not record(session, SYSTEM, read_output(fields)).unchanged


def work(engine: Engine, county: int, number: int, seconds: int, together: Barrier) -> int:
    """Record returns of a county for a while once everybody is warm; return how many were committed."""
    try:
        for warm in range(number, number + WARMUP):
            tell(engine, county, warm)
        together.wait()
        end, done = time.perf_counter() + seconds, 0
        while time.perf_counter() < end:
            tell(engine, county, number + WARMUP + done)
            done += 1
    except BaseException:
        traceback.print_exc()
        os._exit(1)  # the parent waits for a figure
    return done


def main(url: str, first: int, threads: int, start: int, seconds: int, round_trip: int) -> None:
    """Let the threads begin together when told to, and print how many returns were committed."""
    engine = connect(url)
    if round_trip:
        for name in ("begin", "before_cursor_execute", "commit"):
            event.listen(engine, name, lambda *_: time.sleep(round_trip / 1_000_000))

    def begin() -> None:
        say("ready")
        sys.stdin.readline()

    together = Barrier(threads, action=begin)
    with ThreadPoolExecutor(threads) as pool:
        counties = range(first, first + threads)
        done = pool.map(lambda county: work(engine, county, start, seconds, together), counties)
        say(str(sum(done)))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
