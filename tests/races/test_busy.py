"""Waiting has an end: who gets no lock in time is told that the registry is busy, and has written nothing.

The line is `lock_timeout` in `platform.db.connect` (PostgreSQL) and `busy_timeout` (SQLite); what they raise
becomes Busy in `platform.db`, and exit code 4 on the command line.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, func, select

from registry import cli
from registry.caps.models import Movement
from registry.cli import common
from registry.identity.rules import SYSTEM
from registry.kernel.errors import Busy
from registry.output.models import OutputReturn
from registry.output.service.recording import record
from registry.platform.audit import AuditEntry
from registry.platform.db import connect, reader, transaction
from registry.rights.queries import locked_rights
from tests.races.books import enter, faults, number
from tests.races.rivals import at_once, errors
from tests.services.steps import order


@pytest.fixture
def impatient(fresh_url) -> Iterator[Engine]:
    """An engine on a small book, whose writers wait for a fifth of a second only."""
    engine = connect(fresh_url)
    wait = "PRAGMA busy_timeout = 200" if engine.dialect.name == "sqlite" else "SET lock_timeout = '200ms'"

    def hurry(connection: Any, _record: object) -> None:
        connection.execute(wait)
        connection.commit()

    event.listen(engine, "connect", hurry)
    enter(engine, 2)
    yield engine
    engine.dispose()


def telling(session: Session) -> str:
    """Report a month."""
    return record(session, SYSTEM, order(number(0), "2025-05", "90 t")).public_id


def written(engine: Engine) -> list[int]:
    """Return how many rows returns, movements and audit entries have."""
    with reader(engine) as session:
        counts = (select(func.count()).select_from(t) for t in (OutputReturn, Movement, AuditEntry))
        return [session.exec(count).one() for count in counts]


def test_who_waits_too_long_is_told_and_has_written_nothing(impatient):
    with transaction(impatient) as holder:
        locked_rights(holder, [number(0)])
        assert [type(error) for error in errors(at_once(impatient, [telling]))] == [Busy]
        assert written(impatient) == [0, 0, 0]
    assert errors(at_once(impatient, [telling])) == []
    assert faults(impatient) == []


def test_the_command_line_ends_with_4(impatient, monkeypatch, capsys):
    monkeypatch.setattr(common, "engine", lambda: impatient)
    words = ["registry", "output", "record", number(0), "2025-05", "90 t", "--json"]
    monkeypatch.setattr(sys, "argv", words)
    with transaction(impatient) as holder:
        locked_rights(holder, [number(0)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    assert ended.value.code == 4
    told = capsys.readouterr()
    assert (told.out, '"code": "busy"' in told.err) == ("", True)


def test_a_deadlock_ends_with_one_busy_and_one_done(server):
    """Rights are locked in one order, so the service itself runs into none: here they are locked by hand."""
    enter(server, 2)
    crossed = Barrier(2)

    def lock(first: int, second: int) -> str | Exception:
        try:
            with transaction(server) as session:
                locked_rights(session, [number(first)])
                crossed.wait()
                locked_rights(session, [number(second)])
                return record(session, SYSTEM, order(number(first), "2025-05", "3 t")).public_id
        except Busy as busy:
            return busy

    with ThreadPoolExecutor(2) as pool:
        given = list(pool.map(lock, (0, 1), (1, 0)))
    assert sorted(isinstance(one, Busy) for one in given) == [False, True]
    assert written(server)[0] == 1
    assert faults(server) == []
