"""The list of rights: what the database finds is what the rules say of each right."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event
from sqlmodel import select

from registry.greenmine.models import GreenSpell
from registry.greenmine.queries import green_spells_of
from registry.greenmine.rules import level_on
from registry.identity.rules import SYSTEM
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.quantity import parse_rate
from registry.kernel.vocabulary import (
    Confidence,
    GreenLevel,
    Kind,
    OperatingState,
    PermitStanding,
    RightKind,
    Role,
)
from registry.minerals.models import ScaleLine, ScaleLineMineral
from registry.parties.models import Holder
from registry.registration.ledger import ledger_of
from registry.registration.rules import NamedMine
from registry.registration.service import register_named_mine
from registry.registration.sheet import sheet_of
from registry.rights.models import MineralRight, OperatingSpell, Permit, RightVersion
from registry.rights.queries import permits_of, spells_of
from registry.rights.rules import current_permit, permit_standing, state_on
from registry.workflows.renewals import reminded_until
from registry.workflows.rights_list import read_wanted, rights_page, rights_wanted
from tests.factories import (
    CITY,
    COUNTY,
    LIMESTONE,
    LONG_AGO,
    WATER,
    ZINC,
    associate,
    mineral,
    permit,
    right,
    spell,
    user,
    world,
)
from tests.services.steps import tell

TODAY = date(2025, 6, 30)
NEIGHBOUR = "500241"


@pytest.fixture
def book(session):
    """A municipality of two counties with nothing in it yet."""
    world(session, TODAY, (COUNTY, NEIGHBOUR))
    return session


def held(session, found, name, credit_code=None):
    """Give a right a holder."""
    holder = Holder(name=name, credit_code=credit_code, recorded_at=LONG_AGO)
    session.add(holder)
    session.flush()
    version = session.exec(select(RightVersion).where(RightVersion.right_id == found.id)).one()
    version.holder_id = holder.id
    session.flush()


def level(session, found, green, since):
    session.add(GreenSpell(right_id=found.id, level=green, since=since, recorded_at=LONG_AGO))
    session.flush()


def named_mine(session, name="规划点名的采石场", mineral_name=None):
    return register_named_mine(
        session, SYSTEM, NamedMine(COUNTY, name, "某规划", "第四章", mineral_name, "示例镇某村")
    )


def numbers(session, actor=SYSTEM, **given):
    page = rights_page(session, actor, read_wanted(given))
    assert page.total == len(page.rows) == len(rights_wanted(session, actor, read_wanted(given)))
    return [row.number for row in page.rows]


class TestSearch:
    @pytest.fixture
    def mines(self, book):
        one, two = right(book, "SZ-2020-0001"), right(book, "SZ-2020-0002")
        one.mine, two.mine = "鱼池镇团结采石场", "100%_石业A厂"
        held(book, one, "示例鱼池建材有限公司", "Y1500240DEM000014P")
        permit(book, two, "C5002402019127130149999", (None, None))
        return one, two

    @pytest.mark.parametrize(
        "text", ["团结", "SZ-2020-0001", "sz-2020-0001", "鱼池建材", "dem000014p", " 团结 "]
    )
    def test_finds_by_mine_number_holder_and_code_whatever_the_case(self, book, mines, text):
        assert numbers(book, q=text) == ["SZ-2020-0001"]

    @pytest.mark.parametrize("text", ["c50024020191271", "石业a厂", "100%_", "ＳＺ－２０２０－０００２"])
    def test_finds_by_permit_and_reads_wide_letters(self, book, mines, text):
        assert numbers(book, q=text) == ["SZ-2020-0002"]

    @pytest.mark.parametrize("text", ["（重庆）", "(重庆)", "示例（重庆）ＡＢ厂", "ＡＢ"])
    def test_finds_wide_signs_as_they_stand_and_as_they_are_typed(self, book, mines, text):
        mines[1].mine = "示例（重庆）ＡＢ厂"
        book.flush()
        assert numbers(book, q=text) == ["SZ-2020-0002"]

    def test_an_old_permit_still_finds_its_right(self, book, mines):
        old = permit(book, mines[0], "示例-旧证", (None, date(2019, 12, 31)))
        old.superseded_at = LONG_AGO
        book.flush()
        assert numbers(book, q="旧证") == ["SZ-2020-0001"]

    @pytest.mark.parametrize("text", ["%", "_", "/", "\\", "'; DROP TABLE mineral_right; --", "100x_"])
    def test_no_sign_is_a_wildcard(self, book, mines, text):
        assert numbers(book, q=text) == (["SZ-2020-0002"] if text in "100%_石业A厂" else [])

    def test_a_holder_of_the_past_is_not_found(self, book, mines):
        version = book.exec(select(RightVersion).where(RightVersion.right_id == mines[0].id)).one()
        version.superseded_at = LONG_AGO
        book.add(RightVersion(right_id=mines[0].id, version=2, act="transfer", recorded_at=LONG_AGO))
        book.flush()
        assert numbers(book, q="鱼池建材") == []


class TestFilters:
    def test_a_mineral_is_found_where_it_is_associated_too(self, book):
        mineral(book, ZINC)
        right(book, "SZ-2020-0001")
        associate(book, right(book, "SZ-2020-0002", WATER), ZINC)
        assert numbers(book, mineral=ZINC) == ["SZ-2020-0002"]
        assert numbers(book, mineral=LIMESTONE) == ["SZ-2020-0001"]

    def test_township_and_county(self, book):
        right(book, "SZ-2020-0001").township = "鱼池镇"
        right(book, "XX-2020-0001", region=NEIGHBOUR)
        book.flush()
        assert numbers(book, township="鱼池镇") == ["SZ-2020-0001"]
        assert numbers(book, region=NEIGHBOUR) == ["XX-2020-0001"]
        assert numbers(book, region=CITY) == ["SZ-2020-0001", "XX-2020-0001"]

    def test_a_future_state_is_not_todays(self, book):
        found = right(book, "SZ-2020-0001")
        spell(book, found, OperatingState.stopped, TODAY)
        spell(book, found, OperatingState.producing, TODAY + timedelta(days=1))
        assert numbers(book, state="停产") == ["SZ-2020-0001"]
        assert numbers(book, state="producing") == []

    def test_scale_class_is_derived_with_the_rights_own_density(self, book):
        line = ScaleLine(
            line="建筑石料", unit="万立方米/年", kind=Kind.volume, large_from=10**8, small_below=5 * 10**7,
            mark="V", confidence=Confidence.a, source="test",
        )  # fmt: skip
        book.add(line)
        book.flush()
        book.add(ScaleLineMineral(mineral=LIMESTONE, line_id=line.id or 0))
        mines = (
            ("SZ-2020-0001", "13 万吨/年"),
            ("SZ-2020-0002", "26 万吨/年"),
            ("SZ-2020-0003", "27 万吨/年"),
        )
        for number, scale in mines:
            found = right(book, number, scale=scale)
            version = book.exec(select(RightVersion).where(RightVersion.right_id == found.id)).one()
            version.density_g_m3 = 2_670_000
        right(book, "SZ-2020-0004", scale="27 万吨/年")
        named_mine(book, mineral_name=LIMESTONE)
        book.flush()
        assert numbers(book, scale="小型") == ["SZ-2020-0001"]
        assert numbers(book, scale="medium") == ["SZ-2020-0002"]
        assert numbers(book, scale="大型") == ["SZ-2020-0003"]
        assert numbers(book, scale="待定") == numbers(book, scale="pending") == ["SZ-2020-0004"]

    def test_filters_combine(self, book):
        one, two = right(book, "SZ-2020-0001"), right(book, "SZ-2020-0002")
        one.mine = two.mine = "示例团结采石场"
        spell(book, two, OperatingState.stopped, TODAY)
        assert numbers(book, q="团结", state="停产", mineral=LIMESTONE, permit="有效") == ["SZ-2020-0002"]

    @pytest.mark.parametrize(
        ("field", "text"),
        [
            ("state", "快乐"),
            ("green", "x"),
            ("permit", "gone"),
            ("scale", "huge"),
            ("q", "a\x00b"),
            ("q", "x" * 201),
        ],
    )
    def test_what_no_filter_knows_is_refused_by_its_name(self, field, text):
        with pytest.raises(Invalid) as refused:
            read_wanted({field: text})
        assert refused.value.field == field

    def test_a_region_that_does_not_exist(self, book):
        with pytest.raises(NotFound):
            rights_page(book, SYSTEM, read_wanted({"region": "999999"}))


class TestTodayAgreesWithTheRules:
    """Permit, standing, state and level are asked of the database; the rules say the same of the rows."""

    @pytest.mark.parametrize("seed", range(4))
    def test_for_any_right(self, book, seed):
        chance, ending_by = random.Random(seed), reminded_until(TODAY, 30)
        for number in range(30):
            self.make(book, f"SZ-2020-{number:04d}", chance, ending_by)
        rights = {r.number: r.id for r in book.exec(select(MineralRight)).all()}
        ids = list(rights.values())
        permits, spells, greens = permits_of(book, ids), spells_of(book, ids), green_spells_of(book, ids)
        page = rights_page(book, SYSTEM, read_wanted({}), 0, 100)
        assert len(page.rows) == 30
        for row in page.rows:
            key = rights[row.number]
            own = permits.get(key, [])
            shown = current_permit(own, TODAY)
            ends = max((p.valid_to or date.max for p in own), default=None)
            assert (row.permit.number if row.permit else None) == (shown.number if shown else None)
            assert row.standing is permit_standing(
                shown, None if ends == date.max else ends, TODAY, ending_by
            )
            assert row.state is state_on(spells.get(key, []), TODAY)
            assert row.green is level_on(greens.get(key, []), TODAY)
        self.each_filter_finds_what_the_rows_say(book, page.rows)

    def make(self, session, number, chance, ending_by):
        days: list[date | None] = [TODAY + timedelta(days=days) for days in (-400, -1, 0, 1, 90, 400)]
        days += [ending_by, ending_by + timedelta(days=1), None]
        found = right(session, number)
        key = found.id or 0
        for row in (*permits_of(session, [key])[key], *spells_of(session, [key])[key]):
            session.delete(row)
        session.flush()
        for at in range(chance.randrange(4)):
            row = Permit(
                right_id=key, number=f"{number}/{at}", national=False, recorded_at=LONG_AGO,
                valid_from=chance.choice(days), valid_to=chance.choice(days),
                superseded_at=LONG_AGO if chance.random() < 0.2 else None,
            )  # fmt: skip
            session.add(row)
        for kind, words in ((OperatingSpell, list(OperatingState)), (GreenSpell, list(GreenLevel))):
            for _ in range(chance.randrange(4)):
                since = chance.choice([day for day in days if day is not None or kind is GreenSpell])
                told = {"state" if kind is OperatingSpell else "level": chance.choice(words)}
                gone = LONG_AGO if chance.random() < 0.2 else None
                session.add(kind(right_id=key, since=since, recorded_at=LONG_AGO, superseded_at=gone, **told))
        session.flush()

    def each_filter_finds_what_the_rows_say(self, session, rows):
        for word in PermitStanding:
            assert numbers(session, permit=word) == [r.number for r in rows if r.standing is word]
        for state in OperatingState:
            assert numbers(session, state=state) == [r.number for r in rows if r.state is state]
        for level in GreenLevel:
            assert numbers(session, green=level) == [r.number for r in rows if r.green is level]


class TestRows:
    def test_the_years_output_is_held_against_the_permit(self, book):
        right(book, "SZ-2020-0001", scale="10 万吨/年")
        tell(book, "SZ-2020-0001", "2025-01", "7 万吨")
        tell(book, "SZ-2020-0001", "2025-03", "4.8 万吨")
        tell(book, "SZ-2020-0001", "2024-12", "9 万吨")
        [row] = rights_page(book, SYSTEM, read_wanted({})).rows
        assert (row.share, row.is_over, row.through) == (Decimal("1.18"), True, date(2025, 3, 31))
        assert row.output == parse_rate("11.8 万吨/年").quantity

    def test_a_scale_of_another_kind_is_compared_by_density_or_not_at_all(self, book):
        for number in ("SZ-2020-0001", "SZ-2020-0002"):
            right(book, number, scale="10 万立方米/年")
            tell(book, number, "2025-01", "13.35 万吨")
        first = book.exec(select(MineralRight).where(MineralRight.number == "SZ-2020-0001")).one()
        version = book.exec(select(RightVersion).where(RightVersion.right_id == first.id)).one()
        version.density_g_m3 = 2_670_000
        book.flush()
        assert [row.share for row in rights_page(book, SYSTEM, read_wanted({})).rows] == [
            Decimal("0.5"),
            None,
        ]

    def test_nothing_told_is_not_zero(self, book):
        right(book, "SZ-2020-0001")
        [row] = rights_page(book, SYSTEM, read_wanted({})).rows
        assert (row.output, row.share, row.through) == (None, None, None)

    def test_a_mine_that_a_plan_only_names_says_what_the_plan_says_and_is_not_counted(self, book):
        right(book, "SZ-2020-0001")
        named_mine(book)
        page = rights_page(book, SYSTEM, read_wanted({}))
        assert (page.counted, page.named, page.total) == (1, 1, 2)
        row = page.rows[-1]
        assert (row.counted, row.source, row.scale_class, row.permit) == (False, "某规划 第四章", None, None)

    @pytest.mark.parametrize("given", [{"permit": "无证"}, {"scale": "待定"}])
    def test_such_a_mine_is_neither_without_permit_nor_of_a_class_to_be_told(self, book, given):
        named_mine(book)
        assert numbers(book, **given) == []

    def test_an_exploration_right_has_no_scale_class(self, book):
        right(book, "SZ-2020-0001").kind = RightKind.exploration
        book.flush()
        [row] = rights_page(book, SYSTEM, read_wanted({})).rows
        assert row.scale_class is None
        assert numbers(book, scale="待定") == []


class TestPaging:
    def test_pages_follow_each_other_by_number_whatever_is_filtered(self, book):
        for at in range(7):
            right(book, f"SZ-2020-{at:04d}")
        for given in ({}, {"scale": "待定"}):
            pages = [rights_page(book, SYSTEM, read_wanted(given), first, 3) for first in (0, 3, 6, 9)]
            shown = [row.number for page in pages for row in page.rows]
            assert shown == [f"SZ-2020-{at:04d}" for at in range(7)]
            assert {page.total for page in pages} == {7}


class TestJurisdiction:
    def test_a_county_sees_its_own_rights_and_the_municipality_all(self, book):
        right(book, "SZ-2020-0001")
        right(book, "XX-2020-0001", WATER, NEIGHBOUR)
        clerk, city = user(book, "clerk", Role.clerk), user(book, "city", Role.municipal, CITY)
        assert numbers(book, clerk) == ["SZ-2020-0001"]
        assert numbers(book, clerk, q="XX-2020") == []
        assert numbers(book, city) == ["SZ-2020-0001", "XX-2020-0001"]
        page = rights_page(book, clerk, read_wanted({}))
        assert page.choices == {"mineral": [LIMESTONE], "township": [], "region": [COUNTY]}
        with pytest.raises(NotFound):
            rights_page(book, clerk, read_wanted({"region": NEIGHBOUR}))


class TestExport:
    def test_the_sheet_has_exactly_the_wanted_rights_and_says_which(self, book):
        right(book, "SZ-2020-0001")
        right(book, "SZ-2020-0002", WATER)
        named_mine(book)
        found = ledger_of(book, rights_wanted(book, SYSTEM, read_wanted({"mineral": WATER})), "矿种 地热")
        assert [line.number for line in found.lines] == ["SZ-2020-0002"]
        assert (found.named, found.explorations, found.title) == ((), (), "采矿权台账")
        assert sheet_of(found).startswith(b"PK")

    def test_rights_to_explore_stand_apart_and_change_its_title(self, book):
        right(book, "SZ-2020-0001")
        right(book, "SZ-2020-0002").kind = RightKind.exploration
        book.flush()
        found = ledger_of(book, rights_wanted(book, SYSTEM, read_wanted({})), "")
        assert found.title == "矿业权台账"
        assert [line.number for line in found.explorations] == ["SZ-2020-0002"]
        assert [line.number for line in found.lines] == ["SZ-2020-0001"]


@pytest.mark.parametrize(
    "given", [{}, {"scale": "待定"}, {"q": "矿", "permit": "有效", "mineral": LIMESTONE}]
)
def test_statements_do_not_grow_with_the_rights(book, given):
    sent: list[str] = []
    event.listen(book.get_bind(), "before_cursor_execute", lambda *told: sent.append(told[2]))

    def ask():
        sent.clear()
        rights_page(book, SYSTEM, read_wanted(given))
        return len(sent)

    right(book, "SZ-2020-0000")
    ask()
    few = ask()
    for at in range(1, 30):
        associate(book, right(book, f"SZ-2020-{at:04d}", scale=None), WATER)
    assert ask() == few <= 8, sent
