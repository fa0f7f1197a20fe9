"""Does the waiting jobs: two lanes, one of them kept free for prints, and a keeper of leases."""

import logging
import os
import socket
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from uuid import uuid4

from sqlalchemy import Engine
from sqlmodel import Session

from registry.identity.rules import SYSTEM
from registry.jobs.tasks import PRINTS, TASKS
from registry.kernel.errors import Busy
from registry.platform import clock, jobs
from registry.platform.db import reader, transaction
from registry.platform.migrations import check_ready
from registry.platform.trouble import as_ours
from registry.wording import say

_IDLE = timedelta(milliseconds=250).total_seconds()  # between two looks for work
_KEEPING = 15  # seconds between two signs of life, several in a lease
_TROUBLED = 5  # seconds to wait when the database does not let us work
GRACE = 20  # seconds that a running job has for reaching its next step when the worker is stopped
_log = logging.getLogger("registry.worker")


class Worker:
    """A process's worth of work: any number of them, on any machine, share the jobs of one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"
        self.stopping = Event()
        self._held: set[int] = set()
        self._lock = Lock()

    def run(self) -> bool:
        """Work until stopped; tell whether every job came to a step at which it could be left."""
        started = clock.wall()
        # A page waits for a print: one lane does nothing else, so that it never stands behind an import.
        every = (self._lane, lambda: self._lane(PRINTS), lambda: self._keep(started))
        threads = [Thread(target=self._untiring, args=(one,), daemon=True) for one in every]
        for thread in threads:
            thread.start()
        self.stopping.wait()
        until = clock.wall() + timedelta(seconds=GRACE)
        for thread in threads:
            thread.join(max((until - clock.wall()).total_seconds(), 0))
        return self._leave()

    def once(self, kinds: Collection[str] | None = None) -> bool:
        """Do the oldest waiting job of these kinds, or of all; tell whether there was one."""
        with reader(self.engine) as session:
            found = jobs.waiting(session, TASKS if kinds is None else kinds)
        return any(self._do(number) for number in found)

    def _do(self, number: int) -> bool:
        """Do a job unless another worker is quicker; its failure stands in its row."""
        with transaction(self.engine) as session:
            job = jobs.claim(session, number, self.name)
        if job is None:
            return False
        if jobs.abandon(self.engine, job):
            return True
        with self._holding(number):
            try:
                jobs.perform(jobs.Running(self.engine, job, self.name, self.stopping), TASKS[job.kind])
            except (jobs.Cancelled, jobs.Stopping, jobs.LeaseLost) as ended:
                _log.info("job %s: %s", number, type(ended).__name__)
            except Exception as error:
                _tell(f"任务 {number}（{job.kind}）", error)
                if isinstance(error, Busy):
                    self.stopping.wait(_TROUBLED)
        return True

    @contextmanager
    def _holding(self, number: int) -> Iterator[None]:
        with self._lock:
            self._held.add(number)
        try:
            yield
        finally:
            with self._lock:
                self._held.discard(number)

    def _untiring(self, loop: Callable[[], None]) -> None:
        """Run a loop until the worker is stopped; what the database refuses is told and tried again."""
        while not self.stopping.is_set():
            try:
                check_ready(self.engine)  # a database that is not there yet may come
                loop()
            except Exception as error:  # nothing else would be left to do the jobs
                _tell("后台进程", error)
                self.stopping.wait(_TROUBLED)

    def _lane(self, kinds: Collection[str] | None = None) -> None:
        while not self.stopping.is_set():
            if not self.once(kinds):
                self.stopping.wait(_IDLE)

    def _keep(self, started: datetime) -> None:
        while not self.stopping.is_set():
            self.keep(started)
            self.stopping.wait(_KEEPING)

    def keep(self, started: datetime) -> None:
        """Give a sign of life, prolong the leases of what is being done, and see to the night's work."""
        with self._lock:
            numbers = sorted(self._held)
        with transaction(self.engine) as session:
            jobs.tell_alive(session, self.name, started)
            for number in numbers:
                jobs.prolong(session, number, self.name)
            see_to_the_night(session)

    def _leave(self) -> bool:
        """Give back what is still held, and be no more among those who were seen."""
        with self._lock:
            numbers = sorted(self._held)
        try:
            with transaction(self.engine) as session:
                for number in numbers:
                    jobs.give_back(session, number, self.name, counted=False)
                jobs.tell_gone(session, self.name)
        except Exception as error:  # the leases end by themselves
            _tell("后台进程", error)
        return not numbers


def see_to_the_night(session: Session) -> None:
    """Enqueue the nightly job of a new day, once, whichever worker sees it first."""
    today = clock.today(session)
    last = jobs.last_of(session, "nightly")
    if last is None or clock.local_day(last.created_at) < today:
        jobs.enqueue(session, "nightly", SYSTEM.name, key=str(today))


def _tell(about: str, error: Exception) -> None:
    told = as_ours(error)
    _log.warning("%s：%s", about, say(told.code, told.facts))
