"""One plan as people read it: what amends it, its figures over time, and what an amendment will do."""

from datetime import date

import pytest

from registry.alarms.queries import alarms
from registry.caps.service.licensing import OPEN_ENDED_YEARS
from registry.identity.rules import SYSTEM, Actor, SamePerson
from registry.kernel.errors import Forbidden, NotFound
from registry.kernel.quantity import parse
from registry.kernel.vocabulary import AlarmAct, AlarmCode, CapState, Role
from registry.minerals.queries import catalogue
from registry.plans.models import PlanDocument
from registry.plans.queries import documents, readable_places
from registry.plans.rules import read_amendment, read_plan
from registry.plans.service import enter_amendment, withdraw_amendment
from registry.workflows.adopt_plan import adopt, confirm
from registry.workflows.plan_book import one_plan, preview_confirm
from seed.catalogue import load_catalogue, read_seed
from tests.factories import right, set_clock
from tests.services.steps import tell
from tests.services.test_plans import (
    AMENDMENT,
    APPROVER,
    CITY,
    CITY_PLAN,
    CLERK,
    COUNTY,
    COUNTY_PLAN,
    LIMESTONE,
    amend,
    with_cap,
    with_document,
)

NUMBER = AMENDMENT["document"]["number"]
NAME = f"{COUNTY}/{LIMESTONE}/year"


@pytest.fixture
def book(session):
    """The county plan in force in June 2025; one right has dug 1250 of 1200 万吨."""
    load_catalogue(session)
    set_clock(session, date(2025, 6, 2))
    for source in (CITY_PLAN, COUNTY_PLAN):
        adopt(session, SYSTEM, read_plan(read_seed(source), catalogue(session)))
    right(session, "SZ-2020-0001", LIMESTONE, scale=None)
    tell(session, "SZ-2020-0001", "2025-05", "1250 万吨")
    return session


def plan(session) -> PlanDocument:
    """Return the county's plan."""
    return next(one for one in plans(session) if one.amends_id is None)


def plans(session) -> list[PlanDocument]:
    return documents(session, [COUNTY])


class TestOne:
    def test_an_amendment_shows_old_and_new_figure(self, book):
        told = one_plan(book, amend(book).id or 0, {COUNTY})
        assert told.amends == plan(book)
        [change] = told.changes
        assert (change.before.limit, change.limit, change.grows) == (
            parse("1200 万吨"), parse("1300 万吨"), parse("100 万吨"),
        )  # fmt: skip
        assert told.is_pending
        assert told.effects == ()

    @pytest.mark.parametrize("next_day", [2, 3])
    def test_so_it_does_when_it_is_in_force_and_amended_again(self, book, next_day):
        first = confirm(book, APPROVER, amend(book).id or 0)
        set_clock(book, date(2025, 6, next_day))  # or it stands still, as a demonstration's does
        again = with_document(with_cap(AMENDMENT, value="1400"), number="某规资〔2025〕10号")
        second = confirm(book, APPROVER, amend(book, again).id or 0)
        [change] = one_plan(book, first.id or 0, None).changes
        assert (change.before.limit, change.limit) == (parse("1200 万吨"), parse("1300 万吨"))
        [change] = one_plan(book, second.id or 0, None).changes
        assert (change.before.limit, change.limit) == (parse("1300 万吨"), parse("1400 万吨"))

    @pytest.mark.parametrize("next_day", [2, 3])
    def test_a_withdrawn_one_keeps_what_stood_when_it_was_withdrawn(self, book, next_day):
        lower, higher = with_cap(AMENDMENT, value="800"), with_cap(AMENDMENT, value="1400")
        waits = amend(book, with_document(higher, number="某规资〔2025〕8号"))
        gone = amend(book, lower)
        told = one_plan(book, gone.id or 0, None).changes[0]
        withdraw_amendment(book, CLERK, gone.id or 0, "录错")
        book.commit()  # the audit trail is written with it
        set_clock(book, date(2025, 6, next_day))  # or it stands still, as a demonstration's does
        for pending in (waits, amend(book, lower)):
            confirm(book, APPROVER, pending.id or 0)
            book.commit()
            [change] = one_plan(book, gone.id or 0, None).changes
            assert (change.before.limit, change.grows) == (told.before.limit, told.grows)
            assert change.before.limit == parse("1200 万吨")

    def test_a_withdrawn_one_tells_what_came_before_it_was_withdrawn(self, book):
        gone = amend(book, with_cap(AMENDMENT, value="800"))
        other = amend(book, with_document(AMENDMENT, number="某规资〔2025〕8号"))
        set_clock(book, date(2025, 6, 3))
        confirm(book, APPROVER, other.id or 0)
        set_clock(book, date(2025, 6, 4))
        withdraw_amendment(book, CLERK, gone.id or 0, "录错")
        book.commit()
        [change] = one_plan(book, gone.id or 0, None).changes
        assert change.before.limit == parse("1300 万吨")

    def test_of_two_confirmed_in_one_moment_the_acts_tell_which_came_first(self, book):
        second = amend(book, with_document(with_cap(AMENDMENT, value="1400"), number="某规资〔2025〕10号"))
        first = amend(book)
        for one in (first, second):
            confirm(book, APPROVER, one.id or 0)
            book.commit()
        limits = [one_plan(book, one.id or 0, None).changes[0].before.limit for one in (first, second)]
        assert limits == [parse("1200 万吨"), parse("1300 万吨")]

    def test_a_plan_knows_its_amendments_and_every_version_of_a_cap(self, book):
        withdrawn = withdraw_amendment(book, CLERK, amend(book).id or 0, "录错")
        adopted = confirm(book, APPROVER, amend(book).id or 0)
        told = one_plan(book, plan(book).id or 0, None)
        assert told.amendments == [withdrawn, adopted]
        assert told.changes == []
        spans = [(str(line.valid_from), line.printed_value, doc.number) for line, doc in told.versions[NAME]]
        assert spans == [
            ("2021-01-01", "1200", None), ("2025-07-01", "1300", NUMBER), ("2025-07-01", "1300", NUMBER),
            ("2021-01-01", "1200", None),
        ]  # fmt: skip

    def test_it_tells_which_alarms_its_confirmation_let_go(self, book):
        [effect] = one_plan(book, confirm(book, APPROVER, amend(book).id or 0).id or 0, None).effects
        assert (effect.act, effect.told["code"]) == (AlarmAct.receded, AlarmCode.cap_exceeded)

    def test_a_county_reads_the_plan_above_it_but_not_a_neighbour_s(self, book):
        assert readable_places(book, CLERK) == {COUNTY, CITY}
        neighbour = readable_places(book, Actor("lin", frozenset({(Role.clerk, "500101")})))
        assert neighbour == {"500101", CITY}
        [above] = documents(book, [CITY])
        assert one_plan(book, above.id or 0, neighbour).document == above
        for number in (plan(book).id or 0, 0, -1, 2**63, 10**30):
            with pytest.raises(NotFound):
                one_plan(book, number, neighbour)


