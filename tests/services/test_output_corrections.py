"""Correcting and taking back returns: rows stay, meters follow."""

from datetime import date

import pytest

from registry.identity.rules import SYSTEM
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.vocabulary import Covered, OperatingState
from registry.output.rules import NotReturned
from registry.output.service import void
from registry.rights.models import RightMineral
from registry.rights.queries import permits_of
from tests.factories import (
    LIMESTONE,
    QUARTZ,
    ZINC,
    associate,
    cap,
    mineral,
    permit,
    right,
    world,
)
from tests.services.steps import (
    alarms,
    correct,
    meter,
    movements,
    order,
    revisions,
    standing,
    tell,
    tonnes,
)

MINE, WELL = "SZ-2025-0001", "SZ-2025-0002"


@pytest.fixture
def book(session):
    """A county with a binding limestone cap of 100 t."""
    world(session)
    return cap(session, "100 t/年")


@pytest.fixture
def mine(session, book):
    return right(session, MINE, scale="1000 t/年")


class TestCorrection:
    def test_it_reverses_and_adds_on_the_same_meter(self, session, book, mine):
        tell(session, MINE, "2025-03", "12 t")
        answer = correct(session, MINE, "2025-03", "20 t")
        assert (answer["revision"], answer["meters"][0]["before"], answer["meters"][0]["after"]) == (
            2,
            "12",
            "20",
        )
        found = meter(session, book)
        assert movements(session, found) == [
            (tonnes(12), tonnes(12), 1),
            (-tonnes(12), 0, 0),
            (tonnes(20), tonnes(20), 0),
        ]
        assert (found.used, found.returns, found.seq) == (tonnes(20), 1, 3)

    def test_the_earlier_revision_stays_as_it_was_and_is_superseded(self, session, book, mine):
        tell(session, MINE, "2025-03", "12 t")
        correct(session, MINE, "2025-03", "20 t")
        old, new = revisions(session, "2025-03")
        assert (old.quantity, old.reason, old.revision) == (tonnes(12), None, 1)
        assert (new.quantity, new.reason, new.revision) == (tonnes(20), "示例更正", 2)
        assert (old.superseded_at, new.superseded_at) == (new.recorded_at, None)

    @pytest.mark.parametrize("reason", [None, "", "  "])
    def test_it_needs_a_reason(self, session, mine, reason):
        with pytest.raises(Invalid) as caught:
            order(MINE, "2025-03", "12 t", correct=True, reason=reason)
        assert caught.value.field == "reason"

    def test_of_nothing_it_is_a_first_return(self, session, book, mine):
        assert correct(session, MINE, "2025-03", "20 t")["revision"] == 1
        assert meter(session, book).returns == 1

    def test_it_moves_to_the_line_that_covers_it_now(self, session, book):
        mine = right(session, MINE, valid=(date(2020, 1, 1), date(2025, 2, 28)))
        tell(session, MINE, "2025-03", "12 t")
        permit(session, mine, "示例-续", (date(2025, 3, 1), None), scale="1000 t/年")
        correct(session, MINE, "2025-03", "20 t")
        assert (meter(session, book).used, meter(session, book).uncovered) == (tonnes(20), 0)
        assert revisions(session, "2025-03")[-1].covered is Covered.full
        [expired] = alarms(session, "after_expiry")
        assert expired.receded

    def test_it_moves_off_the_line_that_covers_it_no_more(self, session, book, mine):
        tell(session, MINE, "2025-03", "12 t")
        [held] = permits_of(session, [mine.id or 0]).popitem()[1]
        held.valid_to = date(2025, 2, 28)
        session.flush()
        correct(session, MINE, "2025-03", "20 t")
        assert (meter(session, book).used, meter(session, book).uncovered) == (tonnes(20), tonnes(20))
        assert standing(session, "after_expiry") == [f"after_expiry:{MINE}/{LIMESTONE}/2025-03"]

    def test_to_nothing_the_alarms_of_the_month_recede(self, session, book):
        right(session, MINE, valid=(date(2020, 1, 1), date(2025, 2, 28)), state=OperatingState.stopped)
        tell(session, MINE, "2025-03", "12 t")
        correct(session, MINE, "2025-03", "0 t")
        assert standing(session) == []
        assert (meter(session, book).used, meter(session, book).uncovered) == (0, 0)

    def test_it_reverses_what_counted_even_where_it_counts_no_more(self, session, book, mine):
        mineral(session, ZINC, "32010")
        zinc = cap(session, "50 t/年", ZINC)
        tell(session, MINE, "2025-03", "7 t", mineral=ZINC)  # not licensed: counted
        associate(session, mine, ZINC)  # the right turns out to have it as an associated mineral
        correct(session, MINE, "2025-03", "9 t", mineral=ZINC)
        found = meter(session, zinc)
        assert (found.used, found.uncovered, found.returns) == (0, 0, 0)

    def test_it_counts_anew_what_did_not_count(self, session, book, mine):
        mineral(session, ZINC, "32010")
        zinc = cap(session, "50 t/年", ZINC)
        associate(session, mine, ZINC)
        tell(session, MINE, "2025-03", "7 t", mineral=ZINC)
        session.get_one(RightMineral, (mine.id, ZINC)).counted = True
        session.flush()
        correct(session, MINE, "2025-03", "9 t", mineral=ZINC)
        assert (meter(session, zinc).used, meter(session, zinc).returns) == (tonnes(9), 1)


