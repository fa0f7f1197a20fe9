"""The list of permits that end: who is on it, how urgent, and who may see it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from registry.identity.rules import SYSTEM
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.vocabulary import OperatingState, RenewalStage, Role
from registry.workflows.expiry_list import expiry_list, read_within
from tests.factories import CITY, COUNTY, LONG_AGO, permit, right, spell, user, world

TODAY = date(2025, 6, 30)
NEIGHBOUR = "500241"


@pytest.fixture
def book(session):
    world(session, TODAY, (COUNTY, NEIGHBOUR))
    return session


def ends(session, number, days, region=COUNTY):
    """Enter a right whose permit's application day lies so many days ahead."""
    last = TODAY + timedelta(days=days + 30)
    return right(session, number, region=region, valid=(date(2020, 1, 1), last))


def numbers(session, actor=SYSTEM, **given):
    return [row.expiry.right for row in expiry_list(session, actor, **given).rows]


class TestWho:
    def test_the_most_urgent_comes_first_with_the_days_left_to_apply(self, book):
        for number, days in (("C", 300), ("A", -60), ("B", -3), ("D", 366)):
            ends(book, number, days)
        found = expiry_list(book, SYSTEM)
        told = [(row.expiry.right, row.days_left, row.stage and row.stage.at) for row in found.rows]
        assert told == [
            ("A", -60, RenewalStage.expired),
            ("B", -3, RenewalStage.late),
            ("C", 300, RenewalStage.year),
        ]
        assert (found.until, found.notice) == (date(2026, 6, 30), 30)
        assert found.reached(RenewalStage.late) == 1

    def test_within_counts_days_to_the_application_day(self, book):
        ends(book, "A", 60)
        ends(book, "B", 61)
        ends(book, "C", 800)
        assert numbers(book, within=60) == ["A"]
        assert numbers(book, within=61) == ["A", "B"]
        last = expiry_list(book, SYSTEM, within=800).rows[-1]
        assert (last.expiry.right, last.stage) == ("C", None)

    def test_a_permit_followed_by_another_or_by_an_open_one_is_not_on_it(self, book):
        one, two = ends(book, "A", 10), ends(book, "B", 10)
        permit(book, one, "示例-A-2", (TODAY, date(2035, 1, 1)))
        permit(book, two, "示例-B-2", (TODAY, None))
        assert numbers(book) == []

    def test_a_superseded_successor_does_not_count(self, book):
        permit(book, ends(book, "A", 10), "示例-A-2", (TODAY, date(2035, 1, 1))).superseded_at = LONG_AGO
        book.flush()
        assert numbers(book) == ["A"]

    def test_of_two_permits_that_end_together_one_is_listed(self, book):
        found = ends(book, "A", 10)
        permit(book, found, "示例-A-2", (TODAY, TODAY + timedelta(days=40)))
        [row] = expiry_list(book, SYSTEM).rows
        assert row.expiry.permit == "示例-A-2"

    def test_a_mine_that_is_closing_applies_for_nothing(self, book):
        spell(book, ends(book, "A", 10), OperatingState.closing, TODAY)
        spell(book, ends(book, "B", 10), OperatingState.closing, TODAY + timedelta(days=1))
        assert numbers(book) == ["B"]

    def test_a_mine_that_a_plan_only_names_is_not_on_it(self, book):
        ends(book, "A", 10).counted = False
        book.flush()
        assert numbers(book) == []


class TestJurisdiction:
    def test_a_county_sees_its_own(self, book):
        ends(book, "A", 10)
        ends(book, "B", 20, NEIGHBOUR)
        clerk, city = user(book, "clerk", Role.clerk), user(book, "city", Role.municipal, CITY)
        assert numbers(book, clerk) == ["A"]
        assert numbers(book, city) == ["A", "B"]
        assert numbers(book, city, region=NEIGHBOUR) == ["B"]
        with pytest.raises(NotFound):
            expiry_list(book, clerk, region=NEIGHBOUR)


@pytest.mark.parametrize("text", ["-1", "3661", "1.5", "x", "٣", "99999"])
def test_within_is_a_number_of_days(text):
    with pytest.raises(Invalid) as refused:
        read_within(text)
    assert refused.value.field == "within"


def test_nothing_written_asks_for_all_reminders():
    assert (read_within(""), read_within(" 60 "), read_within("0")) == (None, 60, 0)


def test_statements_do_not_grow_with_the_permits(book):
    sent: list[str] = []
    event.listen(book.get_bind(), "before_cursor_execute", lambda *told: sent.append(told[2]))

    def ask():
        sent.clear()
        expiry_list(book, SYSTEM)
        return len(sent)

    ends(book, "SZ-0", 10)
    ask()
    few = ask()
    for at in range(1, 30):
        ends(book, f"SZ-{at}", at)
    assert ask() == few <= 5, sent
