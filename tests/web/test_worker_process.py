"""The worker beside a server: it lives and dies with it, and is begun anew when it dies alone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlmodel import select

from registry.platform.db import reader
from registry.platform.jobs import WorkerSeen

SERVE = "from registry.cli.serve import serve; serve('127.0.0.1', 0, 1, with_worker={})"
PATIENCE = 60


@pytest.fixture
def served(fresh_url):
    """Give a call that starts a server on the database, and end what is left of it."""
    started = []

    def serve(*, with_worker=True):
        run = [sys.executable, "-c", SERVE.format(with_worker)]
        environment = os.environ | {"REGISTRY_DATABASE_URL": fresh_url}
        started.append(subprocess.Popen(run, env=environment, stdout=subprocess.PIPE, text=True))
        server = started[-1]
        assert server.stdout is not None
        assert "登记簿网页" in server.stdout.readline()
        return server

    yield serve
    for server in started:
        if server.poll() is None:
            server.kill()
        server.communicate(timeout=PATIENCE)


def workers(engine) -> set[int]:
    """Return the process numbers of the workers that have given a sign of life and not left."""
    with reader(engine) as session:
        return {int(name.rsplit("-", 2)[1]) for name in session.exec(select(WorkerSeen.name)).all()}


def until(found):
    """Wait until something is true, and return it."""
    gave_up = time.monotonic() + PATIENCE
    while not (it := found()):
        assert time.monotonic() < gave_up
        time.sleep(0.1)
    return it


def alive(process: int) -> bool:
    """Tell whether a process runs; one that has died and that nobody has waited for does not."""
    try:
        return "(zombie)" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


def children(process: int) -> list[int]:
    """Return the processes that a process has begun."""
    return [int(n) for n in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_it_ends_when_the_server_is_killed(fresh, served):
    server = served()
    [worker] = until(lambda: workers(fresh))
    printers = until(lambda: children(worker))
    server.send_signal(signal.SIGKILL)
    server.wait(PATIENCE)
    until(lambda: not any(map(alive, [worker, *printers])))
    assert workers(fresh) == set()  # it had the time to leave in good order


def test_it_is_begun_anew_when_it_dies(fresh, served):
    server = served()
    [first] = until(lambda: workers(fresh))
    printers = until(lambda: children(first))
    os.kill(first, signal.SIGKILL)
    second = until(lambda: workers(fresh) - {first})
    assert server.poll() is None
    until(lambda: not any(map(alive, printers)))
    assert all(map(alive, second))


def test_a_signal_ends_both_in_good_order(fresh, served):
    server = served()
    [worker] = until(lambda: workers(fresh))
    server.send_signal(signal.SIGTERM)
    assert server.wait(PATIENCE) == -signal.SIGTERM
    assert not alive(worker)
    assert workers(fresh) == set()


def test_a_server_may_be_without_one(fresh, served):
    server = served(with_worker=False)
    time.sleep(2)
    assert workers(fresh) == set()
    assert server.poll() is None
