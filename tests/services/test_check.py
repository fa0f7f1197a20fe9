"""`registry check` finds every kind of falsified row, and repair mends meters and nothing else."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from registry.caps.models import Meter, Movement
from registry.identity.rules import SYSTEM
from registry.kernel.errors import Forbidden, Invalid
from registry.kernel.vocabulary import Role
from registry.output.models import OutputReturn
from registry.output.service import void
from registry.platform.audit import AuditEntry, AuditHead
from registry.workflows.check import check, repair
from tests.factories import CITY, COUNTY, LIMESTONE, WATER, cap, right, user, world
from tests.services.steps import acts, alarms, correct, meter, standing, tell, tonnes

MINE, OTHER, WELL = "SZ-2025-0001", "SZ-2025-0002", "SZ-2025-0003"
NAME = f"{COUNTY}/{LIMESTONE}/year"
Falsify = Callable[[Session, Meter], object]


@pytest.fixture
def book(session):
    """A county with returns under a yearly and a daily cap: covered, uncovered, corrected, taken back."""
    world(session)
    found = cap(session, "100 t/年")
    cap(session, "600 m3/日", WATER)
    right(session, MINE)
    right(session, OTHER, valid=(date(2020, 1, 1), date(2024, 12, 31)))
    right(session, WELL, WATER)
    tell(session, MINE, "2025-01", "30 t")
    correct(session, MINE, "2025-01", "40 t")
    tell(session, OTHER, "2025-01", "20 t")
    tell(session, MINE, "2025-02", "5 t")
    void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-02", "误报")
    tell(session, WELL, "2025-02-01", "100 m3")
    session.commit()
    return found


def kinds(session: Session, **options: Any) -> list[tuple[str, str]]:
    """Return kind and key of every difference."""
    return [(found["kind"], found["key"]) for found in check(session, **options)["differences"]]


def movement(place: int, **values: Any) -> Falsify:
    """Return an act that writes into one movement of a meter."""

    def act(session: Session, found: Meter) -> None:
        where = (col(Movement.meter_id) == found.id, col(Movement.seq) == place)
        session.execute(update(Movement).where(*where).values(**values))

    return act


def stored(**values: Any) -> Falsify:
    """Return an act that writes into the meter."""
    return lambda session, found: session.execute(
        update(Meter).where(col(Meter.id) == found.id).values(**values)
    )


def returned(**values: Any) -> Falsify:
    """Return an act that writes into the standing return of January."""
    place = (col(OutputReturn.period) == "2025-01", col(OutputReturn.superseded_at).is_(None))
    return lambda session, _found: session.execute(update(OutputReturn).where(*place).values(**values))


class TestClean:
    def test_a_true_book_has_no_difference(self, session, book):
        told = check(session)
        assert (told["ok"], told["differences"]) == (True, [])
        assert (told["meters"], told["balances"]) == (2, 0)

    def test_the_heads_of_all_chains_are_told(self, session, book):
        [head] = check(session)["chain"]
        stored_head = session.get_one(AuditHead, COUNTY)
        assert head == {"region": COUNTY, "seq": stored_head.seq, "hash": stored_head.hash}
        assert kinds(session, head=f"{COUNTY}:{head['seq']}:{head['hash']}") == []

    def test_an_empty_book_is_true(self, session):
        told = check(session)
        assert (told["ok"], told["meters"], told["chain"]) == (True, 0, [])

    def test_months_told_before_a_plan_brought_a_daily_cap_are_no_difference(self, session):
        world(session)
        right(session, WELL, WATER)
        tell(session, WELL, "2025-01", "900 m3")
        cap(session, "600 m3/日", WATER)
        tell(session, WELL, "2025-02-01", "100 m3")
        session.commit()
        assert kinds(session) == []


class TestFalsified:
    @pytest.mark.parametrize(
        ("falsify", "found"),
        [
            (stored(used=tonnes(61)), ["meter", "returns"]),
            (stored(uncovered=0), ["meter"]),
            (stored(returns=3), ["meter"]),
            (stored(seq=7), ["meter"]),
            (movement(1, amount=tonnes(29)), ["meter", "movement"]),
            (movement(4, uncovered=False), ["meter", "movement"]),
            (movement(4, returns=0), ["meter", "movement"]),
            (movement(2, balance_after=tonnes(1)), ["movement"]),
            (movement(4, uncovered_after=0), ["movement"]),
            (movement(4, returns_after=7), ["movement"]),
            (movement(6, seq=9), ["movement"]),
            (returned(quantity=tonnes(1)), ["returns"]),
            (returned(counted=False), ["returns"]),
        ],
    )
    def test_each_kind_of_row(self, session, book, falsify, found):
        falsify(session, meter(session, book))
        assert sorted({kind for kind, _ in kinds(session)}) == found
        assert not check(session)["ok"]

    def test_a_meter_tells_what_is_stored_and_what_it_should_be(self, session, book):
        stored(used=tonnes(61))(session, meter(session, book))
        first = check(session)["differences"][0]
        assert (first["kind"], first["key"]) == ("meter", f"{NAME}:2025")
        assert (first["stored"]["used"], first["computed"]["used"]) == (tonnes(61), tonnes(60))

    def test_a_movement_is_named_by_meter_and_place(self, session, book):
        found = meter(session, book)
        movement(5, balance_after=tonnes(1))(session, found)
        [told] = check(session)["differences"]
        assert (told["kind"], told["key"]) == ("movement", f"{found.id}:5")
        true = {"seq": 5, "balance": tonnes(65), "uncovered": tonnes(20), "returns": 3}
        assert (told["computed"], told["stored"]) == (true, true | {"balance": tonnes(1)})

    def test_a_movement_taken_out_is_found_wherever_it_stood(self, session, book):
        found = meter(session, book)
        last = session.exec(select(Movement).where(Movement.meter_id == found.id, Movement.seq == 6)).one()
        session.delete(last)
        session.flush()
        assert [kind for kind, _ in kinds(session)] == ["meter"]

    def test_a_meter_and_its_movements_falsified_together_differ_from_the_returns(self, session, book):
        found = meter(session, book)
        movement(6, amount=-tonnes(6), balance_after=tonnes(59))(session, found)
        stored(used=tonnes(59))(session, found)
        assert kinds(session) == [("returns", f"{NAME}:2025")]

    def test_a_day_is_found_too(self, session, book):
        session.execute(update(Meter).where(col(Meter.period) == "2025-02-01").values(used=1))
        assert {key for _, key in kinds(session)} == {f"{COUNTY}/{WATER}/day:2025-02-01"}

    def test_a_falsified_text_breaks_the_chain(self, session, book):
        session.execute(update(AuditEntry).where(col(AuditEntry.seq) == 2).values(text="{}"))
        assert ("chain", f"{COUNTY}:2") in kinds(session)

    def test_a_cut_tail_shows_only_against_a_printed_head(self, session, book):
        head = check(session)["chain"][0]
        printed = f"{COUNTY}:{head['seq']}:{head['hash']}"
        session.execute(delete(AuditEntry).where(col(AuditEntry.seq) == head["seq"]))
        before = session.exec(select(AuditEntry).where(AuditEntry.seq == head["seq"] - 1)).one()
        session.execute(update(AuditHead).values(seq=before.seq, hash=before.hash))
        assert kinds(session) == []
        assert kinds(session, head=printed) == [("head", f"{COUNTY}:{head['seq']}")]

    @pytest.mark.parametrize(
        "head", ["", "500240", "500240:1", "500240:x:ab", "500240:²:ab", f"500240:{'9' * 19}:ab"]
    )
    def test_what_is_no_head_is_refused(self, session, book, head):
        with pytest.raises(Invalid) as caught:
            check(session, head=head)
        assert (caught.value.code, caught.value.field) == ("not_a_head", "head")


class TestRepair:
    def test_it_sets_the_meter_to_the_sum_of_its_movements(self, session, book):
        found = meter(session, book)
        stored(used=tonnes(61), uncovered=0, returns=9, seq=8)(session, found)
        [told] = repair(session, SYSTEM, "示例修复")
        assert (told["kind"], told["key"], told["stored"]["used"]) == ("meter", f"{NAME}:2025", tonnes(61))
        found = meter(session, book)
        assert (found.used, found.uncovered, found.returns, found.seq) == (tonnes(60), tonnes(20), 2, 6)
        session.commit()
        assert check(session)["ok"]

    def test_before_and_after_are_audited_with_the_reason(self, session, book):
        stored(used=tonnes(61))(session, meter(session, book))
        repair(session, SYSTEM, "示例修复")
        session.commit()
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.act == "meter.repair")).all()
        facts = json.loads(entry.text)["facts"]
        assert (entry.region, entry.record, facts["reason"]) == (COUNTY, f"{NAME}:2025", "示例修复")
        assert (facts["before"]["used"], facts["after"]["used"]) == (tonnes(61), tonnes(60))

    def test_movements_returns_and_chains_are_never_touched(self, session, book):
        found = meter(session, book)
        movement(1, amount=tonnes(29), balance_after=tonnes(3))(session, found)
        repair(session, SYSTEM, "示例修复")
        assert meter(session, book).used == tonnes(59)
        assert {kind for kind, _ in kinds(session)} == {"movement", "returns"}

    def test_an_alarm_the_falsehood_hid_is_raised(self, session, book):
        stored(used=0)(session, meter(session, book))
        tell(session, MINE, "2025-03", "29 t")
        assert standing(session, "cap_near") == []
        repair(session, SYSTEM, "示例修复")
        assert standing(session, "cap_near") == [f"cap_near:{NAME}:output:2025"]
        assert alarms(session, "cap_near")[0].reading == tonnes(89)

    def test_an_alarm_the_falsehood_raised_recedes(self, session, book):
        stored(used=tonnes(95))(session, meter(session, book))
        tell(session, MINE, "2025-03", "6 t")
        assert standing(session, "cap_exceeded") == [f"cap_exceeded:{NAME}:output:2025"]
        repair(session, SYSTEM, "示例修复")
        [over] = alarms(session, "cap_exceeded")
        assert (over.receded, over.reading, acts(session, over)) == (True, tonnes(66), ["raised", "receded"])

    def test_a_true_book_needs_none(self, session, book):
        before = session.get_one(AuditHead, COUNTY).seq
        assert repair(session, SYSTEM, "示例修复") == []
        session.commit()
        assert session.get_one(AuditHead, COUNTY, populate_existing=True).seq == before

    def test_it_needs_a_reason(self, session, book):
        with pytest.raises(Invalid) as caught:
            repair(session, SYSTEM, "  ")
        assert caught.value.field == "reason"

    def test_only_an_administrator_of_the_whole_book_repairs(self, session, book):
        with pytest.raises(Forbidden):
            repair(session, user(session, "shiju", Role.municipal, CITY), "示例修复")
        assert repair(session, user(session, "guanliyuan", Role.administrator, CITY), "示例修复") == []
