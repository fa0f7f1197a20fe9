"""Papers are built from the register: each figure is a row's, and what is missing is shown as missing."""

from datetime import date

import pytest

from registry.documents.service import cap_table_data, inspection_data, pdf_of, permit_data
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.errors import Forbidden, NotFound
from registry.kernel.shown import state_shown
from registry.kernel.vocabulary import AlarmCode, CapState, Confidence, Role
from registry.output.service import open_duties
from registry.platform import clock
from registry.platform.facts import set_fact
from registry.registration.rules import NamedMine, NotOnTheBooks, PermitFacts
from registry.registration.service import register_named_mine
from registry.rights.queries import permits_of, right_by_number
from tests.factories import CITY, COUNTY, LIMESTONE, set_clock
from tests.reports.papers import text_of
from tests.reports.register import dig, enter, found, written


@pytest.fixture
def book(session):
    """Give a session on the catalogue and both plans, in January 2025."""
    found(session)
    return session


class TestPermitSheet:
    def test_every_fact_of_the_register_is_on_it(self, book):
        enter(book)
        sheet = permit_data(book, "示例-SZ-2019-0005")
        facts = sheet.facts
        assert (facts.right, facts.number, facts.national) == ("SZ-2019-0005", "示例-SZ-2019-0005", False)
        assert (facts.holder, facts.credit_code) == ("示例建材有限公司", "Y1500240DEM000049A")
        assert (facts.mineral, facts.associated, facts.method) == (LIMESTONE, ("建筑用砂岩",), "露天开采")
        assert (facts.scale, facts.scale_class) == ("120 万吨/年", "大型")
        assert str(facts.scale_note).startswith("体积质量 2.65 t/m³，折 45.283 万m³/年")
        assert (facts.area, facts.depth) == ("0.3310 km²", "由 +1085 m 至 +920 m 标高")
        assert facts.term == "10年，自2019年12月19日至2029年12月18日"
        assert facts.authority == "示例县规划和自然资源局"
        assert facts.standing is None

    def test_the_corner_points_keep_their_millimetres_and_the_hole_its_name(self, book):
        enter(book)
        sheet = permit_data(book, "示例-SZ-2019-0005")
        assert sheet.corner_count == 7
        assert [(c.number, c.x, c.y) for c in sheet.rings[0].corners][1] == (
            "J2",
            "3307507.000",
            "36513223.452",
        )
        assert (sheet.rings[1].hole, sheet.rings[1].note) == (True, "扣除区")
        assert sheet.coordinates == "2000国家大地坐标系，3度带第36带"

    def test_it_rests_on_the_caps_of_county_and_municipality_as_printed(self, book):
        enter(book)
        county, city = permit_data(book, "示例-SZ-2019-0005").bases
        assert (county.printed, county.base) == ("1200 矿石万吨/年", "12,000,000 t/年")
        assert (county.clause, county.binding, county.remark) == ("专栏11", "约束性", None)
        assert city.base == "359,000,000 t/年"

    def test_after_the_plan_has_ended_the_figure_is_carried_forward(self, book):
        enter(book)
        set_clock(book, date(2026, 1, 31))
        assert permit_data(book, "示例-SZ-2019-0005").bases[0].remark == "规划期已满，沿用"

    def test_a_mineral_without_figure_has_none(self, book):
        enter(book, mineral="石英砂岩", associated=())
        [basis] = permit_data(book, "示例-SZ-2019-0005").bases
        assert (basis.printed, basis.base, basis.binding) == (None, None, None)

    def test_it_is_no_licence_in_a_demonstration_nor_in_a_real_register(self, book):
        enter(book)
        assert permit_data(book, "示例-SZ-2019-0005").paper.watermark == "示例 · 非法定证照"
        set_fact(book, "demonstration", "no")
        genuine = permit_data(book, "示例-SZ-2019-0005").paper
        assert genuine.tags == ("登记簿打印件 · 非法定证照",)
        assert genuine.watermark == "非法定证照"

    def test_a_permit_past_its_last_day_says_so(self, book):
        enter(book)
        set_clock(book, date(2029, 12, 18))
        assert permit_data(book, "示例-SZ-2019-0005").facts.standing is None
        set_clock(book, date(2029, 12, 19))
        assert permit_data(book, "示例-SZ-2019-0005").facts.standing == "已过有效期，2029年12月18日届满"

    def test_a_class_that_cannot_be_derived_is_open_with_its_reason(self, book):
        enter(book, density=None)
        facts = permit_data(book, "示例-SZ-2019-0005").facts
        assert (facts.scale_class, facts.scale_note) == ("待定", "规模分类按体积，缺该矿体积质量")

    def test_a_right_without_permit_prints_as_a_draft(self, book):
        enter(book, permit=None)
        sheet = permit_data(book, "SZ-2019-0005")
        assert sheet.facts.number is None
        assert sheet.facts.standing == "未登记许可证"
        assert "草稿" in sheet.paper.tags
        assert sheet.paper.watermark == "非法定证照 · 草稿"

    def test_a_superseded_entry_is_never_shown_as_the_present_one(self, book):
        enter(book)
        right_id = right_by_number(book, "SZ-2019-0005").id or 0
        permits_of(book, [right_id])[right_id][0].superseded_at = clock.now(book)
        book.flush()
        assert permit_data(book, "示例-SZ-2019-0005").facts.standing == "登记已更新，此为原登记内容"
        assert permit_data(book, "SZ-2019-0005").facts.number is None

    def test_a_mine_that_only_the_plan_names_gets_no_paper(self, book):
        named = NamedMine(COUNTY, "示例点名矿山", "示例规划", "第四章第三节四", LIMESTONE)
        right = register_named_mine(book, SYSTEM, named)
        for build in (permit_data, lambda session, number: inspection_data(session, number, 2025)):
            with pytest.raises(NotOnTheBooks):
                build(book, right.number)

    def test_an_unknown_number_is_not_found(self, book):
        with pytest.raises(NotFound):
            permit_data(book, "C5002402019127110148436")

    def test_another_county_may_not_print_it(self, book):
        enter(book)
        abroad = Actor("abroad", frozenset({(Role.clerk, "500101")}))
        with pytest.raises(NotFound):
            permit_data(book, "示例-SZ-2019-0005", abroad)
        with pytest.raises(NotFound):
            inspection_data(book, "SZ-2019-0005", 2025, abroad)
        with pytest.raises(NotFound):
            cap_table_data(book, 2025, COUNTY, abroad)

    def test_a_clerk_of_the_county_may(self, book):
        enter(book)
        clerk = Actor("jingban", frozenset({(Role.clerk, COUNTY)}))
        assert permit_data(book, "示例-SZ-2019-0005", clerk).facts.right == "SZ-2019-0005"
        with pytest.raises((Forbidden, NotFound)):
            cap_table_data(book, 2025, CITY, clerk)


