"""A worker process of the races: it waits for a word, then does everything at once in several threads.

    python -m tests.races.worker URL WORKER THREADS locked|unlocked

Every worker reports the same quarter of the same rights, so that each return is wanted by all of them; places
holds of 30 t under a cap; and sends one return under one key. It prints what came of it as JSON.
"""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from registry.caps.rules import CapExceeded
from registry.caps.service import place_hold
from registry.identity.rules import SYSTEM
from registry.output.rules import RecordOutput
from registry.output.service import record_once, recording
from registry.output.service.recording import record
from registry.platform.db import connect, transaction
from tests.races.books import number
from tests.races.rivals import Act, meet_after
from tests.races.unlocked import begin_deferred, without_row_locks
from tests.services.demands import demand
from tests.services.steps import order

RIGHTS, MONTHS = 8, 3
RETURNS = [order(number(at % RIGHTS), f"2025-0{1 + at // RIGHTS}", "2 t") for at in range(RIGHTS * MONTHS)]


def telling(command: RecordOutput) -> Act:
    """Return the act of recording one return, which gives its number when it is new."""

    def act(session: Session) -> str | None:
        found = record(session, SYSTEM, command)
        return None if found.unchanged else found.public_id

    return act


def holding(session: Session) -> int | None:
    """Place a hold, if there is room."""
    try:
        return place_hold(session, SYSTEM, demand("30 t", "2026-01-01"), None).id
    except CapExceeded:
        return None


def sending(session: Session) -> dict[str, Any]:
    """Send the first return under a key."""
    return record_once(session, SYSTEM, RETURNS[0], "key")


def runner(engine: Engine, failures: list[str]) -> Callable[[Act], Any]:
    """Return a call that runs an act in a transaction and notes how it failed."""

    def run(act: Act) -> Any:
        try:
            with transaction(engine) as session:
                return act(session)
        except Exception as error:
            failures.append(type(error).__name__)
            return None

    return run


def main(url: str, worker: int, threads: int, mode: str) -> None:
    """Run the acts of one worker and print what came of them."""
    engine = connect(url)
    failures: list[str] = []
    if mode == "unlocked":
        unlock(engine, threads)
    say("ready")
    sys.stdin.readline()
    run = runner(engine, failures)

    def everything(thread: int) -> tuple[list[str], int | None]:
        start = 0 if mode == "unlocked" else thread + worker
        kept = [run(telling(command)) for command in RETURNS[start:] + RETURNS[:start]]
        return [public_id for public_id in kept if public_id], run(holding)

    with ThreadPoolExecutor(threads) as pool:
        done = list(pool.map(everything, range(threads)))
    kept = [public_id for ids, _ in done for public_id in ids]
    holds = [hold for _, hold in done if hold]
    say(json.dumps({"kept": kept, "holds": holds, "keyed": run(sending), "errors": failures}))


def say(text: str) -> None:
    """Tell the parent something at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def unlock(engine: Engine, threads: int) -> None:
    """Take the lock of the rights away, and let the threads meet between reading and writing."""
    patch = pytest.MonkeyPatch()
    if engine.dialect.name == "sqlite":
        begin_deferred(patch, engine)
    else:
        without_row_locks(patch)
    meet_after(patch, recording, "live_returns", threads)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
