"""Letters and the monthly progress are ordered where they are needed, and each order is one paper."""

import re
from datetime import date

import pytest

from registry.documents.queries import by_number
from registry.documents.rules import Order
from registry.documents.service import issue
from registry.jobs import prints
from registry.jobs.worker import Worker
from registry.kernel.vocabulary import AlarmCode, DocumentKind, Role
from registry.platform import jobs
from registry.platform.db import reader, transaction
from tests.factories import COUNTY, right, set_clock
from tests.services.steps import alarms
from tests.services.test_documents_kept import lay_out
from tests.web.book import TODAY, enter

ENDING, NEIGHBOUR = "SZ-2020-1001", "500101"
_FORM = re.compile(r'<form method="post" action="/documents" id="print-[^>]*>.*?</form>', re.DOTALL)
_INPUT = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')


def prepare(engine):
    """Enter the small book of the page, and a right whose permit ends soon."""
    enter(engine)
    with transaction(engine) as session:
        right(session, ENDING, valid=(date(2020, 1, 1), date(2025, 6, 30)))


@pytest.fixture
def book(fresh, monkeypatch):
    monkeypatch.setattr(prints, "print_sheet", lay_out)
    return fresh


@pytest.fixture
def clerk(book, desk):
    return desk("zhang", Role.clerk)


def forms(desk, address):
    """Return what each form of a page that orders a paper would send, by kind of paper and subject."""
    answer = desk.get(address)
    assert answer.status_code == 200, answer.text
    sent = [dict(_INPUT.findall(form)) for form in _FORM.findall(answer.text)]
    keys = [one["key"] for one in sent]
    assert len(set(keys)) == len(keys)
    return {(one["kind"], one["subject"]): one for one in sent}


def number_of(book, code, period=None):
    """Return the number of an alarm of limestone."""
    with reader(book) as session:
        return next(one.id for one in alarms(session, code) if period in (None, one.period))


def printed(book, desk, sent):
    """Send a form twice, let the worker print, and return the one paper."""
    answers = {desk.post("/documents", sent).headers["location"] for _ in range(2)}
    assert len(answers) == 1
    Worker(book).once(["print"])
    with reader(book) as session:
        job = jobs.get(session, int(answers.pop().removeprefix("/jobs/")))
        return by_number(session, job.outcome["document"])


class TestButtons:
    def test_an_alarm_of_a_cap_orders_its_notice(self, book, clerk):
        number = str(number_of(book, AlarmCode.cap_exceeded, "2025"))
        sent = forms(clerk, f"/alarms/{number}")["alarm_notice", number]
        found = printed(book, clerk, sent)
        assert (found.kind, found.subject, found.region) == (DocumentKind.alarm_notice, number, COUNTY)
        assert "超出指标" in found.data

    def test_an_alarm_of_another_kind_has_no_such_button_and_is_refused_by_hand(self, book, clerk):
        number = str(number_of(book, AlarmCode.cap_missing))
        assert not forms(clerk, f"/alarms/{number}")
        answer = clerk.post("/documents", {"kind": "alarm_notice", "subject": number})
        assert answer.status_code == 409
        assert "不是总量调控指标的读数预警" in answer.text

    def test_what_is_missing_orders_a_letter_for_each_mine_and_year(self, book, clerk):
        sent = forms(clerk, "/outputs/missing")
        found = printed(book, clerk, sent["missing_notice", "SZ-2020-0002"])
        assert (found.kind, found.year) == (DocumentKind.missing_notice, 2025)
        assert "砖" not in found.data
        assert {kind for kind, _ in sent} == {"missing_notice"}

    def test_what_ends_orders_a_reminder(self, book, clerk):
        found = printed(book, clerk, forms(clerk, "/expiries")["renewal_notice", ENDING])
        assert "2025年5月31日" in found.data

    def test_the_first_page_orders_the_progress_of_the_newest_month(self, book, clerk):
        sent = forms(clerk, "/")["progress", COUNTY]
        assert (sent["year"], sent["edition"]) == ("2025", "02")
        found = printed(book, clerk, sent)
        assert (found.kind, found.edition, found.year) == (DocumentKind.progress, "02", 2025)
        assert not forms(clerk, f"/?as_of={TODAY}")

    def test_each_month_is_a_paper_of_its_own(self, book, clerk):
        sent = forms(clerk, "/")["progress", COUNTY]
        february = printed(book, clerk, sent)
        january = printed(book, clerk, sent | {"edition": "01", "key": "another"})
        assert january.number != february.number
        with reader(book) as session:
            assert by_number(session, february.number).state == "current"


class TestRefused:
    def test_a_letter_about_nothing_missing_comes_back_with_its_sentence(self, book, clerk):
        answer = clerk.post("/documents", {"kind": "missing_notice", "subject": ENDING, "year": "2024"})
        assert answer.status_code == 409
        assert "没有需要催报的" in answer.text

    def test_another_county_finds_nothing_to_print(self, book, desk):
        number = number_of(book, AlarmCode.cap_exceeded, "2025")
        abroad = desk("linxian", Role.clerk, NEIGHBOUR)
        for sent in (
            {"kind": "alarm_notice", "subject": str(number)},
            {"kind": "missing_notice", "subject": "SZ-2020-0002", "year": "2025"},
            {"kind": "renewal_notice", "subject": ENDING},
            {"kind": "progress", "subject": COUNTY, "year": "2025", "edition": "02"},
        ):
            assert abroad.post("/documents", sent).status_code == 404


def test_a_letter_about_an_alarm_is_kept_under_the_year_of_the_alarm(book):
    with transaction(book) as session:
        set_clock(session, date(2026, 2, 1))
    subject = str(number_of(book, AlarmCode.cap_exceeded))
    number = issue(book, Order(DocumentKind.alarm_notice, subject), None, lay_out)
    with reader(book) as session:
        kept = by_number(session, number)
    assert kept is not None
    assert (kept.year, "-文-2026-" in kept.number) == (2025, True)
