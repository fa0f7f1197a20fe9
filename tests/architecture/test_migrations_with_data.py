"""Migrations run down and up again over a book full of data, on both databases."""

from datetime import date, datetime, time

from alembic import command
from sqlalchemy import Engine, inspect
from sqlmodel import Session, col, select

from registry.alarms.models import AlarmStep
from registry.identity.rules import SYSTEM
from registry.identity.service import add_user
from registry.kernel.vocabulary import OperatingState, Role, Severity
from registry.output.models import ReturnDuty
from registry.output.rules import read_output
from registry.output.service import open_duties, record, void
from registry.platform import clock, jobs
from registry.platform.db import connect, reader, transaction
from registry.platform.jobs import Job, JobRegion
from registry.registration.service import set_state
from registry.workflows.check import check
from seed.play import play
from tests.databases import alembic
from tests.factories import COUNTY, LIMESTONE, right, set_clock, world
from tests.services.steps import tell


def down_and_up(url: str, revision: str) -> None:
    """Take a book of today down to a revision and up again, as one of that time would come up."""
    with alembic(url) as config:
        command.downgrade(config, revision)
        command.upgrade(config, "head")
        command.check(config)


def test_down_and_up_over_the_demonstration(demonstration_url: str) -> None:
    with alembic(demonstration_url) as config:
        command.downgrade(config, "base")
    engine = connect(demonstration_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    with alembic(demonstration_url) as config:
        command.upgrade(config, "head")
        command.check(config)
    play(engine, None, lambda _: None)
    with reader(engine) as session:
        assert check(session)["ok"]
    engine.dispose()


def test_jobs_of_before_get_their_regions_and_what_they_knew(fresh_url: str) -> None:
    """An import of before 0006 belongs wherever its actor has a role, and knows what was told before it."""
    engine = connect(fresh_url)
    with transaction(engine) as session:
        world(session, counties=(COUNTY, "500101"))
        right(session, "SZ-2025-0001")
        for region in (COUNTY, "500101"):
            add_user(session, SYSTEM, "dual", Role.clerk, region)
        told = {"right_no": "SZ-2025-0001", "period": "2025-01", "quantity": "1", "unit": "t"}
        record(session, SYSTEM, read_output(told))
        jobs.enqueue(session, "import_returns", "dual", file="x")
        jobs.enqueue(session, "batch", "dual", regions=["500101"])
        jobs.enqueue(session, "print", "dual", about=(COUNTY,))
        jobs.enqueue(session, "nightly", "system")
        set_clock(session, date(2025, 7, 1))
        record(session, SYSTEM, read_output(told | {"period": "2025-02"}))
    engine.dispose()
    down_and_up(fresh_url, "0005")
    engine = connect(fresh_url)
    with reader(engine) as session:
        places = session.exec(select(JobRegion.job_id, JobRegion.region)).all()
        marks = session.exec(select(Job.mark).order_by(col(Job.id))).all()
    engine.dispose()
    assert sorted(places) == [(1, "500101"), (1, COUNTY), (2, "500101"), (3, COUNTY)]
    assert marks == [1, None, None, None]


MINE = "SZ-2025-0001"
STORY = (
    ("2025-02-05", "tell", "2025-01"), ("2025-02-06", "void", "2025-01"), ("2025-04-20", "tell", "2025-02"),
    ("2025-05-06", "tell", "2025-01"), ("2025-06-01", "void", "2025-01"),
    ("2025-07-05", "stopped", "2025-02-01"), ("2025-07-06", "producing", "2025-02-01"),
    ("2025-07-07", "stopped", "2025-03-10"), ("2025-08-05", "producing", "2025-04-20"),
)  # fmt: skip


def live(through: Engine) -> dict[tuple[str, int], datetime]:
    """Return when each duty that stands was opened, by period and number."""
    with reader(through) as session:
        found = session.exec(select(ReturnDuty).where(col(ReturnDuty.dropped_at).is_(None))).all()
        return {(duty.period, duty.opened): duty.opened_at for duty in found}


def play_story(session: Session) -> None:
    """Enter a mine whose returns are taken back, which stops and produces again, and see a new year in."""
    world(session, today=date(2025, 1, 5))
    right(session, MINE, recorded=date(2025, 1, 5))
    open_duties(session)
    for day, what, when in STORY:
        set_clock(session, date.fromisoformat(day))
        match what:
            case "tell":
                tell(session, MINE, when, "5 t")
            case "void":
                void(session, SYSTEM, f"{MINE}/{LIMESTONE}/{when}", "误报")
            case state:
                set_state(session, SYSTEM, MINE, OperatingState(state), date.fromisoformat(when), "示例")
    set_clock(session, date(2026, 1, 2))
    open_duties(session)


def test_duties_of_before_get_the_moment_they_were_opened_at(fresh_url: str) -> None:
    """A duty of before 0009 gets its moment from what was told then, or from the year it was opened ahead."""
    engine = connect(fresh_url)
    with transaction(engine) as session:
        play_story(session)
    before = live(engine)
    engine.dispose()
    down_and_up(fresh_url, "0007")
    engine = connect(fresh_url)
    after = live(engine)
    with reader(engine) as session:
        assert session.exec(select(ReturnDuty).where(col(ReturnDuty.dropped_at).is_not(None))).all() == []
    engine.dispose()
    ahead = {at: moment for at, moment in after.items() if at[0].startswith("2027")}
    assert set(ahead.values()) == {clock.at_local(date(2026, 1, 1), time(0))}
    assert after == before | ahead
    opened = {clock.local_day(moment) for at, moment in after.items() if at not in ahead}
    assert sorted(map(str, opened)) == ["2025-01-05", "2025-02-06", "2025-06-01", "2025-07-06", "2025-08-05"]


def test_of_steps_of_before_level_and_revision_are_unknown(fresh_url: str) -> None:
    engine = connect(fresh_url)
    with transaction(engine) as session:
        world(session)
        right(session, "SZ-2025-0001", scale="50 t/年")
        sent = {"right_no": "SZ-2025-0001", "period": "2025-01", "quantity": "51", "unit": "t"}
        record(session, SYSTEM, read_output(sent))
    engine.dispose()
    down_and_up(fresh_url, "0007")
    engine = connect(fresh_url)
    with transaction(engine) as session:
        fewer = sent | {"quantity": "41"}
        record(session, SYSTEM, read_output(fewer, correct=True, reason="示例更正"))
    with reader(engine) as session:
        steps = session.exec(select(AlarmStep).order_by(col(AlarmStep.id))).all()
        told = [(step.act, step.reading, step.severity, step.revision) for step in steps]
    engine.dispose()
    assert told == [
        ("raised", 51 * 10**6, None, None),
        ("receded", 41 * 10**6, Severity.warning, 2),
    ]
