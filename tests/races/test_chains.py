"""Many acts at once in two counties: the audit chains never fork, and licensing keeps no return waiting.

Each race is run again without its lock.
"""

from functools import partial

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select
from sqlmodel.sql.expression import SelectOfScalar

from registry.alarms.models import Alarm
from registry.caps.service import place_hold
from registry.identity.rules import SYSTEM
from registry.kernel.errors import Busy
from registry.kernel.vocabulary import Role
from registry.output.service import void
from registry.output.service.recording import record
from registry.platform import audit
from registry.platform.db import reader, transaction
from registry.regions.queries import gate
from tests.factories import CITY, COUNTY, LIMESTONE, user
from tests.races.books import OTHER, enter, faults, number
from tests.races.rivals import Act, at_once, errors, meeting
from tests.races.unlocked import begin_deferred, in_two_steps
from tests.services.demands import demand
from tests.services.steps import order

TEN = 10


def life(at: int) -> Act:
    """Return an act that reports a month, corrects it, takes it back and reports it anew."""

    def act(session: Session) -> None:
        record(session, SYSTEM, order(number(at), "2025-05", "3 t"))
        record(session, SYSTEM, order(number(at), "2025-05", "4 t", correct=True, reason="示例"))
        void(session, SYSTEM, f"{number(at)}/{LIMESTONE}/2025-05", "误报")
        record(session, SYSTEM, order(number(at), "2025-05", "5 t"))

    return act


def hold(session: Session) -> None:
    """Place a small hold."""
    place_hold(session, SYSTEM, demand("1 t", "2026-01-01"), None)


def test_no_chain_forks(fresh):
    """Lock: the upsert in platform/audit.py `_chain`; on SQLite BEGIN IMMEDIATE in platform/db.py."""
    enter(fresh, TEN, "1 kt/年")
    given = at_once(fresh, [*(life(at) for at in range(TEN)), hold, hold])
    users = [(f"gong{at}", (COUNTY, OTHER)[at % 2]) for at in range(4)]
    given += at_once(fresh, [partial(user, name=name, role=Role.clerk, region=at) for name, at in users])
    assert errors(given) == []
    assert faults(fresh) == []
    with reader(fresh) as session:
        entries = session.exec(select(audit.AuditEntry.region, audit.AuditEntry.previous)).all()
    assert len(entries) == len(set(entries)) > 4 * TEN


def noting(at: int) -> Act:
    """Return an act that takes no other lock than that of the chain."""
    return lambda session: audit.note(session, COUNTY, "system", "user.add", f"gong{at}")


def test_acts_that_share_nothing_else_are_chained(fresh):
    """Lock: the upsert in platform/audit.py `_chain`; on SQLite BEGIN IMMEDIATE in platform/db.py."""
    assert errors(at_once(fresh, [noting(at) for at in range(TEN)])) == []
    assert faults(fresh) == []


def test_without_the_lock_the_losers_break_on_the_number_of_their_link(fresh, monkeypatch):
    met = Busy if fresh.dialect.name == "sqlite" else IntegrityError
    if fresh.dialect.name == "sqlite":
        begin_deferred(monkeypatch, fresh)
    in_two_steps(monkeypatch, audit, meeting(TEN))
    given = at_once(fresh, [noting(at) for at in range(TEN)])
    assert {type(error) for error in errors(given)} == {met}


def passing_the_municipal_cap(session: Session) -> str:
    """Report more than the municipal cap: the alarm's row points to the region whose row is the gate."""
    found = record(session, SYSTEM, order(number(0), "2025-05", "200 t"))
    session.flush()
    return found.public_id


def test_a_return_with_a_municipal_alarm_does_not_wait_for_licensing(server):
    """Lock: `key_share=True` in platform/db.py `locked`; with plain UPDATE the alarm waits for the gate."""
    enter(server, 2, "100 t/年")
    with transaction(server) as licensing:
        gate(licensing)
        assert errors(at_once(server, [passing_the_municipal_cap])) == []
    with reader(server) as session:
        assert len(session.exec(select(Alarm).where(Alarm.region == CITY)).all()) == 3


def test_with_the_wider_lock_it_would_wait_in_vain(server, monkeypatch):
    plain = SelectOfScalar.with_for_update
    monkeypatch.setattr(SelectOfScalar, "with_for_update", lambda statement, **_: plain(statement))
    enter(server, 2, "100 t/年")
    with transaction(server) as licensing:
        gate(licensing)
        assert [type(error) for error in errors(at_once(server, [passing_the_municipal_cap]))] == [Busy]
