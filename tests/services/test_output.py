"""Recording returns: what is kept, how often, by whom, and under which key."""

from datetime import date

import pytest
from sqlmodel import select

from registry.identity.rules import SYSTEM
from registry.kernel.errors import Forbidden, Invalid, NotFound, RegistryError
from registry.kernel.vocabulary import Covered, Kind, Role
from registry.output.rules import AlreadyReturned
from registry.output.service import record_many, record_once, void
from registry.platform.audit import AuditEntry
from tests.factories import COUNTY, LIMESTONE, ZINC, cap, mineral, right, user, world
from tests.services.steps import correct, meter, movements, order, revisions, tell, tonnes

MINE, WELL = "SZ-2025-0001", "SZ-2025-0002"


@pytest.fixture
def book(session):
    """A county with a binding limestone cap of 100 t."""
    world(session)
    return cap(session, "100 t/年")


@pytest.fixture
def mine(session, book):
    return right(session, MINE, scale="1000 t/年")


class TestWithinPermit:
    def test_the_answer_has_the_shape_of_the_contract(self, session, mine):
        answer = tell(session, MINE, "2025-03", "12.50 吨")
        assert answer["return"] == f"{MINE}/{LIMESTONE}/2025-03"
        assert (answer["revision"], answer["unchanged"], answer["alarms"]) == (1, False, [])
        [metered] = answer["meters"]
        assert metered == {
            "cap": f"{COUNTY}/{LIMESTONE}/year", "period": "2025", "unit": "t",
            "before": "0", "after": "12.5",
        }  # fmt: skip

    def test_the_row_keeps_what_was_written_and_what_it_means(self, session, mine):
        tell(
            session,
            MINE,
            "2025-03",
            "0.00125 万吨",
            lost="2.5",
            lost_unit="吨",
            note="示例",
            source="三月.xlsx",
        )
        [row] = revisions(session, "2025-03")
        assert (row.value, row.unit, row.quantity, row.kind) == ("0.00125", "万吨", 12_500_000, Kind.mass)
        assert (row.lost, row.lost_value, row.lost_unit) == (2_500_000, "2.5", "吨")
        assert (row.first_day, row.last_day, row.year) == (date(2025, 3, 1), date(2025, 3, 31), 2025)
        assert (row.covered, row.during_stop, row.counted, row.nil) == (Covered.full, False, True, False)
        assert (row.note, row.source, row.actor, row.superseded_at) == ("示例", "三月.xlsx", "system", None)

    def test_the_loss_moves_no_meter(self, session, book, mine):
        tell(session, MINE, "2025-03", "12 t", lost="50", lost_unit="t")
        assert meter(session, book).used == tonnes(12)

    def test_each_return_makes_one_movement(self, session, book, mine):
        tell(session, MINE, "2025-01", "12 t")
        tell(session, MINE, "2025-02", "3 t")
        found = meter(session, book)
        assert movements(session, found) == [(tonnes(12), tonnes(12), 1), (tonnes(3), tonnes(15), 1)]
        assert (found.used, found.uncovered, found.returns, found.seq) == (tonnes(15), 0, 2, 2)

    def test_the_meter_knows_the_latest_period_whatever_the_order(self, session, book, mine):
        tell(session, MINE, "2025-04", "1 t")
        tell(session, MINE, "2025-02", "1 t")
        assert meter(session, book).through == date(2025, 4, 30)

    def test_years_have_meters_of_their_own(self, session, book, mine):
        tell(session, MINE, "2024-12", "70 t")
        tell(session, MINE, "2025-01", "60 t")
        assert (meter(session, book, "2024").used, meter(session, book, "2025").used) == (
            tonnes(70),
            tonnes(60),
        )

    def test_a_nil_return_counts_as_a_return_and_nothing_more(self, session, book, mine):
        answer = tell(session, MINE, "2025-03", nil="是")
        [row] = revisions(session, "2025-03")
        assert (row.nil, row.quantity, row.value, row.unit, answer["alarms"]) == (True, 0, "0", "t", [])
        assert (meter(session, book).returns, meter(session, book).used) == (1, 0)

    def test_a_zero_is_a_nil_return(self, session, mine):
        tell(session, MINE, "2025-03", "0 t")
        assert revisions(session, "2025-03")[0].nil

    def test_the_act_is_audited_with_its_figures(self, session, mine):
        tell(session, MINE, "2025-03", "12 t")
        session.commit()
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.act == "output.record")).all()
        assert (entry.region, entry.actor, entry.record) == (COUNTY, "system", f"{MINE}/{LIMESTONE}/2025-03")
        assert '"quantity":12000000' in entry.text
        assert '"revision":1' in entry.text

    def test_a_mineral_without_any_cap_is_kept_and_meters_nothing(self, session, mine):
        mineral(session, ZINC, "32010")
        right(session, WELL, ZINC)
        answer = tell(session, WELL, "2025-03", "5 t")
        assert (answer["meters"], answer["alarms"], len(revisions(session, "2025-03"))) == ([], [], 1)


