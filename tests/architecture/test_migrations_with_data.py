"""Migrations run down and up again over a book full of data, on both databases."""

from datetime import date

from alembic import command
from sqlalchemy import inspect
from sqlmodel import col, select

from registry.alarms.models import AlarmStep
from registry.identity.rules import SYSTEM
from registry.identity.service import add_user
from registry.kernel.vocabulary import Role, Severity
from registry.output.rules import read_output
from registry.output.service import record
from registry.platform import jobs
from registry.platform.db import connect, reader, transaction
from registry.platform.jobs import Job, JobRegion
from registry.workflows.check import check
from seed.play import play
from tests.databases import alembic
from tests.factories import COUNTY, right, set_clock, world


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
    with alembic(fresh_url) as config:
        command.downgrade(config, "0005")
        command.upgrade(config, "head")
        command.check(config)
    engine = connect(fresh_url)
    with reader(engine) as session:
        places = session.exec(select(JobRegion.job_id, JobRegion.region)).all()
        marks = session.exec(select(Job.mark).order_by(col(Job.id))).all()
    engine.dispose()
    assert sorted(places) == [(1, "500101"), (1, COUNTY), (2, "500101"), (3, COUNTY)]
    assert marks == [1, None, None, None]


def test_of_steps_of_before_level_and_revision_are_unknown(fresh_url: str) -> None:
    engine = connect(fresh_url)
    with transaction(engine) as session:
        world(session)
        right(session, "SZ-2025-0001", scale="50 t/年")
        sent = {"right_no": "SZ-2025-0001", "period": "2025-01", "quantity": "51", "unit": "t"}
        record(session, SYSTEM, read_output(sent))
    engine.dispose()
    with alembic(fresh_url) as config:
        command.downgrade(config, "0007")
        command.upgrade(config, "head")
        command.check(config)
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