class TestCapTable:
    def test_it_shows_the_thirteen_controlled_minerals_of_the_county_as_printed(self, book):
        enter(book)
        table = cap_table_data(book, 2025, COUNTY)
        rows = {row.mineral: row for row in table.rows}
        assert len(rows) == 13
        assert (rows[LIMESTONE].printed, rows[LIMESTONE].base) == ("1200 矿石万吨/年", "12,000,000 t/年")
        assert rows["石英砂岩"].printed is None
        assert rows[LIMESTONE].code_source is not None
        assert rows[LIMESTONE].code_source.confidence is Confidence.c
        assert rows["石英砂岩"].code_source is None
        assert rows["石英砂岩"].state == state_shown(CapState.unknown)
        assert rows["地热"].day is not None
        assert [row.code is None for row in table.rows] == sorted(row.code is None for row in table.rows)

    def test_both_meters_stand_with_their_shares_and_alarms(self, book):
        enter(book, permit=PermitFacts("示例-SZ-2019-0005", None, None, written("1160 万吨/年")))
        dig(book, 1, "1221.6")
        table = cap_table_data(book, 2025, COUNTY)
        [row] = [row for row in table.rows if row.mineral == LIMESTONE]
        assert (row.licensed.used, row.licensed.held, row.licensed.free, row.licensed.ratio) == (
            "1160",
            "0",
            "40",
            "96.7%",
        )
        assert (row.output.used, row.output.free, row.output.ratio) == ("1221.6", "-21.6", "101.8%")
        assert row.state == state_shown(CapState.exceeded)
        assert row.data_through == date(2025, 1, 31)
        assert row.alarms == (
            "已许可能力逼近总量调控指标（警告，待处置）",
            "已开采超出总量调控指标（严重，待处置）",
        )
        [alarm] = [line for line in table.alarms if line.what == AlarmCode.cap_exceeded.label]
        assert (alarm.limit, alarm.reading, alarm.excess) == ("1200 万吨", "1221.6 万吨", "21.6 万吨")
        assert [(c.what, c.raised) for c in table.right_alarms] == [(AlarmCode.permit_exceeded.label, 1)]

    def test_the_municipal_cap_is_not_compared_with_one_countys_share(self, book):
        enter(book)
        dig(book, 1, "5")
        table = cap_table_data(book, 2025, CITY)
        [row] = [row for row in table.rows if row.region == "重庆市" and row.mineral == LIMESTONE]
        assert (row.output.used, row.output.free, row.output.ratio) == ("5", None, None)
        assert {one.region for one in table.rows} == {"重庆市", "石柱土家族自治县"}

    def test_what_did_not_come_is_counted_as_missing(self, book):
        enter(book)
        dig(book, 1, "5")
        set_clock(book, date(2025, 3, 20))
        open_duties(book)
        [row] = [row for row in cap_table_data(book, 2025, COUNTY).rows if row.mineral == LIMESTONE]
        assert (row.coverage.returns_reported, row.coverage.returns_expected) == (1, 2)
        assert row.coverage.missing == ("SZ-2019-0005/建筑石料用灰岩/2025-02",)

    def test_an_unknown_scale_leaves_the_room_open(self, book):
        enter(book, permit=PermitFacts("示例-SZ-2019-0005", date(2019, 12, 19), None))
        [row] = [row for row in cap_table_data(book, 2025, COUNTY).rows if row.mineral == LIMESTONE]
        assert (row.licensed.unknown, row.licensed.free, row.licensed.ratio) == (1, None, None)

    def test_a_year_of_which_nothing_is_known_is_not_in_order(self, book):
        rows = {row.mineral: row for row in cap_table_data(book, 2025, COUNTY).rows}
        assert (rows[LIMESTONE].state.word, rows[LIMESTONE].licensed.ratio) == ("无数据", None)
        assert {row.state.word for row in cap_table_data(book, 1999, COUNTY).rows} == {"当年尚无规划"}

    def test_a_table_shows_at_most_four_decimals(self, book):
        enter(book)
        dig(book, 1, "5.123456789")
        [row] = [row for row in cap_table_data(book, 2025, COUNTY).rows if row.mineral == LIMESTONE]
        assert (row.output.used, row.output.free) == ("5.1235", "1194.8765")

    def test_an_unknown_region_is_not_found(self, book):
        with pytest.raises(NotFound):
            cap_table_data(book, 2025, "999999")


def test_all_three_papers_print_what_the_register_says(book):
    enter(book)
    dig(book, 1, "130", lost="1.25")
    sheets = (
        permit_data(book, "示例-SZ-2019-0005"),
        inspection_data(book, "SZ-2019-0005", 2025),
        cap_table_data(book, 2025, CITY),
    )
    permit, inspection, table = (text_of(pdf_of(sheet)) for sheet in sheets)
    assert "共由7个拐点圈定" in permit
    assert "超出许可规模10万吨（108.3%）" in inspection
    assert "12,000,000t/年" in table