class TestPreview:
    def test_tells_limits_states_and_alarms_and_leaves_nothing(self, book):
        at = amend(book).id or 0
        book.flush()
        standing = [(one.id, one.receded) for one in alarms(book)]
        told = preview_confirm(book, APPROVER, at)
        [moved] = told.caps
        assert (moved.cap, moved.year, moved.before.limit, moved.after.limit) == (
            NAME, 2025, parse("1200 万吨"), parse("1300 万吨"),
        )  # fmt: skip
        assert (moved.before.state, moved.after.state) == (CapState.exceeded, CapState.warning)
        assert moved.after.output == parse("1250 万吨")
        assert [(one.act, one.told["code"]) for one in told.alarms] == [
            (AlarmAct.receded, AlarmCode.cap_exceeded)
        ]
        book.expire_all()
        assert [(one.id, one.receded) for one in alarms(book)] == standing
        assert one_plan(book, at, None).is_pending
        assert one_plan(book, plan(book).id or 0, None).told["caps"][3]["in_force"]

    def test_it_tells_every_year_that_changes_and_no_other(self, book):
        set_clock(book, date(2026, 1, 31))
        spans = {"valid_from": "2024-07-01", "valid_to": "2025-12-31"}
        told = preview_confirm(book, APPROVER, amend(book, with_document(AMENDMENT, **spans)).id or 0)
        assert [(one.year, one.before.carried_forward, one.after.carried_forward) for one in told.caps] == [
            (2024, False, False), (2025, False, False), (2026, True, True),
        ]  # fmt: skip
        assert {(one.before.limit, one.after.limit) for one in told.caps} == {
            (parse("1200 万吨"), parse("1300 万吨"))
        }

    @pytest.mark.parametrize(("first", "year"), [("2025-02-01", 2025), ("2999-02-01", 2999)])
    def test_where_no_year_changes_the_nearest_is_told(self, book, first, year):
        source = with_document(AMENDMENT, valid_from=first, valid_to=f"{year}-03-31")
        told = preview_confirm(book, APPROVER, amend(book, source).id or 0)
        assert [one.year for one in told.caps] == [year]

    def test_no_year_is_looked_at_beyond_the_longest_term(self, book):
        source = with_document(AMENDMENT, valid_from="1900-01-01", valid_to="2999-12-31")
        years = [one.year for one in preview_confirm(book, APPROVER, amend(book, source).id or 0).caps]
        assert years == list(range(2025 - OPEN_ENDED_YEARS, 2025 + OPEN_ENDED_YEARS + 1))

    def test_it_is_exactly_what_confirming_does(self, book):
        at = amend(book, with_cap(AMENDMENT, value="1000")).id or 0
        told = preview_confirm(book, APPROVER, at)
        confirm(book, APPROVER, at)
        done = one_plan(book, at, None).effects
        assert [(a.act, a.told["code"], a.told["limit"]) for a in told.alarms] == [
            (a.act, a.told["code"], a.told["limit"]) for a in done
        ]

    def test_whoever_entered_it_may_not_even_try(self, book):
        with pytest.raises(SamePerson):
            preview_confirm(book, CLERK, amend(book).id or 0)
        other = Actor("mou", frozenset({(Role.clerk, COUNTY)}))
        with pytest.raises(Forbidden):
            preview_confirm(book, other, plans(book)[-1].id or 0)


class TestScanThatFollows:
    def test_the_same_content_with_a_scan_brings_it_to_what_waits(self, book):
        entered = amend(book)
        again = _with_scan(book, "a" * 64)
        assert (again.id, again.scan) == (entered.id, "a" * 64)
        assert _with_scan(book, "b" * 64).scan == "a" * 64

    def test_but_not_to_what_is_in_force(self, book):
        confirm(book, APPROVER, amend(book).id or 0)
        assert _with_scan(book, "a" * 64).scan is None


def _with_scan(session, scan: str) -> PlanDocument:
    return enter_amendment(session, CLERK, read_amendment(AMENDMENT, catalogue(session)), scan)
