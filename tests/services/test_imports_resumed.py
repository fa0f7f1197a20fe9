"""An import that goes on later writes over nothing that came to stand since its table was uploaded."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from registry.identity.queries import actor_named
from registry.jobs.tasks import TASKS
from registry.kernel.vocabulary import JobState, Role, UploadKind
from registry.output.models import OutputReturn
from registry.output.rules import read_output
from registry.output.service import record, take_back
from registry.platform import clock, jobs
from registry.platform.db import reader, transaction
from registry.platform.jobs import Job, Running
from registry.settings import settings
from registry.wording import say
from registry.workflows import import_returns
from registry.workflows.uploads import Order, for_good, place, report_of, take_in
from tests.factories import LIMESTONE, cap, right, user, world

MINE = "SZ-2025-0001"
HEAD = "right_no,period,quantity,unit"
RIVALS = (("jia", "20"), ("yi", "30"))
MONTHS = ("2025-01", "2025-02", "2025-03", "2025-04")


@pytest.fixture
def book(fresh: Engine) -> Engine:
    """A mine with four months told, two clerks; the clock of the book stands still."""
    with transaction(fresh) as session:
        world(session)
        cap(session, "1000 t/年")
        right(session, MINE, scale=None)
        for name in ("jia", "yi"):
            user(session, name, Role.clerk)
    for month in MONTHS:
        correct(fresh, "yi", month, "10")
    return fresh


@pytest.fixture(autouse=True)
def row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_returns, "BATCH", 1)


def correct(engine: Engine, name: str, month: str, tonnes: str) -> None:
    """Record or correct a month as somebody does in the form."""
    fields = {"right_no": MINE, "period": month, "quantity": tonnes, "unit": "t"}
    with transaction(engine) as session:
        record(session, actor_named(session, name), read_output(fields, correct=True, reason="核实"))


def upload(engine: Engine, name: str, *rows: tuple[str, str], correct: bool = True, **more: object) -> int:
    """Upload a table of months and tonnes; return the number of its job."""
    content = "\n".join([HEAD, *(f"{MINE},{month},{tonnes},t" for month, tonnes in rows)])
    order = Order(UploadKind.returns, f"{name}.csv", content.encode(), correct=correct, reason="盘库", **more)  # type: ignore[arg-type]
    return put(engine, name, order)


def put(engine: Engine, name: str, order: Order) -> int:
    with transaction(engine) as session:
        actor = actor_named(session, name)
        return place(session, actor, order, take_in(actor, order, settings().files_dir), None).id or 0


def kill_after(engine: Engine, number: int, rows: int) -> None:
    """Let a worker die when it has kept so many rows, and the lease of its job run out."""
    with transaction(engine) as session:
        job = jobs.claim(session, number, "killed")
        assert job is not None
    running = Running(engine, job, "killed")
    original, left = running.advance, iter(range(rows))

    def advance(steps: int) -> None:
        original(steps)
        if next(left, rows) == rows - 1:
            raise KeyboardInterrupt

    running.advance = advance  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        TASKS[job.kind](running)
    with transaction(engine) as session:
        session.get_one(Job, number).leased_until = clock.wall() - timedelta(seconds=1)


def work(engine: Engine, number: int) -> tuple[int, int, list[tuple[str, str]]]:
    """Let a worker do a job; return what was accepted and unchanged, and code and sentence of each fault."""
    jobs.run(engine, number, TASKS["import_returns"])
    job = look(engine, number)
    assert job.state is JobState.done, job.error_code
    report = report_of(job, settings().files_dir)
    assert report is not None
    told = [(row["code"], say(row["code"], row["facts"])) for row in report.rejected]
    return job.outcome["accepted"], job.outcome["unchanged"], told


def look(engine: Engine, number: int) -> Job:
    with reader(engine) as session:
        return jobs.get(session, number)


def stands(engine: Engine) -> list[tuple[str, int, str]]:
    """Return value, revision and actor of each month that stands."""
    statement = select(OutputReturn).where(col(OutputReturn.superseded_at).is_(None))
    with reader(engine) as session:
        found = session.exec(statement.order_by(OutputReturn.period)).all()
        return [(row.value, row.revision, row.actor) for row in found]


class TestKilled:
    def test_what_others_corrected_meanwhile_stays_and_is_told(self, book):
        number = upload(book, "jia", *((month, "20") for month in MONTHS))
        kill_after(book, number, 1)
        correct(book, "yi", "2025-01", "31")  # over a row that the import has kept
        correct(book, "yi", "2025-02", "32")  # before the import came to it
        correct(book, "yi", "2025-03", "20")  # to the very figure of the import
        accepted, unchanged, told = work(book, number)
        assert (accepted, unchanged, [code for code, _ in told]) == (1, 1, ["changed_since"] * 2)
        assert (
            f"{MINE}/{LIMESTONE}/2025-01 已由 yi 于 2025-06-30 09:00 改动（第 3 次登记），现为 31 t"
            in told[0][1]
        )
        assert "请核对" in told[0][1]
        assert stands(book) == [("31", 3, "yi"), ("32", 2, "yi"), ("20", 2, "yi"), ("20", 2, "jia")]

    def test_another_import_meanwhile_stays(self, book):
        first = upload(book, "jia", *((month, "20") for month in MONTHS))
        kill_after(book, first, 2)
        assert work(book, upload(book, "yi", ("2025-02", "32"), ("2025-03", "33")))[0] == 2
        accepted, unchanged, told = work(book, first)
        assert (accepted, unchanged, [code for code, _ in told]) == (1, 1, ["changed_since"] * 2)
        assert [value for value, *_ in stands(book)] == ["20", "32", "33", "20"]

    def test_what_it_has_kept_itself_is_unchanged(self, book):
        number = upload(book, "jia", *((month, "20") for month in MONTHS))
        kill_after(book, number, 3)
        assert work(book, number) == (1, 3, [])

    def test_a_month_that_stands_twice_in_a_table_meets_only_itself(self, book):
        number = upload(book, "jia", ("2025-01", "20"), ("2025-01", "21"), ("2025-02", "22"))
        kill_after(book, number, 2)
        assert work(book, number)[2] == []
        assert [value for value, *_ in stands(book)][:2] == ["21", "22"]

    @pytest.mark.parametrize("correcting", [True, False])
    def test_what_was_taken_back_meanwhile_stays_taken_back(self, book, correcting):
        number = upload(book, "jia", ("2025-01", "20"), correct=correcting)
        with transaction(book) as session:
            take_back(session, actor_named(session, "yi"), f"{MINE}/{LIMESTONE}/2025-01", "报错矿山")
        accepted, _, [(code, sentence)] = work(book, number)
        assert (accepted, code) == (0, "changed_since")
        assert "现为 已作废" in sentence

    def test_a_first_return_that_came_meanwhile_is_not_corrected_unseen(self, book):
        number = upload(book, "jia", ("2025-05", "20"))
        correct(book, "yi", "2025-05", "35")
        assert [code for code, _ in work(book, number)[2]] == ["changed_since"]
        assert stands(book)[-1] == ("35", 1, "yi")


class TestUploadedWhen:
    def test_done_once_more_it_counts_from_the_upload(self, book):
        number = upload(book, "jia", ("2025-01", "20"), ("2025-02", "20"))
        with transaction(book) as session:
            jobs.cancel(session, number)
        correct(book, "yi", "2025-01", "31")
        with transaction(book) as session:
            jobs.again(session, number)
        accepted, _, told = work(book, number)
        assert (accepted, [code for code, _ in told]) == (1, ["changed_since"])

    def test_entered_for_good_it_counts_from_the_trial(self, book):
        trial = upload(book, "jia", ("2025-01", "20"), ("2025-02", "20"), dry_run=True)
        assert work(book, trial)[2] == []
        correct(book, "yi", "2025-01", "31")
        with_trial = for_good(look(book, trial), settings().files_dir)
        accepted, _, told = work(book, put(book, "jia", with_trial))
        assert (accepted, [code for code, _ in told]) == (1, ["changed_since"])

    def test_sent_again_after_a_look_it_is_taken(self, book):
        number = upload(book, "jia", ("2025-01", "20"))
        correct(book, "yi", "2025-01", "31")
        assert len(work(book, number)[2]) == 1
        assert work(book, upload(book, "jia", ("2025-01", "20"))) == (1, 0, [])

    def test_of_two_at_once_each_month_takes_one_and_tells_the_other(self, book):
        numbers = [upload(book, name, *((month, figure) for month in MONTHS)) for name, figure in RIVALS]
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(lambda number: work(book, number), numbers))
        assert sum(accepted for accepted, *_ in done) == len(MONTHS)
        assert [code for *_, told in done for code, _ in told] == ["changed_since"] * len(MONTHS)
        assert [revision for _, revision, _ in stands(book)] == [2] * len(MONTHS)
        assert {(who, figure) for figure, _, who in stands(book)} <= set(RIVALS)

    def test_what_stands_keeps_the_import_that_recorded_it(self, book):
        number = upload(book, "jia", ("2025-01", "20"))
        work(book, number)
        with transaction(book) as session:
            take_back(session, actor_named(session, "yi"), f"{MINE}/{LIMESTONE}/2025-01", "报错矿山")
            statement = select(OutputReturn.job_id).where(OutputReturn.period == "2025-01")
            assert session.exec(statement.order_by(col(OutputReturn.revision))).all() == [None, number, None]
