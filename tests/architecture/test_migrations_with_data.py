"""Migrations run down and up again over a book full of data, on both databases."""

from alembic import command
from sqlalchemy import inspect

from registry.platform.db import connect, reader
from registry.workflows.check import check
from seed.play import play
from tests.databases import alembic


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
