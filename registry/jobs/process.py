"""A worker as a process: what stops it, how it ends with its parent, how a server keeps one alive."""

import logging
import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread

from registry.jobs import printer
from registry.jobs.worker import GRACE, Worker
from registry.platform import clock
from registry.platform.db import connect
from registry.settings import settings

_CHILD = [sys.executable, "-m", "registry.jobs"]
_LIVED = timedelta(seconds=30)  # a worker that dies sooner is not restarted at once
_LONGEST_WAIT = 30  # seconds
_log = logging.getLogger("registry.worker")


def work(*, as_child: bool = False) -> None:
    """Work until SIGTERM or Ctrl+C; as a child also until the parent is gone, however it went.

    It ends the process itself: a job that has not come to its next step in time is left with its
    transaction undone, and waits for the next worker.
    """
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    worker = Worker(connect(settings().database_url))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stopping.set())
    if as_child:
        Thread(target=_watch_parent, args=(worker.stopping,), daemon=True).start()
    printer.warm()
    worker.run()
    printer.end()
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(0)


def _watch_parent(stopping: Event) -> None:
    """Wait for the end of the pipe that the parent holds: it closes when the parent dies, even by SIGKILL."""
    with suppress(OSError):
        while os.read(sys.stdin.fileno(), 1):
            pass
    stopping.set()


class WorkerChild:
    """The one worker that a server keeps: begun anew when it dies, ended with the server."""

    def __init__(self) -> None:
        self._stopping = Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._keeper = Thread(target=self._keep, name="worker-child", daemon=True)

    def start(self) -> None:
        """Begin the worker."""
        self._keeper.start()

    def stop(self) -> None:
        """End the worker in good order, or at once if it takes too long."""
        self._stopping.set()
        if (child := self._child) is None:
            return
        child.terminate()
        try:
            child.wait(GRACE + 5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _keep(self) -> None:
        wait = 0
        while not self._stopping.wait(wait):
            begun = clock.wall()
            # What it reads is the pipe that only this process holds: its end is our end.
            with subprocess.Popen(_CHILD, stdin=subprocess.PIPE) as self._child:  # noqa: S603 (our own)
                if self._stopping.is_set():
                    self._child.terminate()
                code = self._child.wait()
            if self._stopping.is_set():
                return
            _log.warning("后台进程已中断（%s），重新启动", code)
            quickly = clock.wall() - begun < _LIVED
            wait = min(wait * 2 or 1, _LONGEST_WAIT) if quickly else 1
