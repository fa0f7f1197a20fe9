"""Every list page sends at most twelve statements, sign-in and frame among them, however long the list is."""

from datetime import date

import pytest
from sqlalchemy import Engine, event

from registry.kernel.vocabulary import Role
from registry.output.service import open_duties
from registry.platform.db import transaction
from tests.factories import COUNTY, LIMESTONE, cap, right, set_clock, world
from tests.services.steps import tell

MOST = 12
FEW, MANY = 10, 60
# By hand: the lists of the desk, who opens them, and where the rows come from the rights of the book.
LISTS = (
    ("zhang", "/"),
    ("zhang", f"/caps/{COUNTY}/{LIMESTONE}/year?year=2025"),
    ("zhang", "/indicators?year=2025"),
    ("zhang", "/changes?since=2025-01-01"),
    ("zhang", "/changes/returns?since=2025-01-01"),
    ("zhang", "/changes/rights?since=2025-01-01"),
    ("zhang", "/changes/alarms?since=2025-01-01"),
    ("zhang", "/changes/plans?since=2025-01-01"),
    ("zhang", "/rights"),
    ("zhang", "/rights?page=2"),
    ("zhang", "/expiries"),
    ("zhang", "/outputs"),
    ("zhang", "/outputs/missing"),
    ("zhang", "/outputs/new"),
    ("zhang", "/imports"),
    ("zhang", "/alarms"),
    ("zhang", "/plans"),
    ("zhang", "/minerals"),
    ("zhang", "/documents"),
    ("zhang", "/jobs"),
    ("zhang", "/account"),
    ("guan", "/users"),
    ("shen", "/audit"),
)


def enter(engine: Engine, first: int, last: int) -> None:
    """Enter rights with a return over the permit in January and nothing in February."""
    with transaction(engine) as session:
        for at in range(first, last):
            number = f"SZ-2020-{at:04d}"
            valid = (date(2020, 1, 1), date(2025, 8, 1))
            right(session, number, scale="1 万吨/年", valid=valid)
            tell(session, number, "2025-01", "2 万吨")
        open_duties(session)


@pytest.fixture
def book(fresh):
    """Give a county with a cap and the first rights."""
    with transaction(fresh) as session:
        world(session, date(2025, 2, 5))
        cap(session, "100 矿石万吨/年")
    enter(fresh, 0, FEW)
    with transaction(fresh) as session:
        set_clock(session, date(2025, 4, 20))
    return fresh


def test_a_list_sends_few_statements_and_no_more_when_it_grows(book, client, desk):
    people = {
        "zhang": desk("zhang", Role.clerk),
        "guan": desk("guan", Role.administrator),
        "shen": desk("shen", Role.auditor),
    }
    sent: list[str] = []
    event.listen(client.app.state.engine, "before_cursor_execute", lambda _c, _u, text, *_: sent.append(text))

    def count(name: str, address: str) -> int:
        people[name].get(address)  # what a process reads once is read now
        sent.clear()
        answer = people[name].get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return len([one for one in sent if not one.startswith("BEGIN")])  # that is no question

    few = {one: count(*one) for one in LISTS}
    enter(book, FEW, MANY)
    many = {one: count(*one) for one in LISTS}
    wrong = [f"{one[1]}: {few[one]}, then {many[one]}" for one in LISTS if many[one] > MOST]
    grown = [f"{one[1]}: {few[one]}, then {many[one]}" for one in LISTS if many[one] > few[one] + 1]
    assert not wrong, f"more than {MOST} statements:\n" + "\n".join(wrong)
    assert not grown, "the number of statements grows with the list:\n" + "\n".join(grown)