class TestPermissions:
    def test_a_clerk_records_for_the_own_county(self, session, mine):
        clerk = user(session, "jingban", Role.clerk)
        tell(session, MINE, "2025-03", "12 t", actor=clerk)
        assert revisions(session, "2025-03")[0].actor == "jingban"

    def test_an_inspector_may_look_but_not_record(self, session, mine):
        inspector = user(session, "jianchayuan", Role.inspector)
        with pytest.raises(Forbidden):
            tell(session, MINE, "2025-03", "12 t", actor=inspector)

    def test_a_right_of_another_county_is_not_there(self, session):
        world(session, counties=(COUNTY, "500241"))
        right(session, MINE)
        stranger = user(session, "waixian", Role.clerk, "500241")
        with pytest.raises(NotFound) as caught:
            tell(session, MINE, "2025-03", "12 t", actor=stranger)
        assert caught.value.facts["what"] == "right"

    def test_nobody_takes_back_what_they_may_not_record(self, session, mine):
        tell(session, MINE, "2025-03", "12 t")
        with pytest.raises(Forbidden):
            void(session, user(session, "jianchayuan", Role.inspector), f"{MINE}/{LIMESTONE}/2025-03", "误报")


class TestRepeat:
    def test_equal_figures_are_unchanged(self, session, book, mine):
        tell(session, MINE, "2025-03", "12 t")
        again = tell(session, MINE, "2025-03", "12000 kg")
        assert (again["unchanged"], again["revision"], again["meters"], again["alarms"]) == (True, 1, [], [])
        assert (len(revisions(session, "2025-03")), meter(session, book).seq) == (1, 1)

    def test_equal_figures_are_unchanged_even_as_a_correction(self, session, book, mine):
        tell(session, MINE, "2025-03", "12 t")
        assert correct(session, MINE, "2025-03", "12 t")["unchanged"]

    @pytest.mark.parametrize(
        ("other", "field", "had"),
        [
            ({"text": "12.000001 t"}, "quantity", "12 t"),
            ({"text": "0 t"}, "quantity", "12 t"),
            ({"text": "12 t", "lost": "2", "lost_unit": "t"}, "lost", "1 t"),
        ],
    )
    def test_other_figures_are_already_returned(self, session, book, mine, other, field, had):
        tell(session, MINE, "2025-03", "12 t", lost="1", lost_unit="t")
        with pytest.raises(AlreadyReturned) as caught:
            tell(session, MINE, "2025-03", **other)
        facts = caught.value.facts
        assert (caught.value.code, facts["field"], facts["had"]) == ("already_returned", field, had)
        assert meter(session, book).used == tonnes(12)

    def test_a_nil_and_a_figure_are_not_the_same(self, session, book, mine):
        tell(session, MINE, "2025-03", nil="1")
        with pytest.raises(AlreadyReturned):
            tell(session, MINE, "2025-03", "12 t")


