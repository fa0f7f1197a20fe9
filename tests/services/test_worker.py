"""The worker: does what waits, keeps what it holds, brings the night's work, and leaves in good order."""

from datetime import date, timedelta
from threading import Event, Thread

import pytest

from registry.jobs import worker as module
from registry.jobs.worker import Worker, see_to_the_night
from registry.kernel.vocabulary import JobState
from registry.platform import clock, jobs
from registry.platform.db import connect, reader, transaction
from registry.platform.jobs import running
from tests.databases import migrate
from tests.factories import set_clock


def put(engine, kind="count"):
    """Enqueue a job and return its number."""
    with transaction(engine) as session:
        return jobs.enqueue(session, kind, "jingban").id or 0


def look(engine, number):
    """Return a job as it stands."""
    with reader(engine) as session:
        return jobs.get(session, number)


@pytest.fixture
def tasks(monkeypatch):
    """Give the table of tasks to a test."""
    monkeypatch.setattr(running, "EVERY", 0)
    table: dict[str, jobs.Task] = {}
    monkeypatch.setattr(module, "TASKS", table)
    return table


@pytest.fixture
def started(fresh):
    """Give a worker that runs in threads of this process, and is stopped at the end."""
    found = Worker(fresh)
    thread = Thread(target=found.run)
    thread.start()
    yield found
    found.stopping.set()
    thread.join(30)


def until(condition, patience=30):
    """Wait for a condition."""
    gave_up = clock.wall() + timedelta(seconds=patience)
    while not condition():
        assert clock.wall() < gave_up
        Event().wait(0.05)


class TestWorking:
    def test_it_does_what_waits_and_survives_what_fails(self, fresh, tasks, started):
        tasks |= {"count": lambda _: {"x": 1}, "fail": lambda _: {"x": 1 // 0}}
        failing, counting = put(fresh, "fail"), put(fresh)
        until(lambda: look(fresh, counting).is_over and look(fresh, failing).is_over)
        assert look(fresh, failing).state is JobState.failed
        assert look(fresh, counting).outcome == {"x": 1}

    def test_a_print_does_not_wait_for_long_work(self, fresh, tasks, monkeypatch):
        released = Event()
        tasks |= {"count": lambda _: {"x": released.wait(30)}, "print": lambda _: {"x": 2}}
        monkeypatch.setattr(module, "PRINTS", ("print",))
        long, short = put(fresh), None
        found = Worker(fresh)
        thread = Thread(target=found.run)
        thread.start()
        until(lambda: look(fresh, long).state is JobState.running)
        short = put(fresh, "print")
        until(lambda: look(fresh, short).is_over)
        assert look(fresh, long).state is JobState.running
        released.set()
        found.stopping.set()
        thread.join(30)
        assert look(fresh, long).state is JobState.done

    def test_stopped_it_gives_back_what_it_was_doing(self, fresh, tasks):
        entered, number = Event(), put(fresh)

        def task(job):
            entered.set()
            for step in range(10**6):
                job.progress(step)
            return {}

        tasks["count"] = task
        found = Worker(fresh)
        thread = Thread(target=found.run)
        thread.start()
        assert entered.wait(30)
        found.stopping.set()
        thread.join(30)
        assert (look(fresh, number).state, look(fresh, number).worker) == (JobState.queued, None)

    def test_it_waits_for_a_database_that_is_not_there_yet(self, database, tasks, monkeypatch):
        monkeypatch.setattr(module, "_TROUBLED", 0.1)
        tasks["count"] = lambda _: {}
        url = database.empty()
        engine = connect(url)
        found = Worker(engine)
        thread = Thread(target=found.run)
        thread.start()
        Event().wait(0.5)
        migrate(url)
        number = put(engine)
        until(lambda: look(engine, number).is_over)
        found.stopping.set()
        thread.join(30)
        engine.dispose()
        database.drop(url)


class TestKeeping:
    def test_a_lease_outlasts_a_long_step(self, fresh, tasks):
        number, found = put(fresh), Worker(fresh)
        left = []

        def task(job):
            with transaction(fresh) as session:
                jobs.get(session, number).leased_until = clock.wall()
            found.keep(clock.wall())
            left.append(look(fresh, number).leased_until - clock.wall())
            return {}

        tasks["count"] = task
        assert found.once()
        assert left[0] > timedelta(seconds=60)

    def test_it_is_seen_while_it_lives_and_not_after(self, fresh, tasks, started):
        def seen():
            with reader(fresh) as session:
                return jobs.seen_at(session)

        until(seen)
        started.stopping.set()
        until(lambda: seen() is None)

    def test_the_night_comes_once_a_day(self, session):
        def nights():
            return [job.key for job in jobs.newest(session) if job.kind == "nightly"]

        for day in (date(2025, 3, 1), date(2025, 3, 1), date(2025, 3, 2)):
            set_clock(session, day)
            see_to_the_night(session)
        assert nights() == ["2025-03-02", "2025-03-01"]

    def test_a_night_done_by_command_counts(self, session):
        set_clock(session, date(2025, 3, 1))
        jobs.enqueue(session, "nightly", "system")
        see_to_the_night(session)
        assert len(jobs.newest(session)) == 1
