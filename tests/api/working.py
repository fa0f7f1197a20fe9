"""A worker beside the API, that lays nothing out: its papers carry their data and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from sqlalchemy import Engine

from registry.jobs import prints
from registry.jobs.worker import Worker
from registry.platform import clock
from tests.services.test_documents_kept import lay_out


@contextmanager
def working(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a worker do what is ordered, but not the night's work."""
    monkeypatch.setattr(prints, "print_sheet", lay_out)
    monkeypatch.setattr("registry.jobs.worker.see_to_the_night", lambda _session: None)
    found = Worker(engine)
    thread = Thread(target=found.run)
    thread.start()
    found.keep(clock.wall())
    yield
    found.stopping.set()
    thread.join(30)
