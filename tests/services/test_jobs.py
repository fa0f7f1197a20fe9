"""Jobs: written once, held by one worker, cancelled between two steps, kept when they fail."""

from datetime import timedelta
from threading import Event

import pytest

from registry.jobs.worker import Worker
from registry.kernel.errors import Busy, Invalid, NotFound
from registry.kernel.vocabulary import JobState
from registry.platform import clock, jobs
from registry.platform.db import reader, transaction
from registry.platform.jobs import running
from registry.platform.jobs.queue import LEASE, MOST_ATTEMPTS, held
from registry.wording import say

ME, OTHER = "worker one", "worker two"


@pytest.fixture(autouse=True)
def every_step_is_written(monkeypatch):
    monkeypatch.setattr(running, "EVERY", 0)


def put(engine, kind="count", key=None, **given):
    """Enqueue a job and return its number."""
    with transaction(engine) as session:
        return jobs.enqueue(session, kind, "jingban", key=key, **given).id or 0


def look(engine, number):
    """Return a job as it stands."""
    with reader(engine) as session:
        return jobs.get(session, number)


def take(engine, number, worker=ME):
    """Claim a job for a worker."""
    with transaction(engine) as session:
        return jobs.claim(session, number, worker)


def expire(engine, number):
    """Let the lease of a job end."""
    with transaction(engine) as session:
        jobs.get(session, number).leased_until = clock.wall() - timedelta(seconds=1)


def waiting(engine):
    """Return the jobs that a worker may take."""
    with reader(engine) as session:
        return jobs.waiting(session, ["count"])


def do(engine, number, task):
    """Claim a job and do it."""
    return jobs.perform(jobs.Running(engine, take(engine, number), ME), task)


def one_step(job):
    """Do one step."""
    job.advance(1)
    return {}


class TestEnqueuing:
    def test_a_key_makes_one_job_however_often_it_is_sent(self, fresh):
        first = put(fresh, key="k", file="a.csv")
        assert put(fresh, key="k", file="a.csv") == first
        assert put(fresh, file="a.csv") != first
        assert put(fresh, "other", key="k") != first

    def test_a_key_with_another_input_is_refused(self, fresh):
        put(fresh, key="k", file="a.csv")
        with pytest.raises(Invalid, match="idempotency_mismatch"):
            put(fresh, key="k", file="b.csv")

    def test_it_is_undone_with_the_callers_transaction(self, fresh):
        def act():
            with transaction(fresh) as session:
                jobs.enqueue(session, "count", "jingban")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            act()
        assert waiting(fresh) == []


class TestClaiming:
    def test_one_worker_takes_it_and_the_next_does_not(self, fresh):
        number = put(fresh)
        job = take(fresh, number)
        assert (job.state, job.worker, job.attempts) == (JobState.running, ME, 1)
        assert clock.wall() < job.leased_until <= clock.wall() + LEASE
        assert take(fresh, number, OTHER) is None
        assert waiting(fresh) == []

    def test_another_takes_it_once_the_lease_has_ended(self, fresh):
        number = put(fresh)
        begun = take(fresh, number).started_at
        expire(fresh, number)
        assert waiting(fresh) == [number]
        job = take(fresh, number, OTHER)
        assert (job.worker, job.attempts, job.started_at) == (OTHER, 2, begun)

    def test_a_sign_of_life_keeps_it(self, fresh):
        number = put(fresh)
        take(fresh, number)
        expire(fresh, number)
        with transaction(fresh) as session:
            assert jobs.prolong(session, number, ME)
            assert not jobs.prolong(session, number, OTHER)
        assert waiting(fresh) == []

    def test_one_that_no_worker_survives_is_given_up(self, fresh, monkeypatch):
        monkeypatch.setattr("registry.jobs.worker.TASKS", {"count": lambda _: pytest.fail("done again")})
        number = put(fresh)
        for _ in range(MOST_ATTEMPTS):
            take(fresh, number)
            expire(fresh, number)
        assert Worker(fresh).once(["count"])
        job = look(fresh, number)
        assert (job.state, job.error_code, job.leased_until) == (JobState.failed, "job_abandoned", None)
        assert str(MOST_ATTEMPTS) in say(job.error_code, job.trouble)


