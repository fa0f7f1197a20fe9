"""The same request at once under one key: it acts once, and everybody gets the first answer.

A rival waits at the key until the first has committed. The race is run again without the lock.
"""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from registry.identity.rules import SYSTEM
from registry.kernel.errors import Busy, Invalid
from registry.output.models import OutputReturn
from registry.output.service import record_once, recording
from registry.platform import idempotency
from registry.platform.db import reader
from tests.races.books import enter, faults, number
from tests.races.rivals import at_once, errors, meet_after, meeting
from tests.races.unlocked import begin_deferred, once_in_two_steps
from tests.services.steps import order

EIGHT = 8


def asking(engine: Engine, texts: list[str]) -> list[Any]:
    """Send one return under one key as often as there are figures."""
    enter(engine, 2)
    commands = [order(number(0), "2025-06", text) for text in texts]
    return at_once(engine, [partial(record_once, actor=SYSTEM, command=c, key="key-1") for c in commands])


def test_it_acts_once_and_answers_alike(fresh, monkeypatch):
    """Lock: `insert_once` in platform/idempotency.py; on SQLite BEGIN IMMEDIATE in platform/db.py."""
    meet_after(monkeypatch, recording, "gather", EIGHT)
    given = asking(fresh, ["7 t"] * EIGHT)
    assert errors(given) == []
    assert all(answer == given[0] for answer in given)
    assert given[0]["unchanged"] is False
    with reader(fresh) as session:
        assert len(session.exec(select(OutputReturn)).all()) == 1
    assert faults(fresh) == []


def test_another_input_under_the_key_is_refused(fresh):
    """Lock: `insert_once` in platform/idempotency.py; on SQLite BEGIN IMMEDIATE in platform/db.py."""
    given = asking(fresh, ["7 t", "8 t"])
    [error] = errors(given)
    assert isinstance(error, Invalid)
    assert error.code == "idempotency_mismatch"


def test_without_the_lock_seven_break(fresh, monkeypatch: pytest.MonkeyPatch):
    if fresh.dialect.name == "sqlite":
        begin_deferred(monkeypatch, fresh)
    once_in_two_steps(monkeypatch, idempotency, meeting(EIGHT))
    met = Busy if fresh.dialect.name == "sqlite" else IntegrityError
    assert {type(error) for error in errors(asking(fresh, ["7 t"] * EIGHT))} == {met}
