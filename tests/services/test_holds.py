"""Holds: capacity reserved between the decision to offer and the registration of a right."""

from datetime import date

import pytest
from sqlmodel import col, select

from registry.caps.models import Commitment
from registry.caps.rules import CapExceeded, Demand, PlanEnded
from registry.caps.service import admit, place_hold, release_hold, use_hold
from registry.identity.rules import SYSTEM
from registry.kernel.errors import Forbidden, Invalid, NotFound
from registry.kernel.lifecycle import WrongState
from registry.kernel.quantity import parse
from registry.kernel.vocabulary import CapPeriod, CommitmentKind, Kind, Role
from registry.platform import clock
from registry.platform.audit import AuditEntry
from registry.workflows.cap_status import public, status
from tests.factories import COUNTY, LIMESTONE, QUARTZ, cap, mineral, right, set_clock, user, world
from tests.services.steps import standing

NAME = f"{COUNTY}/{LIMESTONE}/year"
EXPIRES = date(2025, 12, 31)


def demand(
    text: str, starts: date = date(2026, 1, 1), ends: date | None = None, name: str = LIMESTONE
) -> Demand:
    """Return a demand of item A of the grant plan."""
    return Demand(COUNTY, name, CapPeriod.year, Kind.mass, parse(text), starts, ends, "出让计划-A")


@pytest.fixture
def book(session):
    """A county with a binding limestone cap of 100 t, in November."""
    world(session, today=date(2025, 11, 10))
    return cap(session, "100 t/年", years=(2021, 2060))


@pytest.fixture
def hold(session, book):
    return place_hold(session, SYSTEM, demand("30 t"), EXPIRES)


def licensed(session, year: int = 2026) -> tuple[str, str, str | None]:
    """Return held, used and free of a year."""
    meter = public(status(session, year, COUNTY)[0])["meters"]["licensed"]
    return meter["held"], meter["used"], meter["free"]


def audited(session) -> list[str]:
    session.commit()
    return [entry.act for entry in session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()]


class TestPlaced:
    def test_it_takes_room(self, session, hold):
        assert licensed(session) == ("30", "0", "70")
        assert (hold.commitment, hold.expires_on, hold.reference) == (
            CommitmentKind.hold,
            EXPIRES,
            "出让计划-A",
        )
        with pytest.raises(CapExceeded) as caught:
            admit(session, SYSTEM, demand("70.000001 t"))
        assert caught.value.facts["taken"] == "0.003 万吨"
        assert admit(session, SYSTEM, demand("70 t")).result == "pass"

    def test_what_does_not_fit_a_binding_cap_is_not_held(self, session, hold):
        with pytest.raises(CapExceeded):
            place_hold(session, SYSTEM, demand("71 t"), EXPIRES)
        assert len(session.exec(select(Commitment)).all()) == 1

    def test_after_the_plan_nothing_is_held(self, session, hold):
        set_clock(session, date(2061, 1, 1))
        with pytest.raises(PlanEnded):
            place_hold(session, SYSTEM, demand("1 t", date(2061, 2, 1)), None)

    def test_an_expected_cap_holds_with_an_alarm(self, session):
        world(session, today=date(2025, 11, 10))
        cap(session, "100 t/年", binding=False, years=(2021, 2060))
        place_hold(session, SYSTEM, demand("120 t", date(2025, 11, 10)), EXPIRES)
        assert standing(session, "stock_over_cap") == [f"stock_over_cap:{NAME}"]

    def test_it_is_judged_at_once(self, session, book):
        place_hold(session, SYSTEM, demand("80 t", date(2025, 11, 10)), EXPIRES)
        assert standing(session) == [f"cap_near:{NAME}:licensed:2025"]

    def test_only_who_may_hold_does(self, session, book):
        place_hold(session, user(session, "jingban", Role.clerk), demand("1 t"), EXPIRES)
        with pytest.raises(Forbidden):
            place_hold(session, user(session, "jianchayuan", Role.inspector), demand("1 t"), EXPIRES)

    def test_it_is_audited(self, session, hold):
        assert audited(session) == ["cap.admit", "commitment.hold"]


class TestExpired:
    @pytest.mark.parametrize(("today", "held"), [("2025-12-31", "30"), ("2026-01-01", "0")])
    def test_it_counts_on_its_last_day_and_at_once_no_more(self, session, hold, today, held):
        set_clock(session, date.fromisoformat(today))
        assert licensed(session)[0] == held

    def test_its_room_is_free_before_any_nightly_job(self, session, hold):
        set_clock(session, date(2026, 1, 1))
        assert admit(session, SYSTEM, demand("100 t")).result == "pass"

    def test_it_cannot_be_used_any_more(self, session, hold):
        set_clock(session, date(2026, 1, 1))
        with pytest.raises(WrongState):
            use_hold(session, SYSTEM, hold.id or 0, demand("30 t"))

    def test_on_its_last_day_it_can_be_used(self, session, hold):
        set_clock(session, EXPIRES)
        use_hold(session, SYSTEM, hold.id or 0, demand("30 t"))
        assert licensed(session)[:2] == ("0", "30")

    def test_without_a_last_day_it_stays(self, session, book):
        place_hold(session, SYSTEM, demand("30 t"), None)
        set_clock(session, date(2036, 1, 1))
        assert licensed(session, 2036)[0] == "30"