class TestDoing:
    def test_its_result_is_kept(self, fresh):
        number = put(fresh, file="a.csv")
        assert do(fresh, number, lambda job: {"rows": len(job.given["file"])}) == {"rows": 5}
        job = look(fresh, number)
        assert (job.state, job.outcome, job.worker, job.leased_until) == (
            JobState.done,
            {"rows": 5},
            None,
            None,
        )
        assert job.finished_at is not None

    def test_it_tells_how_far_it_is(self, fresh):
        number, told = put(fresh), []

        def task(job):
            for step in range(1, 4):
                job.progress(step, 3, f"第{step}步")
                found = look(fresh, number)
                told.append((found.done, found.total, found.label))
            return {}

        do(fresh, number, task)
        assert told == [(1, 3, "第1步"), (2, 3, "第2步"), (3, 3, "第3步")]

    def test_what_comes_at_once_after_is_not_written(self, fresh, monkeypatch):
        monkeypatch.setattr(running, "EVERY", 10**12)
        number, seen = put(fresh), []

        def task(job):
            for _ in range(100):
                job.advance(1)
                seen.append(look(fresh, number).done)
            return {}

        do(fresh, number, task)
        assert set(seen) == {1}
        assert look(fresh, number).done == 100

    def test_a_refusal_is_kept_with_code_and_facts(self, fresh):
        def task(_job):
            raise Invalid("file_kind", "file", "x.doc", accepted="CSV")

        number = put(fresh)
        with pytest.raises(Invalid):
            do(fresh, number, task)
        job = look(fresh, number)
        assert (job.state, job.error_code, job.trouble["value"]) == (JobState.failed, "file_kind", "x.doc")
        assert "x.doc" in say(job.error_code, job.trouble)

    def test_a_mistake_of_the_program_is_kept_too(self, fresh):
        number = put(fresh)
        with pytest.raises(ZeroDivisionError):
            do(fresh, number, lambda _: {"x": 1 // 0})
        job = look(fresh, number)
        assert (job.state, job.error_code) == (JobState.failed, "unexpected")
        assert "test_jobs.py" in job.trouble["place"]

    def test_a_busy_book_lets_it_wait_for_another_try_but_not_for_ever(self, fresh):
        def task(_job):
            raise Busy

        number = put(fresh)
        for attempt in range(1, MOST_ATTEMPTS + 1):
            with pytest.raises(Busy):
                do(fresh, number, task)
            assert look(fresh, number).attempts == attempt
        assert (look(fresh, number).state, look(fresh, number).error_code) == (JobState.failed, "busy")

    def test_it_waits_again_when_the_worker_is_stopped(self, fresh):
        number, stop = put(fresh), Event()
        job = jobs.Running(fresh, take(fresh, number), ME, stop)
        stop.set()
        with pytest.raises(jobs.Stopping):
            jobs.perform(job, one_step)
        assert (look(fresh, number).state, look(fresh, number).attempts) == (JobState.queued, 0)

    def test_a_worker_that_was_silent_too_long_ends_at_its_next_step(self, fresh):
        number = put(fresh)
        late = jobs.Running(fresh, take(fresh, number), ME)
        expire(fresh, number)
        take(fresh, number, OTHER)
        with pytest.raises(jobs.LeaseLost):
            jobs.perform(late, one_step)
        assert (look(fresh, number).state, look(fresh, number).worker) == (JobState.running, OTHER)

    def test_it_cannot_write_its_result_over_that_of_the_next(self, fresh):
        number = put(fresh)
        late = jobs.Running(fresh, take(fresh, number), ME)
        expire(fresh, number)
        jobs.perform(jobs.Running(fresh, take(fresh, number, OTHER), OTHER), lambda _: {"by": OTHER})
        jobs.perform(late, lambda _: {"by": ME})
        assert look(fresh, number).outcome == {"by": OTHER}


class TestCancelling:
    def test_one_that_waits_is_over_at_once(self, fresh):
        number = put(fresh)
        with transaction(fresh) as session:
            assert jobs.cancel(session, number).state is JobState.cancelled
        assert waiting(fresh) == []
        with pytest.raises(jobs.JobOver), transaction(fresh) as session:
            jobs.cancel(session, number)

    def test_one_that_runs_ends_between_two_steps_and_keeps_what_it_did(self, fresh):
        number, done = put(fresh), []

        def task(job):
            for step in range(1, 9):
                done.append(step)
                if step == 3:
                    with transaction(fresh) as session:
                        assert jobs.cancel(session, number).state is JobState.running
                job.progress(step, 8)
            return {}

        with pytest.raises(jobs.Cancelled):
            do(fresh, number, task)
        job = look(fresh, number)
        assert (done, job.state, job.done, job.total) == ([1, 2, 3], JobState.cancelled, 3, 8)

    def test_there_is_no_such_job(self, fresh):
        with pytest.raises(NotFound), transaction(fresh) as session:
            jobs.cancel(session, 99)


class TestOnceMore:
    def test_a_failed_one_may_be_done_again(self, fresh):
        number = put(fresh)
        with pytest.raises(ZeroDivisionError):
            do(fresh, number, lambda _: {"x": 1 // 0})
        with transaction(fresh) as session:
            jobs.again(session, number)
        do(fresh, number, lambda _: {"x": 1})
        assert (look(fresh, number).state, look(fresh, number).error_code) == (JobState.done, None)

    def test_a_done_one_may_not(self, fresh):
        number = put(fresh)
        do(fresh, number, lambda _: {})
        with pytest.raises(jobs.JobDone), transaction(fresh) as session:
            jobs.again(session, number)

    def test_one_that_a_worker_does_is_not_done_beside_it(self, fresh):
        number = put(fresh)
        take(fresh, number)
        with pytest.raises(jobs.JobHeld):
            jobs.run(fresh, number, lambda _: {})


def test_only_the_holder_writes_to_a_job(fresh):
    number = put(fresh)
    take(fresh, number)
    with transaction(fresh) as session:
        assert held(session, number, OTHER, {"done": 5}) is None
        assert held(session, number, ME, {"done": 5}) is False
    assert look(fresh, number).done == 5
