"""Two reviewers at one alarm: one step is written, the other reviewer meets the state that it left."""

import pytest
from sqlalchemy import Engine

from registry.alarms import service
from registry.alarms.queries import steps
from registry.alarms.service import handle, raise_
from registry.identity.rules import Actor
from registry.kernel.errors import Busy
from registry.kernel.lifecycle import WrongState
from registry.kernel.vocabulary import AlarmAct, Role
from registry.platform.db import reader, transaction
from tests.factories import COUNTY, world
from tests.races.rivals import Act, at_once, errors, meet_after
from tests.races.unlocked import begin_deferred, without_row_locks
from tests.services.test_alarms import NEAR

TWO = 2


def taking(alarm: int, act: AlarmAct, name: str) -> Act:
    """Return the act of one reviewer."""
    reviewer = Actor(name, frozenset({(Role.reviewer, COUNTY)}))
    return lambda session: handle(session, reviewer, alarm, act, f"{name} 核实").state


def taken(engine: Engine, alarm: int) -> list[AlarmAct]:
    """Return what happened to the alarm."""
    with reader(engine) as session:
        return [step.act for step in steps(session, [alarm])[alarm]]


@pytest.fixture
def alarm(fresh, monkeypatch) -> int:
    """An alarm whose reviewers meet when they have read it."""
    with transaction(fresh) as session:
        world(session)
        found = raise_(session, "jingban", NEAR)
    meet_after(monkeypatch, service, "locked_by_id", TWO)
    return found.id or 0


class TestTwoReviewers:
    @pytest.mark.parametrize("act", [AlarmAct.acknowledged, AlarmAct.closed])
    def test_one_of_two_takes_the_step(self, fresh, alarm, act):
        """Lock: `locked_by_id` in alarms/queries.py; on SQLite BEGIN IMMEDIATE."""
        given = at_once(fresh, [taking(alarm, act, name) for name in ("shenhe", "shenpi")])
        assert [type(error) for error in errors(given)] == [WrongState]
        assert taken(fresh, alarm) == [AlarmAct.raised, act]

    def test_without_the_lock_both_do_or_one_breaks(self, fresh, alarm, monkeypatch):
        if fresh.dialect.name == "sqlite":
            begin_deferred(monkeypatch, fresh)
        else:
            without_row_locks(monkeypatch)
        given = at_once(fresh, [taking(alarm, AlarmAct.closed, name) for name in ("shenhe", "shenpi")])
        if fresh.dialect.name == "sqlite":
            assert [type(error) for error in errors(given)] == [Busy]
        else:
            assert taken(fresh, alarm) == [AlarmAct.raised, AlarmAct.closed, AlarmAct.closed]