class TestBatch:
    def test_a_bad_row_stops_no_other(self, session, book, mine):
        orders = [
            order(MINE, "2025-01", "1 t"),
            order("SZ-2025-9999", "2025-01", "2 t"),
            order(MINE, "2025-02", "4 t"),
        ]
        results = record_many(session, SYSTEM, orders)
        assert [r.is_new for r in results] == [True, False, True]
        assert isinstance(results[1].error, NotFound)
        assert meter(session, book).used == tonnes(5)

    def test_an_empty_batch_does_nothing(self, session, book):
        assert record_many(session, SYSTEM, []) == []

    def test_the_same_row_twice_is_kept_once(self, session, book, mine):
        results = record_many(session, SYSTEM, [order(MINE, "2025-01", "1 t")] * 2)
        assert [(r.is_new, r.unchanged) for r in results] == [(True, False), (False, True)]
        assert (meter(session, book).used, meter(session, book).returns) == (tonnes(1), 1)

    @pytest.mark.parametrize("correcting", [False, True])
    def test_two_figures_for_one_period_are_never_both_kept(self, session, book, mine, correcting):
        more = {"correct": True, "reason": "示例"} if correcting else {}
        results = record_many(session, SYSTEM, [order(MINE, "2025-01", f"{n} t", **more) for n in (1, 2)])
        assert results[0].is_new
        assert isinstance(results[1].error, AlreadyReturned)
        assert meter(session, book).used == tonnes(1)

    def test_every_row_knows_what_it_did_to_the_meter(self, session, book, mine):
        results = record_many(session, SYSTEM, [order(MINE, f"2025-0{n}", f"{n} t") for n in (1, 2, 3)])
        steps = [(c.before.base, c.after.base) for r in results for c in r.changes]
        assert steps == [(0, tonnes(1)), (tonnes(1), tonnes(3)), (tonnes(3), tonnes(6))]

    def test_rows_of_other_counties_are_refused_one_by_one(self, session):
        world(session, counties=(COUNTY, "500241"))
        right(session, MINE)
        right(session, WELL, region="500241")
        clerk = user(session, "jingban", Role.clerk)
        mine, other = record_many(
            session, clerk, [order(MINE, "2025-01", "1 t"), order(WELL, "2025-01", "1 t")]
        )
        assert mine.is_new
        assert isinstance(other.error, NotFound)


class TestIdempotency:
    def test_the_same_key_and_input_get_the_first_answer(self, session, book, mine):
        first = record_once(session, SYSTEM, order(MINE, "2025-03", "12 t"), "k1")
        tell(session, MINE, "2025-04", "30 t")
        assert record_once(session, SYSTEM, order(MINE, "2025-03", "12 t"), "k1") == first
        assert (meter(session, book).used, meter(session, book).returns) == (tonnes(42), 2)

    def test_the_same_key_with_other_input_is_refused(self, session, book, mine):
        record_once(session, SYSTEM, order(MINE, "2025-03", "12 t"), "k1")
        with pytest.raises(Invalid) as caught:
            record_once(session, SYSTEM, order(MINE, "2025-03", "13 t"), "k1")
        assert caught.value.code == "idempotency_mismatch"

    def test_keys_belong_to_their_actor(self, session, book, mine):
        record_once(session, SYSTEM, order(MINE, "2025-03", "12 t"), "k1")
        clerk = user(session, "jingban", Role.clerk)
        assert record_once(session, clerk, order(MINE, "2025-04", "13 t"), "k1")["revision"] == 1

    def test_a_refused_act_does_not_use_up_its_key(self, session, book, mine):
        tell(session, MINE, "2025-03", "12 t")
        with pytest.raises(RegistryError), session.begin_nested():
            record_once(session, SYSTEM, order(MINE, "2025-03", "13 t"), "k1")
        told = order(MINE, "2025-03", "13 t", correct=True, reason="示例")
        assert record_once(session, SYSTEM, told, "k1")["revision"] == 2
