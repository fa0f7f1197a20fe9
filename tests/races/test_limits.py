"""A limit changes, or a cap is new, while returns are under way: alarms and meters end up agreeing with it.

A return holds the row of its right; a change of limits locks every right below. Each race is run again
without that lock.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from registry.alarms.models import Alarm
from registry.caps.models import Meter
from registry.caps.service import rejudging
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.errors import Busy
from registry.kernel.quantity import parse
from registry.kernel.vocabulary import MeterSide, Role
from registry.minerals.queries import catalogue
from registry.output.service import recording, voiding
from registry.output.service.recording import record
from registry.plans.rules import read_amendment, read_plan
from registry.plans.service import enter_amendment
from registry.platform.db import reader, transaction
from registry.workflows import adopt_plan
from tests.factories import COUNTY, LIMESTONE, cap, right, world
from tests.races.books import TODAY, faults, number
from tests.races.rivals import PATIENCE, UNLOCKED_PATIENCE, Act, errors
from tests.races.unlocked import begin_deferred
from tests.services.steps import order

CLERK = Actor("jing", frozenset({(Role.clerk, COUNTY)}))
APPROVER = Actor("shen", frozenset({(Role.approver, COUNTY)}))
RAISED = {"cap_near", "cap_warning", "cap_exceeded"}


def source(title: str, value: str, **more: str) -> dict[str, Any]:
    """Return a document with one yearly cap for limestone, in tonnes."""
    document = {
        "title": title, "number": f"{title}〔2025〕1号", "region": COUNTY, "level": "county",
        "valid_from": "2025-01-01", "valid_to": "2025-12-31", **more,
    }  # fmt: skip
    line = {"mineral": LIMESTONE, "value": value, "unit": "t/年", "period": "year", "clause": "一"}
    return {
        "document": document,
        "clauses": [{"id": "一", "text": title}],
        "caps": [line | {"binding": True}],
    }


@pytest.fixture
def book(fresh):
    """A county with two mines and no plan."""
    with transaction(fresh) as session:
        world(session, TODAY)
        for at in range(2):
            right(session, number(at), scale=None)
    return fresh


def lowering(engine: Engine) -> Act:
    """Put a cap of 200 t in force and enter its amendment to 50 t; return the act that confirms it."""
    with transaction(engine) as session:
        cap(session, "200 t/年")
        amendment = source("示例批复", "50", amends=f"示例规划 {COUNTY}{LIMESTONE}")
        entered = enter_amendment(session, CLERK, read_amendment(amendment, catalogue(session))).id or 0
    return lambda session: adopt_plan.confirm(session, APPROVER, entered).id


def adopting(engine: Engine) -> Act:
    """Return the act that loads a plan with a cap of 50 t, where there was none."""
    with reader(engine) as session:
        command = read_plan(source("示例规划", "50"), catalogue(session))
    return lambda session: adopt_plan.adopt(session, SYSTEM, command).changed


def telling(session: Session) -> str:
    """Report 60 t."""
    return record(session, SYSTEM, order(number(0), "2025-06", "60 t")).public_id


def one_within_the_other(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, at: tuple[Any, str], outer: Act, inner: Act,
    patience: float = 2 * PATIENCE,
) -> list[Any]:  # fmt: skip
    """Run the outer act up to where it has called `at`; let the inner act run then, and both end."""
    reached, ended = Event(), Event()
    original = getattr(*at)

    def paused(*args: Any, **given: Any) -> Any:
        found = original(*args, **given)
        reached.set()
        ended.wait(patience)
        return found

    def run(act: Act, before: Callable[[], object], after: Callable[[], object]) -> Any:
        before()
        try:
            with transaction(engine) as session:
                return act(session)
        except Exception as error:
            return error
        finally:
            after()

    monkeypatch.setattr(*at, paused)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(run, outer, lambda: None, reached.set)
        second = pool.submit(run, inner, reached.wait, ended.set)
        return [first.result(), second.result()]


def earlier(engine: Engine) -> None:
    """Report something before, so that the meter is there."""
    with transaction(engine) as session:
        record(session, SYSTEM, order(number(1), "2025-01", "1 t"))


def alarms(engine: Engine) -> set[str]:
    """Return the codes of the standing alarms of the output meters."""
    standing = select(Alarm.code).where(Alarm.side == MeterSide.output, col(Alarm.receded).is_(False))
    with reader(engine) as session:
        return set(session.exec(standing).all())


# Both pass the marks of 50 t with the 60 t that are reported.
ACTS = {"a lower limit": lowering, "a new cap": adopting}
RETURN, LIMIT = (recording, "_post"), (adopt_plan, "rejudge")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("is_first", [True, False], ids=["first return", "later return"])
class TestAgreement:
    def test_a_return_under_way_is_waited_for(self, book, monkeypatch, act, is_first):
        """Lock: `locked_in` in caps/service/rejudging.py, output/service/voiding.py; or BEGIN IMMEDIATE."""
        change = ACTS[act](book)
        if not is_first:
            earlier(book)
        assert errors(one_within_the_other(book, monkeypatch, RETURN, telling, change)) == []
        self.agreed(book, is_first)

    def test_a_later_return_waits_for_the_limit(self, book, monkeypatch, act, is_first):
        """Lock: `locked_in` in caps/service/rejudging.py, output/service/voiding.py; or BEGIN IMMEDIATE."""
        change = ACTS[act](book)
        if not is_first:
            earlier(book)
        assert errors(one_within_the_other(book, monkeypatch, LIMIT, change, telling)) == []
        self.agreed(book, is_first)

    def agreed(self, book, is_first):
        assert alarms(book) == RAISED
        assert faults(book, alarms=False) == []
        with reader(book) as session:
            [meter] = session.exec(select(Meter)).all()
        assert meter.used == parse("60 t" if is_first else "61 t").base


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("return_first", [True, False])
def test_without_the_lock_they_disagree(book, monkeypatch, act, return_first):
    change = ACTS[act](book)
    outer, inner = (telling, change) if return_first else (change, telling)
    is_file = book.dialect.name == "sqlite"
    if is_file:
        begin_deferred(monkeypatch, book)
    for module in (rejudging, voiding):
        monkeypatch.setattr(module, "locked_in", lambda session, regions: ())
    # it locks the rights too, but after everything is judged
    monkeypatch.setattr(adopt_plan, "open_duties", lambda session: 0)
    at, patience = RETURN if return_first else LIMIT, 2 * PATIENCE if is_file else UNLOCKED_PATIENCE
    given = one_within_the_other(book, monkeypatch, at, outer, inner, patience)
    if is_file:
        assert [type(error) for error in errors(given)] == [Busy]
    else:
        assert errors(given) == []
        assert alarms(book) != RAISED
