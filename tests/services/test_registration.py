"""Rights are added by one act: holder, permit, capacity, duties, reserves, level together or not at all."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest
from sqlmodel import col, select

from registry.alarms.models import Alarm
from registry.caps.models import Commitment
from registry.caps.rules import CapExceeded
from registry.greenmine.models import GreenSpell
from registry.greenmine.queries import counts, green_spells_of
from registry.greenmine.rules import built_share, level_on
from registry.identity.rules import SYSTEM
from registry.kernel.corners import parse_area
from registry.kernel.density import Density
from registry.kernel.errors import Forbidden, Invalid, NotFound
from registry.kernel.quantity import parse, read, split
from registry.kernel.vocabulary import (
    CapPeriod,
    GreenLevel,
    MineralRole,
    MiningMethod,
    OperatingState,
    ReserveCategory,
    RightKind,
    Role,
)
from registry.output.models import ReturnDuty
from registry.parties.models import Holder
from registry.parties.rules import HolderFacts, HolderMismatch
from registry.platform import audit, clock
from registry.registration.queries import records
from registry.registration.rules import GrantRight, NamedMine, NotOnTheBooks, PermitFacts, RightExists
from registry.registration.service import grant, register_named_mine, set_green, set_state
from registry.reserves.models import ReserveEntry
from registry.reserves.rules import OpeningLine
from registry.rights.models import MineralRight, OperatingSpell, Permit, RightVersion
from registry.rights.queries import rights_in, spells_of
from tests.factories import CITY, COUNTY, LIMESTONE, WATER, ZINC, cap, mineral, user, world

TODAY = date(2025, 6, 30)
HOLDER = HolderFacts("示例石业有限公司", "Y1500240DEM000014P", "示例县示例镇", "有限责任公司")
CORNERS = "1,3,1,3300000.000,36500000.000,2,3300000.000,36501000.000,3,3301000.000,36500000.000,900,800,,1"


def rate(text, field="scale"):
    return read(*split(text), field)


def permit(number="示例-X240-2025-0001", scale="100 万吨/年", max_day=None, **more):
    term = {"valid_from": date(2020, 1, 1), "valid_to": date(2029, 12, 31)}
    return PermitFacts(
        number,
        scale=rate(scale) if scale else None,
        max_day=rate(max_day) if max_day else None,
        **term | more,
    )


def order(**more):
    given = {
        "region": COUNTY, "mine": "示例采石场", "kind": RightKind.mining, "mineral": LIMESTONE,
        "holder": HOLDER, "permit": permit(), "valid_from": date(2020, 1, 1), "valid_to": date(2029, 12, 31),
        "states": ((OperatingState.producing, date(2021, 3, 1)),),
    }  # fmt: skip
    return GrantRight(**given | more)


def enter(session, command=None, **more):
    return grant(session, SYSTEM, command or order(**more), existing=True)


def commitments(session):
    found = session.exec(select(Commitment).order_by(col(Commitment.id))).all()
    return [(c.period, c.amount, c.starts, c.ends) for c in found]


def codes(session):
    return sorted(alarm.code.value for alarm in session.exec(select(Alarm)).all() if not alarm.receded)


@pytest.fixture
def book(session):
    """Give a county with a limestone cap of 1200 万吨."""
    world(session, TODAY)
    cap(session, "1200 矿石万吨/年")
    return session


class TestGrant:
    def test_what_comes_with_a_right_is_recorded_at_one_moment(self, book, monkeypatch):
        moments = (datetime(2025, 6, 30, 1, minute, tzinfo=UTC) for minute in count())
        monkeypatch.setattr(clock, "now", lambda _session: next(moments))
        right = enter(
            book, green=GreenLevel.municipal,
            states=((OperatingState.stopped, date(2021, 3, 1)), (OperatingState.producing, date(2022, 3, 1))),
        )  # fmt: skip
        tables: tuple[Any, ...] = (RightVersion, Permit, OperatingSpell, GreenSpell)
        recorded = {row.recorded_at for table in tables for row in book.exec(select(table)).all()}
        assert recorded == {right.recorded_at}

    def test_everything_of_a_right_is_there_afterwards(self, book):
        mineral(book, ZINC)
        right = enter(
            book, associated=(ZINC,), area=parse_area(CORNERS), density=Density(2_670_000), township="示例镇",
            green=GreenLevel.municipal, green_since=date(2022, 5, 1), reserves_at=date(2024, 12, 31),
            reserves=(OpeningLine(ReserveCategory.measured, parse("888.6 万吨"), "万吨"),),
            permit=permit(method=MiningMethod.open_pit),
        )  # fmt: skip
        [record] = records(book, [right], TODAY)
        assert record.holder
        assert record.permit
        assert record.holder.credit_code == HOLDER.credit_code
        assert [(m.mineral, m.role, m.counted) for m in record.minerals] == [
            (LIMESTONE, MineralRole.main, True), (ZINC, MineralRole.associated, False),
        ]  # fmt: skip
        version = record.version
        assert (version.version, version.area_m2, version.top_mm, version.bottom_mm) == (
            1,
            500_000,
            900_000,
            800_000,
        )
        assert (version.corners, version.density_g_m3) == (CORNERS, 2_670_000)
        assert (record.permit.scale_value, record.permit.scale_unit, record.permit.national) == (
            "100",
            "万吨/年",
            False,
        )
        assert [(s.state, s.since) for s in record.spells] == [(OperatingState.producing, date(2021, 3, 1))]
        assert [(g.level, g.since) for g in record.green] == [(GreenLevel.municipal, date(2022, 5, 1))]
        [entry] = record.ledger[LIMESTONE, ReserveCategory.measured]
        assert (entry.year, entry.amount, entry.balance_after) == (2025, 8_886_000 * 10**6, 8_886_000 * 10**6)
        duties = book.exec(select(ReturnDuty.period).where(ReturnDuty.right_id == right.id)).all()
        assert min(duties) == "2025-06"

    def test_its_capacity_counts_from_the_permits_first_day_to_the_day_after_its_last(self, book):
        enter(book, permit=permit(valid_from=date(2022, 2, 2)))
        assert commitments(book) == [(CapPeriod.year, 10**12, date(2022, 2, 2), date(2030, 1, 1))]

    def test_without_a_permit_the_rights_own_days_count_and_the_amount_is_unknown(self, book):
        enter(book, permit=None)
        assert commitments(book) == [(CapPeriod.year, None, date(2020, 1, 1), date(2030, 1, 1))]

    def test_unknown_days_begin_today_and_stay_open(self, book):
        enter(book, valid_from=None, valid_to=None, permit=permit(valid_from=None, valid_to=None))
        assert commitments(book) == [(CapPeriod.year, 10**12, TODAY, None)]

    def test_volumes_count_in_the_minerals_own_kind_by_the_rights_density(self, book):
        enter(book, permit=permit(scale="10 万m³/年"), density=Density(2_500_000))
        assert commitments(book)[0][1] == 250_000 * 10**6

    def test_without_a_density_what_they_take_is_unknown(self, book):
        enter(book, permit=permit(scale="10 万m³/年"))
        assert commitments(book)[0][1] is None

    def test_an_exploration_right_takes_nothing_of_a_cap(self, book):
        enter(book, kind=RightKind.exploration)
        assert commitments(book) == []
        assert codes(book) == []

    def test_the_audit_trail_tells_who_and_what(self, book):
        right = enter(book)
        audit.seal(book)
        acts = book.exec(select(audit.AuditEntry.act).where(audit.AuditEntry.record == right.number)).all()
        assert "right.import" in acts


class TestDailyCaps:
    def test_a_right_under_a_daily_cap_takes_its_recorded_maximum_day(self, book):
        cap(book, "600 m³/日", WATER)
        enter(book, mineral=WATER, permit=permit(scale="13.8 万m³/年", max_day="380 m³/日"))
        assert [(period, amount) for period, amount, *_ in commitments(book)] == [
            (CapPeriod.year, 138_000_000), (CapPeriod.day, 380_000),
        ]  # fmt: skip

    def test_without_one_it_is_unknown_and_never_a_365th_of_the_year(self, book):
        cap(book, "600 m³/日", WATER)
        enter(book, mineral=WATER, permit=permit(scale="36.5 万m³/年"))
        assert [(period, amount) for period, amount, *_ in commitments(book)] == [
            (CapPeriod.year, 365_000_000), (CapPeriod.day, None),
        ]  # fmt: skip


class TestRoom:
    def test_existing_rights_are_facts_even_over_the_cap_and_are_alarmed_once(self, book):
        enter(book, permit=permit(scale="1000 万吨/年"))
        enter(book, permit=permit("示例-X240-2025-0002", "300 万吨/年"))
        enter(book, permit=permit("示例-X240-2025-0003", "50 万吨/年"))
        assert codes(book).count("stock_over_cap") == 1

    def test_a_new_right_that_does_not_fit_a_binding_cap_leaves_nothing_behind(self, book):
        enter(book, permit=permit(scale="1150 万吨/年"))
        fresh = order(permit=permit("示例-X240-2025-0002", "60 万吨/年", valid_to=date(2025, 12, 31)))
        with pytest.raises(CapExceeded) as refused:
            grant(book, SYSTEM, fresh, existing=False)
        assert refused.value.facts["room"] == "50 万吨"
        assert len(rights_in(book)) == 1
        assert len(commitments(book)) == 1

    def test_one_that_fits_is_admitted(self, book):
        enter(book, permit=permit(scale="1150 万吨/年"))
        fresh = order(permit=permit("示例-X240-2025-0002", "50 万吨/年", valid_to=date(2025, 12, 31)))
        assert grant(book, SYSTEM, fresh, existing=False).number == "X240-2020-0002"


class TestNumbers:
    def test_a_missing_number_is_the_next_free_one_of_the_year_it_begins(self, book):
        assert enter(book, number="X240-2020-0007").number == "X240-2020-0007"
        assert enter(book, permit=None).number == "X240-2020-0008"
        assert enter(book, permit=None, valid_from=None).number == "X240-2025-0001"

    @pytest.mark.parametrize(
        "number", ["SZ-2025-0001", "X240-草-2025-0001", "X240-2025-1", "C5002402020017110000001"]
    )
    def test_a_number_of_another_region_or_shape_is_refused(self, book, number):
        with pytest.raises(Invalid, match="right_number"):
            enter(book, number=number)

    def test_a_number_is_given_once(self, book):
        enter(book, number="X240-2020-0007")
        with pytest.raises(RightExists) as refused:
            enter(book, number="X240-2020-0007", permit=None)
        assert refused.value.facts["field"] == "right_no"

    def test_a_permit_number_is_given_once(self, book):
        enter(book)
        with pytest.raises(RightExists) as refused:
            enter(book)
        assert refused.value.facts["field"] == "permit_no"

    def test_national_numbers_are_recorded(self, book):
        right = enter(book, permit=permit("C5002402020017110148436"))
        assert book.exec(select(Permit).where(Permit.right_id == right.id)).one().national

    def test_a_region_above_the_counties_keeps_no_rights(self, book):
        with pytest.raises(Invalid, match="region_not_county"):
            enter(book, region=CITY)

    def test_an_unknown_mineral_or_region(self, book):
        with pytest.raises(Invalid, match="mineral_unknown"):
            enter(book, mineral="月壤")
        with pytest.raises(NotFound):
            enter(book, region="999999")


class TestContradictions:
    @pytest.mark.parametrize(
        ("make", "code"),
        [
            (lambda: order(valid_to=date(2019, 12, 31)), "dates_reversed"),
            (lambda: permit(valid_to=date(2019, 12, 31)), "dates_reversed"),
            (lambda: permit(scale="600 m³/日"), "rate_expected"),
            (lambda: permit(max_day="600 m³/年"), "rate_expected"),
            (lambda: permit(scale="10 万吨/年", max_day="600 m³/日"), "kinds_mixed"),
            (lambda: order(top_mm=1, bottom_mm=2), "elevations_reversed"),
            (lambda: order(associated=(LIMESTONE,)), "mineral_repeated"),
            (lambda: order(associated=(ZINC, ZINC)), "mineral_repeated"),
            (
                lambda: order(reserves=(OpeningLine(ReserveCategory.measured, parse("1 t"), "t"),)),
                "field_missing",
            ),
        ],
    )
    def test_a_command_that_contradicts_itself_cannot_be_made(self, make, code):
        with pytest.raises(Invalid) as refused:
            make()
        assert refused.value.code == code


class TestHolders:
    def test_two_rights_of_one_code_share_a_holder(self, book):
        enter(book)
        enter(book, permit=None)
        assert len(book.exec(select(Holder)).all()) == 1

    def test_a_code_under_another_name_tells_both_names(self, book):
        enter(book)
        with pytest.raises(HolderMismatch) as refused:
            enter(book, permit=None, holder=replace(HOLDER, name="另一家公司"))
        assert (refused.value.accepted, refused.value.facts["given"]) == ("示例石业有限公司", "另一家公司")

    def test_a_holder_known_by_name_takes_the_code_later(self, book):
        enter(book, holder=HolderFacts(HOLDER.name))
        enter(book, permit=None)
        assert [h.credit_code for h in book.exec(select(Holder)).all()] == [HOLDER.credit_code]

    def test_a_name_with_several_codes_must_say_which(self, book):
        enter(book)
        enter(book, permit=None, holder=replace(HOLDER, credit_code="Y1500240DEM000022J"))
        with pytest.raises(HolderMismatch, match="holder_ambiguous"):
            enter(book, permit=None, holder=HolderFacts(HOLDER.name))

    def test_what_is_on_record_is_not_overwritten(self, book):
        enter(book)
        enter(book, permit=None, holder=replace(HOLDER, address="别处"))
        assert book.exec(select(Holder)).one().address == HOLDER.address


class TestStatesAndLevels:
    def test_a_state_that_ends_production_ends_the_duties_of_later_months(self, book):
        right = enter(book)
        set_state(book, SYSTEM, right.number, OperatingState.stopped, date(2025, 6, 15), "示例停产")
        of_right = ReturnDuty.right_id == right.id, col(ReturnDuty.dropped_at).is_(None)
        assert book.exec(select(ReturnDuty.period).where(*of_right)).all() == ["2025-06"]
        set_state(book, SYSTEM, right.number, OperatingState.producing, date(2025, 6, 30), "示例复产")
        assert len(book.exec(select(ReturnDuty).where(*of_right)).all()) > 12

    def test_a_second_state_from_the_same_day_supersedes_the_first(self, book):
        right = enter(book)
        for state in (OperatingState.stopped, OperatingState.closing):
            set_state(book, SYSTEM, right.number, state, date(2025, 6, 1), "示例")
        states = [s.state for s in spells_of(book, [right.id])[right.id]]
        assert states == [OperatingState.producing, OperatingState.closing]

    def test_no_state_begins_before_the_first_permit(self, book):
        right = enter(book)
        begun = date(2020, 1, 1)
        with pytest.raises(Invalid) as refused:
            set_state(book, SYSTEM, right.number, OperatingState.preparing, date(2019, 12, 31), "示例")
        told = refused.value
        assert (told.code, told.field, told.accepted) == ("state_before_permit", "since", "≥ 2020-01-01")
        assert set_state(book, SYSTEM, right.number, OperatingState.preparing, begun, "示例") == (right, True)

    @pytest.mark.parametrize(
        ("more", "first"),
        [
            ({"valid_from": date(2017, 6, 9)}, date(2017, 6, 9)),
            ({"valid_from": None}, date(2020, 1, 1)),
            ({"states": ((OperatingState.producing, date(2016, 3, 1)),)}, date(2016, 3, 1)),
        ],
    )
    def test_a_permit_that_extends_an_older_one_is_no_beginning(self, book, more, first):
        right = enter(book, **more)
        with pytest.raises(Invalid) as refused:
            set_state(book, SYSTEM, right.number, OperatingState.stopped, date(2015, 1, 1), "示例")
        assert refused.value.accepted == f"≥ {first}"
        assert set_state(book, SYSTEM, right.number, OperatingState.stopped, first, "示例")[1]

    @pytest.mark.parametrize("terms", [None, permit(valid_from=None)])
    def test_without_a_permit_that_says_since_when_any_day_is_taken(self, book, terms):
        right = enter(book, permit=terms)
        assert set_state(book, SYSTEM, right.number, OperatingState.preparing, date(2010, 1, 25), "示例")[1]

    def test_repeating_a_state_writes_nothing(self, book):
        right = enter(book)
        news = set_state(book, SYSTEM, right.number, OperatingState.producing, date(2025, 6, 1), "示例")[1]
        assert not news
        assert len(spells_of(book, [right.id])[right.id]) == 1

    def test_a_level_holds_until_the_next(self, book):
        right = enter(book, green=GreenLevel.none)
        set_green(book, SYSTEM, right.number, GreenLevel.building, date(2024, 1, 1), "示例入库")
        set_green(book, SYSTEM, right.number, GreenLevel.municipal, date(2025, 1, 1), "示例验收")
        spells = green_spells_of(book, [right.id])[right.id]
        days = (date(2023, 1, 1), date(2024, 1, 1), date(2025, 1, 1))
        assert [level_on(spells, day) for day in days] == [
            GreenLevel.none,
            GreenLevel.building,
            GreenLevel.municipal,
        ]

    def test_green_mines_are_counted_among_all_that_had_begun(self, book):
        enter(book, green=GreenLevel.municipal, green_since=date(2022, 1, 1))
        enter(book, permit=None)
        enter(book, permit=None, valid_from=date(2024, 1, 1))
        assert counts(book, date(2021, 1, 1)) == {None: 2}
        found = counts(book, TODAY)
        assert found == {GreenLevel.municipal: 1, None: 2}
        assert str(built_share(found)) == "0.3333"

    @pytest.mark.parametrize(
        ("since", "reason", "code"), [(date(2025, 7, 1), "x", "day_in_future"), (TODAY, " ", "field_missing")]
    )
    def test_the_future_and_an_empty_reason_are_refused(self, book, since, reason, code):
        right = enter(book)
        with pytest.raises(Invalid) as refused:
            set_state(book, SYSTEM, right.number, OperatingState.stopped, since, reason)
        assert refused.value.code == code
        with pytest.raises(Invalid) as refused:
            set_green(book, SYSTEM, right.number, GreenLevel.none, since, reason)
        assert refused.value.code == code

    def test_an_unknown_right(self, book):
        with pytest.raises(NotFound):
            set_state(book, SYSTEM, "X240-2020-0001", OperatingState.stopped, TODAY, "示例")


class TestNamedMines:
    named = NamedMine(COUNTY, "真实采石场", "某规划", "第四章", LIMESTONE, "示例镇某村")

    def test_it_has_only_what_the_plan_says_and_counts_nowhere(self, book):
        right = register_named_mine(book, SYSTEM, self.named)
        assert (right.number, right.counted) == ("X240-规划-0001", False)
        assert book.exec(select(Permit)).all() == []
        assert commitments(book) == []
        assert book.exec(select(ReturnDuty)).all() == []
        assert rights_in(book) == []
        assert counts(book, TODAY) == {}
        [record] = records(book, [right], TODAY)
        assert (record.main, record.minerals[0].counted, record.version.document) == (
            LIMESTONE,
            False,
            "某规划 第四章",
        )

    def test_entering_it_again_changes_nothing(self, book):
        first = register_named_mine(book, SYSTEM, self.named)
        assert register_named_mine(book, SYSTEM, self.named) is first
        other = register_named_mine(book, SYSTEM, replace(self.named, mine="另一处", mineral=None))
        assert other.number == "X240-规划-0002"

    def test_it_has_no_states(self, book):
        right = register_named_mine(book, SYSTEM, self.named)
        with pytest.raises(NotOnTheBooks):
            set_state(book, SYSTEM, right.number, OperatingState.stopped, TODAY, "示例")


class TestWhoMay:
    def test_a_clerk_enters_facts_and_an_approver_grants(self, book):
        clerk, approver = user(book, "经办甲", Role.clerk), user(book, "审批乙", Role.approver)
        right = grant(book, clerk, order(), existing=True)
        with pytest.raises(Forbidden):
            grant(book, clerk, order(permit=None), existing=False)
        grant(book, approver, order(permit=None, reserves=(), states=()), existing=False)
        set_state(book, clerk, right.number, OperatingState.stopped, TODAY, "示例")

    def test_an_approver_grants_with_opening_reserves(self, book):
        approver = user(book, "审批乙", Role.approver)
        lines = (OpeningLine(ReserveCategory.inferred, parse("1 万吨"), "万吨"),)
        grant(book, approver, order(reserves=lines, reserves_at=TODAY), existing=False)
        assert book.exec(select(ReserveEntry)).one().year == 2025

    def test_another_county_is_not_even_seen(self, session):
        world(session, TODAY, (COUNTY, "500241"))
        clerk = user(session, "邻县甲", Role.clerk, "500241")
        with pytest.raises(NotFound):
            grant(session, clerk, order(), existing=True)

    @pytest.mark.parametrize("role", [Role.inspector, Role.municipal, Role.auditor, Role.reviewer])
    def test_others_enter_nothing(self, book, role):
        with pytest.raises(Forbidden):
            grant(book, user(book, "某人", role), order(), existing=True)
        assert book.exec(select(MineralRight)).all() == []
        assert book.exec(select(RightVersion)).all() == []
