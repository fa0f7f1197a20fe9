"""Licensing is serial: whoever asks for capacity sees what everybody before was given.

The gate is the row of the top region. Each race is run again without its lock.
"""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from registry.caps.models import Commitment
from registry.caps.rules import CapExceeded
from registry.caps.service import holds, place_hold, release_hold, use_hold
from registry.identity.rules import SYSTEM
from registry.kernel.errors import Busy
from registry.kernel.lifecycle import WrongState
from registry.platform.db import reader, transaction
from tests.factories import cap, world
from tests.races.rivals import Act, at_once, errors, meet_after
from tests.races.unlocked import begin_deferred, without_row_locks
from tests.services.demands import demand

CLERKS, EXPIRES = 8, date(2025, 12, 31)


@pytest.fixture
def book(fresh, monkeypatch):
    """A county with a binding cap of 100 t, where clerks meet when they have weighed their demand."""
    with transaction(fresh) as session:
        world(session, date(2025, 11, 10))
        cap(session, "100 t/年", years=(2021, 2060))
    meet_after(monkeypatch, holds, "admit", CLERKS)
    return fresh


def holding(text: str) -> Act:
    """Return the act of placing a hold."""
    return lambda session: place_hold(session, SYSTEM, demand(text, "2026-01-01"), EXPIRES).id


def using(hold_id: int, text: str) -> Act:
    """Return the act of turning a hold into licensed capacity."""
    return lambda session: use_hold(session, SYSTEM, hold_id, demand(text, "2026-01-01")).id


def taken(engine: Engine) -> int:
    """Return how many tonnes are held and licensed."""
    with reader(engine) as session:
        live = session.exec(select(Commitment).where(col(Commitment.superseded_at).is_(None))).all()
        return sum(one.amount or 0 for one in live) // 1_000_000


def refusals(given: list[Any]) -> list[type[Exception]]:
    """Return the kinds of what was raised."""
    return [type(error) for error in errors(given)]


class TestHolds:
    def test_eight_clerks_ask_for_30_of_100_and_three_get_it(self, book):
        """Lock: `gate` in caps/service/holds.py; on SQLite BEGIN IMMEDIATE in platform/db.py."""
        given = at_once(book, [holding("30 t")] * CLERKS)
        assert refusals(given) == [CapExceeded] * 5
        assert taken(book) == 90

    def test_without_the_gate_the_cap_is_passed(self, book, monkeypatch):
        if book.dialect.name == "sqlite":
            begin_deferred(monkeypatch, book)
            assert Busy in refusals(at_once(book, [holding("30 t")] * CLERKS))
        else:
            monkeypatch.setattr(holds, "gate", lambda session: None)
            at_once(book, [holding("30 t")] * CLERKS)
            assert taken(book) > 100


class TestUse:
    @pytest.fixture
    def hold(self, book) -> int:
        with transaction(book) as session:
            return place_hold(session, SYSTEM, demand("60 t", "2026-01-01"), EXPIRES).id or 0

    def test_a_hold_is_used_or_released_once(self, book, hold):
        """Lock: `gate`, and `locked` in `_standing`, of caps/service/holds.py: either is enough."""

        def release(session):
            return release_hold(session, SYSTEM, hold, "流拍").id

        given = at_once(book, [using(hold, "60 t"), release] * (CLERKS // 2))
        assert refusals(given) == [WrongState] * (CLERKS - 1)

    def test_use_beyond_the_hold_and_new_holds_share_the_rest(self, book, hold):
        """Lock: `gate` in caps/service/holds.py; on SQLite BEGIN IMMEDIATE in platform/db.py."""
        given = at_once(book, [using(hold, "80 t"), *[holding("30 t")] * (CLERKS - 1)])
        assert len(errors(given)) == CLERKS - 1
        assert taken(book) in (80, 90)

    def test_without_gate_and_lock_of_the_hold_it_is_used_by_each(self, book, hold, monkeypatch):
        acts = [using(hold, "60 t")] * CLERKS
        if book.dialect.name == "sqlite":
            begin_deferred(monkeypatch, book)
            meet_after(monkeypatch, holds, "_standing", CLERKS)
            assert Busy in refusals(at_once(book, acts))
        else:
            without_row_locks(monkeypatch)
            meet_after(monkeypatch, holds, "_standing", CLERKS)
            at_once(book, acts)
            assert taken(book) > 60
