"""The year end of a cap in the book: the months that are due and whole, and nothing where nobody can know."""

from datetime import date

import pytest

from registry.caps.rules import Outlook
from registry.output.service import open_duties
from registry.workflows.cap_status import CapStatus, status
from tests.factories import CITY, COUNTY, WATER, cap, right, set_clock, world
from tests.services.steps import correct, tell, tonnes

A, B = "SZ-2020-0001", "SZ-2020-0002"


@pytest.fixture
def book(session):
    """Two mines that told of January to March, thirty tonnes a month together; the clock at 11 April."""
    world(session, date(2025, 1, 2))
    cap(session, "1000 t/a")
    for number in (A, B):
        right(session, number)
    open_duties(session)
    for month in (1, 2, 3):
        set_clock(session, date(2025, month + 1, 5))
        tell(session, A, f"2025-0{month}", "20 t")
        tell(session, B, f"2025-0{month}", "10 t")
    set_clock(session, date(2025, 4, 11))
    return session


def county(session, year: int = 2025, as_of: date | None = None) -> CapStatus:
    [found] = status(session, year, COUNTY, as_of, with_outlook=True)
    return found


def test_three_whole_months_tell_the_year(book):
    assert county(book).outlook == Outlook(tonnes(360), 3)


def test_nobody_reads_the_months_who_does_not_ask(book):
    assert status(book, 2025)[0].outlook is None


def test_a_month_counts_once_its_returns_are_due(book):
    set_clock(book, date(2025, 4, 10))  # the last day on which March may come
    assert county(book).outlook is None


def test_a_month_with_a_missing_return_stays_out(book):
    set_clock(book, date(2025, 5, 11))
    tell(book, A, "2025-04", "200 t")
    assert county(book).outlook == Outlook(tonnes(360), 3)
    tell(book, B, "2025-04", "100 t")
    assert county(book).outlook == Outlook(tonnes(1170), 4)


def test_a_correction_counts_with_its_month(book):
    correct(book, A, "2025-02", "50 t")
    assert county(book).outlook == Outlook(tonnes(480), 3)


def test_the_book_is_looked_back_on_as_it_was_known(book):
    correct(book, A, "2025-02", "50 t")  # on 11 April
    set_clock(book, date(2025, 6, 1))
    assert county(book, as_of=date(2025, 4, 10)).outlook == Outlook(tonnes(360), 3)  # all due by its end
    assert county(book, as_of=date(2025, 4, 11)).outlook == Outlook(tonnes(480), 3)
    assert county(book, as_of=date(2025, 4, 9)).outlook is None


def test_a_year_that_is_over_or_has_not_begun_has_none(book):
    set_clock(book, date(2026, 1, 11))
    assert county(book).outlook is None
    assert county(book, 2026).outlook is None


def test_a_daily_cap_has_none(book):
    cap(book, "600 立方米/日", WATER)
    assert [one.outlook is None for one in status(book, 2025, with_outlook=True)] == [True, False]


def test_below_full_coverage_the_pace_of_some_is_nobodys(session):
    world(session, date(2025, 1, 2), (COUNTY, "500101"))
    cap(session, "1000 t/a", region=CITY)
    right(session, A)
    open_duties(session)
    for month in (1, 2, 3):
        set_clock(session, date(2025, month + 1, 5))
        tell(session, A, f"2025-0{month}", "20 t")
    set_clock(session, date(2025, 4, 11))
    [found] = status(session, 2025, with_outlook=True)
    assert found.is_partial
    assert found.outlook is None
