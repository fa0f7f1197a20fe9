"""Rivals at one right and period: one is kept, the others meet it. Each race runs again without its lock."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from registry.identity.rules import SYSTEM
from registry.kernel.errors import Busy
from registry.output.models import OutputReturn
from registry.output.rules import AlreadyReturned, NotReturned
from registry.output.service import recording, void, voiding
from registry.output.service.recording import record
from registry.platform.db import reader, transaction
from tests.factories import LIMESTONE
from tests.races.books import enter, faults, number
from tests.races.rivals import Act, at_once, errors, meet_after
from tests.races.unlocked import begin_deferred, without_row_locks
from tests.services.steps import order

TEN = 10
RIGHT, PERIOD = number(0), "2025-06"
RETURN = f"{RIGHT}/{LIMESTONE}/{PERIOD}"


def telling(text: str, **more: object) -> Act:
    """Return the act of reporting the period."""
    return lambda session: record(session, SYSTEM, order(RIGHT, PERIOD, text, **more))


def correcting(text: str) -> Act:
    """Return the act of correcting the period."""
    return telling(text, correct=True, reason="示例更正")


def taking_back(session):
    """Take the period back."""
    return void(session, SYSTEM, RETURN, "误报")


def revisions(engine: Engine) -> list[OutputReturn]:
    """Return every revision of the period."""
    with reader(engine) as session:
        return list(session.exec(select(OutputReturn).order_by(col(OutputReturn.revision))).all())


@pytest.fixture
def book(fresh, monkeypatch):
    """A book whose rivals meet when they have read that there is no return of the period."""
    enter(fresh, 2)
    meet_after(monkeypatch, recording, "live_returns", TEN)
    return fresh


@pytest.fixture
def reported(fresh, monkeypatch):
    """A book with a return of the period, whose rivals meet when they have read it."""
    enter(fresh, 2)
    with transaction(fresh) as session:
        record(session, SYSTEM, order(RIGHT, PERIOD, "100 t"))
    meet_after(monkeypatch, recording, "live_returns", TEN)
    meet_after(monkeypatch, voiding, "live_returns", TEN)
    return fresh


def unlock(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> type[Exception]:
    """Take the lock of the rights away, and return what the losers meet then."""
    if engine.dialect.name == "sqlite":
        begin_deferred(monkeypatch, engine)
        return Busy
    without_row_locks(monkeypatch)
    return IntegrityError


class TestFirst:
    def test_one_of_ten_is_accepted_and_equal_figures_are_unchanged(self, book):
        """Lock: `locked_rights` in output/service/facts.py `gather`; on SQLite BEGIN IMMEDIATE."""
        given = at_once(book, [telling("7 t")] * TEN)
        assert errors(given) == []
        assert sorted(one.unchanged for one in given) == [False] + [True] * 9
        assert faults(book) == []

    def test_other_figures_are_refused_as_already_returned(self, book):
        """Lock: `locked_rights` in output/service/facts.py `gather`; on SQLite BEGIN IMMEDIATE."""
        given = at_once(book, [telling(f"{1 + at} t") for at in range(TEN)])
        assert [type(error) for error in errors(given)] == [AlreadyReturned] * 9
        [kept] = revisions(book)
        assert {vars(error)["facts"]["had"] for error in errors(given)} == {f"{kept.value} t"}
        assert faults(book) == []

    def test_without_the_lock_nine_break_on_a_constraint_or_on_their_first_write(self, book, monkeypatch):
        met = unlock(book, monkeypatch)
        given = at_once(book, [telling("7 t")] * TEN)
        assert {type(error) for error in errors(given)} == {met}


class TestCorrections:
    def test_all_are_kept_one_after_another(self, reported):
        """Lock: `locked_rights` in output/service/facts.py `gather`; on SQLite BEGIN IMMEDIATE."""
        given = at_once(reported, [correcting(f"{1 + at} t") for at in range(TEN)])
        assert errors(given) == []
        found = revisions(reported)
        assert [one.revision for one in found] == list(range(1, TEN + 2))
        assert [one.superseded_at is None for one in found] == [False] * TEN + [True]
        assert faults(reported) == []

    def test_without_the_lock_they_fight_for_one_revision(self, reported, monkeypatch):
        met = unlock(reported, monkeypatch)
        given = at_once(reported, [correcting(f"{1 + at} t") for at in range(TEN)])
        assert [type(error) for error in errors(given)] == [met] * 9


class TestTakingBack:
    def test_a_return_is_taken_back_once(self, reported):
        """Lock: `locked_rights` in output/service/facts.py `gather`; on SQLite BEGIN IMMEDIATE."""
        given = at_once(reported, [taking_back] * TEN)
        assert [type(error) for error in errors(given)] == [NotReturned] * 9
        assert faults(reported) == []

    def test_corrections_go_before_or_after_it(self, reported):
        """Lock: `locked_rights` in output/service/facts.py `gather`; on SQLite BEGIN IMMEDIATE."""
        acts = [taking_back, *(correcting(f"{1 + at} t") for at in range(TEN - 1))]
        assert errors(at_once(reported, acts)) == []
        assert [one.revision for one in revisions(reported)] == list(range(1, TEN + 2))
        assert sum(one.voided for one in revisions(reported)) == 1
        assert faults(reported) == []

    def test_without_the_lock_it_is_not_taken_back_once(self, reported, monkeypatch):
        met = unlock(reported, monkeypatch)
        given = at_once(reported, [taking_back] * TEN)
        assert {type(error) for error in errors(given)} == {met}