class TestReleased:
    def test_the_room_is_back_and_the_row_stays_with_its_reason(self, session, hold):
        release_hold(session, SYSTEM, hold.id or 0, "流拍")
        assert licensed(session) == ("0", "0", "100")
        [row] = session.exec(select(Commitment)).all()
        assert (row.end_reason, row.superseded_at) == ("流拍", clock.now(session))
        assert audited(session)[-1] == "hold.release"

    def test_its_alarms_recede(self, session, book):
        hold = place_hold(session, SYSTEM, demand("80 t", date(2025, 11, 10)), EXPIRES)
        release_hold(session, SYSTEM, hold.id or 0, "流拍")
        assert standing(session) == []

    def test_twice_is_refused(self, session, hold):
        release_hold(session, SYSTEM, hold.id or 0, "流拍")
        with pytest.raises(WrongState):
            release_hold(session, SYSTEM, hold.id or 0, "流拍")
        with pytest.raises(WrongState):
            use_hold(session, SYSTEM, hold.id or 0, demand("30 t"))

    def test_what_is_no_hold_is_not_found(self, session, book):
        with pytest.raises(NotFound):
            release_hold(session, SYSTEM, 4711, "流拍")

    def test_a_hold_of_another_county_is_not_there(self, session):
        world(session, today=date(2025, 11, 10), counties=(COUNTY, "500241"))
        cap(session, "100 t/年", years=(2021, 2060))
        hold = place_hold(session, SYSTEM, demand("30 t"), EXPIRES)
        with pytest.raises(NotFound):
            release_hold(session, user(session, "waixian", Role.approver, "500241"), hold.id or 0, "流拍")
        session.refresh(hold)
        assert hold.superseded_at is None

    def test_it_needs_a_reason(self, session, hold):
        with pytest.raises(Invalid) as caught:
            release_hold(session, SYSTEM, hold.id or 0, "  ")
        assert caught.value.field == "reason"


class TestUsed:
    def test_it_becomes_licensed_and_counts_once(self, session, hold):
        mine = right(session, "SZ-2026-0001")
        wanted = Demand(
            COUNTY,
            LIMESTONE,
            CapPeriod.year,
            Kind.mass,
            parse("30 t"),
            date(2026, 1, 1),
            None,
            "许可证",
            mine.id,
        )
        used = use_hold(session, SYSTEM, hold.id or 0, wanted)
        assert (used.commitment, used.right_id, used.expires_on) == (CommitmentKind.licensed, mine.id, None)
        assert licensed(session) == ("0", "30", "70")
        assert hold.end_reason == "used"

    def test_it_needs_no_room_beside_itself(self, session, book):
        hold = place_hold(session, SYSTEM, demand("100 t"), EXPIRES)
        use_hold(session, SYSTEM, hold.id or 0, demand("100 t"))
        assert licensed(session) == ("0", "100", "0")

    def test_what_goes_beyond_it_is_weighed_as_new(self, session, hold):
        place_hold(session, SYSTEM, demand("65 t"), EXPIRES)
        with pytest.raises(CapExceeded), session.begin_nested():
            use_hold(session, SYSTEM, hold.id or 0, demand("35.000001 t"))
        session.refresh(hold)
        assert hold.superseded_at is None
        use_hold(session, SYSTEM, hold.id or 0, demand("35 t"))
        assert licensed(session) == ("65", "35", "0")

    def test_less_than_was_held_gives_the_rest_back(self, session, hold):
        use_hold(session, SYSTEM, hold.id or 0, demand("10 t"))
        assert licensed(session) == ("0", "10", "90")

    def test_within_the_hold_the_end_of_the_plan_does_not_matter(self, session):
        world(session, today=date(2025, 11, 10))
        cap(session, "100 t/年")
        hold = place_hold(session, SYSTEM, demand("30 t"), date(2026, 6, 30))
        set_clock(session, date(2026, 2, 1))
        use_hold(session, SYSTEM, hold.id or 0, demand("30 t"))
        assert licensed(session)[:2] == ("0", "30")

    def test_a_hold_opens_no_door_for_another_mineral(self, session, book):
        mineral(session, QUARTZ)
        cap(session, "200 t/年", QUARTZ, years=(2021, 2060))
        hold = place_hold(session, SYSTEM, demand("150 t", name=QUARTZ), EXPIRES)
        with pytest.raises(CapExceeded):
            use_hold(session, SYSTEM, hold.id or 0, demand("150 t"))

    def test_days_outside_the_hold_are_weighed_as_new(self, session, book):
        place_hold(session, SYSTEM, demand("90 t", date(2025, 11, 10), date(2026, 3, 1)), None)
        hold = place_hold(session, SYSTEM, demand("30 t", date(2026, 3, 1)), EXPIRES)
        with pytest.raises(CapExceeded), session.begin_nested():
            use_hold(session, SYSTEM, hold.id or 0, demand("30 t", date(2026, 2, 28)))
        session.refresh(hold)
        assert use_hold(session, SYSTEM, hold.id or 0, demand("30 t", date(2026, 3, 1))).amount == 30_000_000

    def test_only_who_may_grant_uses_it(self, session, hold):
        with pytest.raises(Forbidden):
            use_hold(session, user(session, "jingban", Role.clerk), hold.id or 0, demand("30 t"))
