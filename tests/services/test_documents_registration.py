"""The registration sheet tells all that is registered about a right: a figure is a row's, a gap stays one."""

from datetime import date

import pytest

from registry.documents.service.registration import registration_data
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.errors import NotFound
from registry.kernel.quantity import parse
from registry.kernel.vocabulary import Confidence, OperatingState, ReserveCategory, Role
from registry.platform import clock
from registry.registration.rules import NamedMine, NotOnTheBooks
from registry.registration.service import register_named_mine, set_state
from registry.reserves.rules import PostYear, SurveyLine
from registry.reserves.service import post_year
from registry.rights.queries import permits_of, right_by_number
from tests.factories import COUNTY, LIMESTONE, set_clock
from tests.reports.register import enter, found

NUMBER = "SZ-2019-0005"


@pytest.fixture
def book(session):
    """Give a session on the catalogue and both plans, in January 2025."""
    found(session)
    return session


class TestRegistrationSheet:
    def test_right_and_permit_stand_apart_as_they_are_registered(self, book):
        enter(book, document="石规资〔2019〕8号")
        sheet = registration_data(book, NUMBER)
        right, [permit] = sheet.right, sheet.permits
        assert (right.kind, right.region, right.township) == ("采矿权", "重庆市石柱土家族自治县", "六塘乡")
        assert (right.holder, right.credit_code) == ("示例建材有限公司", "Y1500240DEM000049A")
        assert right.term == "10年，自2019年12月19日至2029年12月18日"
        assert (right.area, right.depth, right.density) == (
            "0.3310 km²",
            "由 +1085 m 至 +920 m 标高",
            "2.65 t/m³",
        )
        assert (right.version, right.document) == ("权利登记第 1 版", "石规资〔2019〕8号")
        assert (permit.number, permit.scale, permit.method) == (f"示例-{NUMBER}", "120 万吨/年", "露天开采")
        assert (permit.first, permit.last, permit.standing) == (
            date(2019, 12, 19),
            date(2029, 12, 18),
            "有效",
        )
        assert not permit.national

    def test_codes_and_ring_items_carry_how_sure_they_are(self, book):
        enter(book)
        sheet = registration_data(book, NUMBER)
        main, other = sheet.right.minerals
        assert (main.name, main.role, main.code, main.counted) == (LIMESTONE, "主矿种", "83907", True)
        assert main.code_source is not None
        assert main.code_source.confidence is Confidence.c
        assert (other.name, other.counted) == ("建筑用砂岩", False)
        assert sheet.ring_source is not None
        assert sheet.ring_source.confidence is Confidence.d
        assert sheet.scale_source is not None

    def test_it_counts_against_the_caps_of_county_and_municipality(self, book):
        enter(book)
        county, city = registration_data(book, NUMBER).caps
        assert (county.region, county.printed, county.clause) == (
            "石柱土家族自治县",
            "1200 矿石万吨/年",
            "专栏11",
        )
        assert (county.amount, county.kind, county.reference) == ("120 万吨/年", "已许可", f"示例-{NUMBER}")
        assert (county.first, county.last) == (date(2019, 12, 19), date(2029, 12, 18))
        assert city.region == "重庆市"

    def test_reserves_stand_as_the_newest_report_has_them(self, book):
        enter(book)
        inferred, measured = registration_data(book, NUMBER).reserves
        assert (inferred.category, inferred.held, inferred.at) == ("推断资源量", "148.6", "2025年初")
        set_clock(book, date(2026, 1, 20))
        lines = (
            SurveyLine(
                ReserveCategory.measured, extracted=parse("50 万吨").base, lost=parse("1.5 万吨").base
            ),
            SurveyLine(ReserveCategory.inferred),
        )
        post_year(book, SYSTEM, PostYear(NUMBER, LIMESTONE, 2025, lines, "2025年储量年报", "万吨"))
        measured = registration_data(book, NUMBER).reserves[1]
        assert (measured.held, measured.cumulative, measured.at, measured.source) == (
            "150.7",
            "202.2",
            "2025年末",
            "2025年储量年报",
        )

    def test_the_history_names_each_entry_with_its_ground_and_what_came_with_the_right_once(self, book):
        enter(book, document="石规资〔2019〕8号")
        set_clock(book, date(2025, 6, 2))
        set_state(book, SYSTEM, NUMBER, OperatingState.stopped, date(2025, 6, 1), "检修")
        right_id = right_by_number(book, NUMBER).id or 0
        permits_of(book, [right_id])[right_id][0].superseded_at = clock.now(book)
        book.commit()  # the trail is written with the transaction
        sheet = registration_data(book, NUMBER)
        told = [(entry.what, entry.document) for entry in sheet.history]
        assert sorted(told[:2]) == [
            (f"许可证 示例-{NUMBER} 登记内容更新", None),
            ("运行状态：停产，自 2025-06-01", "检修"),
        ]
        assert told[2:] == [
            ("权利登记第 1 版（导入登记）", "石规资〔2019〕8号"),
            (f"许可证 示例-{NUMBER} 登记", None),
        ]
        assert [spell.what for spell in sheet.states] == ["在建", "生产", "停产"]
        assert [spell.what for spell in sheet.green] == ["市级"]
        assert sheet.permits[0].standing == "登记已更新"

    def test_what_is_not_recorded_stays_open(self, book):
        enter(
            book, permit=None, density=None, area=None, area_m2=None, top_mm=None, bottom_mm=None,
            holder=None, township=None, reserves=(), reserves_at=None, green=None, green_since=None,
        )  # fmt: skip
        sheet = registration_data(book, NUMBER)
        assert (sheet.permits, sheet.reserves, sheet.green, sheet.rings) == ((), (), (), ())
        assert (sheet.right.holder, sheet.right.area, sheet.right.depth, sheet.right.density) == (None,) * 4
        assert sheet.sketch is None
        assert sheet.ring_source is None

    def test_neither_a_named_mine_nor_another_countys_right_is_told(self, book):
        enter(book)
        right = register_named_mine(
            book, SYSTEM, NamedMine(COUNTY, "示例点名矿山", "示例规划", "第四章", LIMESTONE)
        )
        with pytest.raises(NotOnTheBooks):
            registration_data(book, right.number)
        with pytest.raises(NotFound):
            registration_data(book, NUMBER, Actor("abroad", frozenset({(Role.clerk, "500101")})))
        with pytest.raises(NotFound):
            registration_data(book, "SZ-2099-0001")