class TestVoid:
    def test_it_takes_the_return_off_the_meter_and_keeps_its_rows(self, session, book, mine):
        tell(session, MINE, "2025-02", "5 t")
        tell(session, MINE, "2025-03", "12 t", lost="1", lost_unit="t")
        answer = void(session, SYSTEM, f"{MINE.lower()}/{LIMESTONE}/2025-03", " 误报 ")
        assert answer["return"] == f"{MINE}/{LIMESTONE}/2025-03"
        assert (answer["revision"], answer["meters"][0]["before"], answer["meters"][0]["after"]) == (
            2,
            "17",
            "5",
        )
        old, new = revisions(session, "2025-03")
        assert (old.quantity, old.voided, old.superseded_at) == (tonnes(12), False, new.recorded_at)
        assert (new.quantity, new.voided, new.reason, new.lost, new.nil) == (0, True, "误报", None, False)
        assert (meter(session, book).used, meter(session, book).returns) == (tonnes(5), 1)

    def test_it_takes_an_uncovered_return_off_its_line(self, session, book):
        right(session, MINE, valid=(date(2020, 1, 1), date(2025, 2, 28)))
        tell(session, MINE, "2025-03", "12 t")
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-03", "误报")
        assert (meter(session, book).used, meter(session, book).uncovered) == (0, 0)
        assert standing(session) == []

    def test_afterwards_the_period_can_be_told_anew(self, session, book, mine):
        tell(session, MINE, "2025-03", "12 t")
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-03", "误报")
        answer = tell(session, MINE, "2025-03", "12 t")  # the same figure, and no correction
        assert (answer["revision"], answer["unchanged"]) == (3, False)
        found = meter(session, book)
        assert (found.used, found.returns) == (tonnes(12), 1)
        assert [amount for amount, _, _ in movements(session, found)] == [tonnes(12), -tonnes(12), tonnes(12)]

    def test_an_associated_mineral_has_nothing_to_reverse(self, session, book, mine):
        mineral(session, ZINC, "32010")
        associate(session, mine, ZINC)
        tell(session, MINE, "2025-03", "7 t", mineral=ZINC)
        assert void(session, SYSTEM, f"{MINE}/{ZINC}/2025-03", "误报")["meters"] == []

    def test_twice_is_refused(self, session, book, mine):
        tell(session, MINE, "2025-03", "12 t")
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-03", "误报")
        with pytest.raises(NotReturned):
            void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-03", "误报")
        assert meter(session, book).used == 0

    @pytest.mark.parametrize(
        "public_id", [f"{MINE}/{LIMESTONE}/2025-04", f"{MINE}/{QUARTZ}/2025-03", "x", "无/无/无"]
    )
    def test_what_was_never_told_is_not_found(self, session, book, mine, public_id):
        tell(session, MINE, "2025-03", "12 t")
        with pytest.raises(NotFound) as caught:
            void(session, SYSTEM, public_id, "误报")
        assert caught.value.facts["what"] == "return"

    def test_it_needs_a_reason(self, session, book, mine):
        tell(session, MINE, "2025-03", "12 t")
        with pytest.raises(Invalid) as caught:
            void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-03", " ")
        assert caught.value.field == "reason"
