"""How many statements an act sends: a return at most 25, a batch hardly more than one return."""

from datetime import date

import pytest
from sqlalchemy import Engine, event

from registry.identity.queries import actor_named
from registry.kernel.vocabulary import Role
from registry.output.service import record_many
from registry.platform.db import reader, transaction
from registry.workflows.cap_status import status
from tests.factories import CITY, COUNTY, cap, right, user, world
from tests.services.steps import order

MOST = 25  # issue 2, with BEGIN and COMMIT


def number(at: int) -> str:
    return f"SZ-2025-{at:04d}"


@pytest.fixture
def book(fresh):
    """A county and its municipality with a cap each, and a clerk who enters returns of fifty mines."""
    with transaction(fresh) as session:
        world(session, date(2025, 6, 30))
        for region in (COUNTY, CITY):
            cap(session, "90 亿吨/年", region=region)
        for at in range(50):
            right(session, number(at))
        user(session, "jingban", Role.clerk)
    return fresh


@pytest.fixture
def sent(book):
    """Gather the statements that are sent, BEGIN and COMMIT among them."""
    found: list[str] = []
    event.listen(book, "before_cursor_execute", lambda *told: found.append(told[2]))
    if book.dialect.name != "sqlite":  # there the house begins by a statement of its own
        event.listen(book, "begin", lambda _: found.append("BEGIN"))
    event.listen(book, "commit", lambda _: found.append("COMMIT"))
    return found


def enter(engine: Engine, period: str, count: int = 1, text: str = "10 t") -> None:
    """Record a period of so many mines in one transaction."""
    with transaction(engine) as session:
        actor = actor_named(session, "jingban")
        record_many(session, actor, [order(number(at), period, text) for at in range(count)])


def test_one_return_sends_at_most_25(book, sent):
    enter(book, "2025-01")
    assert len(sent) <= MOST, sent


def test_a_batch_sends_no_more(book, sent):
    enter(book, "2025-01")
    one = len(sent)
    enter(book, "2025-02", count=50)
    assert len(sent) - one <= one, sent[one:]


def test_the_state_of_caps_is_read_alike_however_many_returns_there_are(book, sent):
    def ask(as_of: date | None) -> int:
        before = len(sent)
        with reader(book) as session:
            status(session, 2025, as_of=as_of)
        return len(sent) - before

    enter(book, "2025-01")
    few = ask(None), ask(date(2025, 6, 30))
    enter(book, "2025-02", count=50)
    assert (ask(None), ask(date(2025, 6, 30))) == few
    assert max(few) <= MOST, sent
