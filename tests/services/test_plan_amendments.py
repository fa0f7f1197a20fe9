"""A mistyped amendment is withdrawn, and the corrected file is entered under the same number."""

from datetime import date

import pytest
from sqlmodel import select

from registry.identity.rules import SYSTEM, Actor
from registry.kernel.errors import Forbidden, Invalid, NotFound
from registry.kernel.lifecycle import WrongState
from registry.kernel.period import Year
from registry.kernel.quantity import parse
from registry.kernel.vocabulary import PlanState, Role
from registry.plans.queries import caps_over, figure, lines_in, lines_of, public
from registry.plans.rules import AmendmentPending, PersonRequired, PlanAlreadyLoaded
from registry.plans.service import confirm_amendment, withdraw_amendment
from registry.platform.audit import AuditEntry
from registry.wording import problem
from seed.catalogue import load_catalogue, read_seed
from tests.factories import set_clock
from tests.services.test_plans import (
    AMENDMENT,
    APPROVER,
    CLERK,
    COUNTY,
    COUNTY_PLAN,
    LIMESTONE,
    amend,
    limit_on,
    load,
    with_cap,
    with_document,
)

CORRECTED = with_cap(AMENDMENT, value="1350")
WHY = "数值录错"


@pytest.fixture
def book(session):
    """A session in a book with the county plan in force, on 2 January 2025."""
    load_catalogue(session)
    set_clock(session, date(2025, 1, 2))
    load(session, read_seed(COUNTY_PLAN))
    return session


@pytest.fixture
def mistyped(book):
    return amend(book)


def limestone_of(session, year: int):
    (cap,) = caps_over(session, [COUNTY], [LIMESTONE])
    return figure(cap, lines_of(session, [cap])[cap.id or 0], Year(year))


class TestWithdrawal:
    def test_the_refusal_names_the_way_out(self, book, mistyped):
        with pytest.raises(AmendmentPending) as caught:
            amend(book, CORRECTED)
        assert problem(caught.value)["detail"] == (
            f"同一文号的调整（编号 {mistyped.id}）已录入待确认；"
            f"内容有误请先撤回（registry plan withdraw {mistyped.id}）"
        )

    def test_the_number_is_free_for_the_corrected_file(self, book, mistyped):
        assert withdraw_amendment(book, CLERK, mistyped.id or 0, WHY).state is PlanState.withdrawn
        corrected = amend(book, CORRECTED)
        confirm_amendment(book, APPROVER, corrected.id or 0)
        assert limit_on(book, date(2025, 7, 1)) == parse("1350 万吨")
        with pytest.raises(PlanAlreadyLoaded):
            amend(book)

    def test_the_same_content_may_be_entered_anew_more_than_once(self, book, mistyped):
        ids = [mistyped.id]
        for _ in range(2):
            withdraw_amendment(book, CLERK, ids[-1] or 0, WHY)
            ids.append(amend(book).id)
        assert len(set(ids)) == 3

    def test_its_lines_give_no_cap_a_figure(self, book, mistyped):
        withdraw_amendment(book, CLERK, mistyped.id or 0, WHY)
        ((_, line),) = lines_in(book, mistyped)
        assert (line.recorded_at, line.superseded_at) == (None, None)
        assert limit_on(book, date(2025, 8, 1)) == parse("1200 万吨")
        (shown,) = public(book, mistyped)["caps"]
        assert shown["in_force"] is False

    def test_a_plan_is_not_amended_by_what_was_withdrawn(self, book, mistyped):
        withdraw_amendment(book, CLERK, mistyped.id or 0, WHY)
        title = AMENDMENT["document"]["title"]
        with pytest.raises(NotFound):
            amend(book, with_document(AMENDMENT, number="某规资〔2025〕11号", amends=title))

    def test_neither_what_is_in_force_nor_what_was_withdrawn(self, book, mistyped):
        withdraw_amendment(book, CLERK, mistyped.id or 0, WHY)
        adopted = confirm_amendment(book, APPROVER, amend(book).id or 0)
        for document in (mistyped, adopted):
            with pytest.raises(WrongState):
                withdraw_amendment(book, APPROVER, document.id or 0, WHY)
        with pytest.raises(WrongState):
            confirm_amendment(book, APPROVER, mistyped.id or 0)
        assert limit_on(book, date(2025, 8, 1)) == parse("1300 万吨")

    @pytest.mark.parametrize("reason", ["", "  \n"])
    def test_the_reason_has_to_be_said(self, book, mistyped, reason):
        with pytest.raises(Invalid, match="field_missing"):
            withdraw_amendment(book, CLERK, mistyped.id or 0, reason)
        assert mistyped.state is PlanState.entered

    def test_it_leaves_its_trace(self, book, mistyped):
        content = mistyped.content_hash
        withdraw_amendment(book, APPROVER, mistyped.id or 0, WHY)
        book.commit()
        entry = book.exec(select(AuditEntry).where(AuditEntry.act == "plan.withdraw")).one()
        assert (entry.actor, entry.region) == ("shen", COUNTY)
        assert WHY in entry.text
        assert content in entry.text
        assert "withdrawn:" not in entry.text

    def test_who_may(self, book, mistyped):
        number = mistyped.id or 0
        with pytest.raises(PersonRequired):
            withdraw_amendment(book, SYSTEM, number, WHY)
        with pytest.raises(Forbidden):
            withdraw_amendment(book, Actor("cha", frozenset({(Role.inspector, COUNTY)})), number, WHY)
        with pytest.raises(NotFound):
            withdraw_amendment(book, Actor("wai", frozenset({(Role.clerk, "500101")})), number, WHY)
        with pytest.raises(NotFound):
            withdraw_amendment(book, CLERK, 99, WHY)
        clerk_alone = Actor("li", frozenset({(Role.clerk, COUNTY)}))
        assert withdraw_amendment(book, clerk_alone, number, WHY).state is PlanState.withdrawn


class TestTheExample:
    """`seed/examples/amendment.yaml` is what people copy: it has to load, and do what its comments say."""

    def test_it_amends_the_county_plan(self, book):
        document = amend(book, read_seed("examples/amendment.yaml"))
        assert "示例" in (document.number or "")
        assert "示例" in document.title
        assert limestone_of(book, 2025).limit == parse("1200 万吨")
        confirm_amendment(book, APPROVER, document.id or 0)
        found = limestone_of(book, 2025)
        assert (found.limit, found.binding) == (parse("1300 万吨"), True)
        assert limestone_of(book, 2024).limit == parse("1200 万吨")

    def test_the_line_of_the_last_day_gives_the_years_figure(self, book):
        source = with_document(read_seed("examples/amendment.yaml"), valid_to="2025-11-30")
        confirm_amendment(book, APPROVER, amend(book, source).id or 0)
        assert limestone_of(book, 2025).limit == parse("1200 万吨")
