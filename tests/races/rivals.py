"""Rivals: acts that begin in the same moment, each in a transaction of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from registry.platform.db import transaction

Act = Callable[[Session], Any]
PATIENCE = 0.3  # seconds that a rival waits at a meeting where a lock keeps the others away
UNLOCKED_PATIENCE = 20  # where no lock does, however busy the machine is


def at_once(engine: Engine, acts: Sequence[Act]) -> list[Any]:
    """Run the acts at once, and return what each gave or raised, in the order of the acts."""
    start = Barrier(len(acts))

    def one(act: Act) -> Any:
        start.wait()
        try:
            with transaction(engine) as session:
                return act(session)
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def errors(given: Sequence[Any]) -> list[Exception]:
    """Return what was raised."""
    return [one for one in given if isinstance(one, Exception)]


def meeting(rivals: int) -> Callable[[], None]:
    """Return a call at which rivals wait once until all are there; under a lock the first gives up waiting.

    Between a rival's reading and its writing it makes sure that without the lock all have read.
    """
    barrier, over = Barrier(rivals), Event()

    def meet() -> None:
        with suppress(BrokenBarrierError):
            if not over.is_set():
                barrier.wait(PATIENCE)
        over.set()

    return meet


def meet_after(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, rivals: int) -> None:
    """Let rivals meet each time a function has returned."""
    original, meet = getattr(module, name), meeting(rivals)

    def met(*args: Any, **given: Any) -> Any:
        found = original(*args, **given)
        meet()
        return found

    monkeypatch.setattr(module, name, met)
