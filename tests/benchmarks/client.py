"""One client process of the throughput benchmark: threads that record returns, each for its own county."""

import sys
import threading
import time

import registry.schema  # noqa: F401 - a process of its own knows no table yet
from registry.identity.rules import SYSTEM
from registry.output.rules import read_output
from registry.output.service import record
from registry.platform.db import connect, transaction

PER_RIGHT = 120  # months from 2015 on


def main() -> None:
    """Record for a while when told to, and print how many returns were committed."""
    url, first, count, start = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    seconds = int(sys.argv[5])
    engine, go, done = connect(url), threading.Event(), [0] * count
    warm = threading.Semaphore(0)
    ends = [time.perf_counter()]

    def one(county: int, number: int) -> None:
        right = f"SZ-2025-{county:02d}{number // PER_RIGHT:02d}"
        month = f"{2015 + number % PER_RIGHT // 12}-{1 + number % 12:02d}"
        fields = {"right_no": right, "period": month, "quantity": "1", "unit": "t"}
        with transaction(engine) as session:
            record(session, SYSTEM, read_output(fields))

    def work(at: int) -> None:
        number = start
        for _ in range(10):
            one(first + at, number)
            number += 1
        warm.release()
        go.wait()
        while time.perf_counter() < ends[0]:
            one(first + at, number)
            number += 1
            done[at] += 1

    threads = [threading.Thread(target=work, args=(at,)) for at in range(count)]
    for thread in threads:
        thread.start()
    for _ in threads:
        warm.acquire()
    print("ready", flush=True)
    sys.stdin.readline()
    ends[0] = time.perf_counter() + seconds
    go.set()
    for thread in threads:
        thread.join()
    print(sum(done), flush=True)


if __name__ == "__main__":
    main()
