"""The annual inspection sheet adds up the returns, and shows as missing what did not come."""

from datetime import date
from decimal import Decimal

import pytest

from registry.documents.service import inspection_data
from registry.identity.rules import SYSTEM
from registry.kernel.quantity import parse
from registry.kernel.vocabulary import AlarmCode, Confidence, ReserveCategory
from registry.output.rules import read_output
from registry.output.service import open_duties, record
from registry.registration.rules import PermitFacts
from registry.reserves.rules import PostYear, SurveyLine
from registry.reserves.service import post_year
from tests.factories import LIMESTONE, set_clock
from tests.reports.register import dig, enter, found, written


@pytest.fixture
def book(session):
    """Give a session on the catalogue and both plans, in January 2025."""
    found(session)
    return session


def answers(sheet):
    """Return what the register answers, by the number of the item."""
    return {line.number: [(one.text, one.basis) for one in line.answers] for line in sheet.checklist}


class TestInspectionSheet:
    def test_months_add_up_and_what_did_not_come_is_missing(self, book):
        enter(book)
        dig(book, 1, "7.26", lost="0.22")
        dig(book, 2, "0")
        dig(book, 4, "4.235")
        set_clock(book, date(2025, 5, 20))
        [mineral] = inspection_data(book, "SZ-2019-0005", 2025).minerals
        january, february, march, april, may = mineral.months[:5]
        assert (january.output, january.lost, january.share) == ("7.26", "0.22", "6.0%")
        assert (february.output, february.marks) == ("0", ("零报",))
        assert (march.output, march.cumulative, march.missing) == (None, None, True)
        assert (april.output, april.cumulative) == ("4.235", "11.495")
        assert (may.output, may.missing) == (None, False)
        assert (mineral.total, mineral.lost, mineral.over) == ("11.495", "0.22", False)

    def test_output_over_the_permit_is_told_with_its_excess_and_alarm(self, book):
        enter(book)
        dig(book, 1, "100")
        dig(book, 2, "20")
        assert not inspection_data(book, "SZ-2019-0005", 2025).minerals[0].over
        dig(book, 3, "0.5")
        sheet = inspection_data(book, "SZ-2019-0005", 2025)
        assert (sheet.minerals[0].over, sheet.minerals[0].excess, sheet.minerals[0].share) == (
            True,
            "0.5 万吨",
            "100.4%",
        )
        [alarm] = [line for line in sheet.alarms if line.what == AlarmCode.permit_exceeded.label]
        assert (alarm.limit, alarm.reading, alarm.excess) == ("120 万吨", "120.5 万吨", "0.5 万吨")

    def test_months_after_expiry_and_corrections_are_marked(self, book):
        enter(
            book,
            permit=PermitFacts(
                "示例-SZ-2019-0005", date(2019, 12, 19), date(2025, 2, 28), written("120 万吨/年")
            ),
        )
        dig(book, 3, "2")
        dig(book, 4, "3")
        fields = {"right_no": "SZ-2019-0005", "period": "2025-03", "quantity": "1", "unit": "万吨"}
        record(book, SYSTEM, read_output(fields, correct=True, reason="笔误"))
        sheet = inspection_data(book, "SZ-2019-0005", 2025)
        assert sheet.minerals[0].months[2].marks == ("许可到期后", "有更正")
        assert sheet.minerals[0].months[3].marks == ("许可到期后",)
        assert sheet.facts.standing == "已过有效期，2025年2月28日届满"

    def test_a_well_shows_its_highest_day_and_the_days_that_lack(self, book):
        permit = PermitFacts(
            "示例-SZ-2014-0002",
            date(2014, 1, 1),
            date(2034, 1, 1),
            written("13.8 万m³/年"),
            written("380 m³/日"),
        )
        enter(
            book,
            number="SZ-2014-0002",
            mineral="地热",
            associated=(),
            permit=permit,
            density=None,
            reserves=(),
            reserves_at=None,
        )
        for day in range(3, 31):
            dig(book, 1, "391.25" if day == 7 else "370", day, right="SZ-2014-0002", unit="m³")
        set_clock(book, date(2025, 2, 20))
        sheet = inspection_data(book, "SZ-2014-0002", 2025)
        [mineral] = sheet.minerals
        assert (mineral.unit, mineral.day_unit, mineral.max_day) == ("万m³", "m³", "380 m³/日")
        january = mineral.months[0]
        assert (january.peak, january.days) == ("391.25", "28")
        assert january.marks[0] == "超最大日开采量"
        assert january.marks[1].startswith("缺报 ")
        assert Decimal(january.output or "") == (27 * 370 + Decimal("391.25")) / 10000
        [line] = sheet.plan[:1]
        assert line.cap.used == "391.25 m³（最高日）"
        assert (line.own, line.share) == ("391.25 m³", "65.2%")

    def test_the_ledger_shows_nothing_that_was_not_surveyed(self, book):
        enter(book)
        sheet = inspection_data(book, "SZ-2019-0005", 2025)
        inferred, measured = sheet.reserves
        assert (inferred.category, inferred.opening, inferred.closing) == ("推断资源量", "148.6", None)
        assert (measured.extracted, measured.lost) == (None, None)
        assert str(sheet.reserves_remark).startswith("2025年储量年报尚未入账")
        set_clock(book, date(2026, 1, 20))
        survey = SurveyLine(
            ReserveCategory.measured, extracted=parse("50 万吨").base, lost=parse("1.5 万吨").base
        )
        nothing = SurveyLine(ReserveCategory.inferred)
        post_year(
            book,
            SYSTEM,
            PostYear("SZ-2019-0005", LIMESTONE, 2025, (survey, nothing), "2025年储量年报", "万吨"),
        )
        sheet = inspection_data(book, "SZ-2019-0005", 2025)
        recovery = sheet.rates[0]
        assert (recovery.value, recovery.remark) == ("97.1%", "储量年报：开采量 50 万吨，损失量 1.5 万吨")
        assert answers(sheet)["6"] == [("2025年储量年报已入账，动用 51.5 万吨", "储量台账")]
        assert (sheet.reserves[1].extracted, sheet.reserves[1].lost, sheet.reserves[1].closing) == (
            "50",
            "1.5",
            "150.7",
        )
        assert (sheet.reserves[0].extracted, sheet.reserves[0].closing) == ("0", "148.6")
        assert "尚未入账" not in str(sheet.reserves_remark)

    def test_states_and_green_level_of_the_year(self, book):
        enter(book)
        sheet = inspection_data(book, "SZ-2019-0005", 2025)
        assert [(s.what, s.since) for s in sheet.states] == [("生产", date(2020, 11, 1))]
        assert [(s.what, s.since) for s in sheet.green] == [("市级", date(2024, 8, 30))]
        assert [s.what for s in inspection_data(book, "SZ-2019-0005", 2020).states] == ["在建", "生产"]

    def test_the_form_names_its_verdicts_and_gives_none(self, book):
        enter(book)
        sheet = inspection_data(book, "SZ-2019-0005", 2025)
        assert [word.what for word in sheet.form.verdicts] == ["合格", "限期整改", "不合格", "缓检"]
        assert sheet.form.officers == 2

    def test_the_checklist_is_answered_from_returns_permit_ledger_and_plan_alone(self, book):
        enter(book)
        dig(book, 1, "100", lost="2")
        dig(book, 2, "30", lost="0.5")
        set_clock(book, date(2025, 4, 20))
        open_duties(book)
        sheet = inspection_data(book, "SZ-2019-0005", 2025)
        told = answers(sheet)
        record = "产量报表 2/3 期"
        assert told["2"] == [
            (
                "建筑石料用灰岩已报 130 万吨，许可生产规模 120 万吨/年，占 108.3%，超出 10 万吨",
                f"{record}，许可证 示例-SZ-2019-0005",
            )
        ]
        assert told["3"][0] == ("有效期限 10年，自2019年12月19日至2029年12月18日", "许可证")
        assert told["6"] == [("2025年储量年报尚未入账", "储量台账")]
        assert told["10"] == [("产量报表应报 3 期，已报 2 期，缺 2025-03", record)]
        assert [number for number, given in told.items() if not given] == ["1", "5", "7", "8", "9", "11"]
        [county, city] = told["另"]
        assert county[0].startswith("石柱土家族自治县建筑石料用灰岩 1200 矿石万吨/年：全地区已开采 130 万吨")
        assert "本矿 130 万吨（10.8%）" in county[0]
        assert "数据未覆盖" in city[0]
        held = {one.item.what: (one.value, one.basis) for one in sheet.disclosure}
        assert held["年采出矿量"] == ("建筑石料用灰岩 130 万吨", record)
        assert held["年消耗资源储量"] == (None, "登记簿未记载")

    def test_rates_that_cannot_be_reckoned_are_a_gap_and_never_a_figure(self, book):
        enter(book)
        dig(book, 1, "97", lost="3")
        recovery, dressing, utilisation = inspection_data(book, "SZ-2019-0005", 2025).rates
        assert recovery.value == "97.0%"
        assert "采出矿量含贫化" in recovery.remark
        assert (dressing.value, dressing.remark) == (None, "不适用（露天采石，不选矿）")
        assert (utilisation.value, utilisation.remark) == (None, "登记簿未记载")
        dig(book, 2, "5")
        recovery = inspection_data(book, "SZ-2019-0005", 2025).rates[0]
        assert (recovery.value, recovery.remark) == (None, "储量年报未入账；1 期产量报表未报损失量")

    def test_yearly_duties_stand_with_their_days_and_sources(self, book):
        enter(book)
        dates = {one.day: one.duty.confidence for one in inspection_data(book, "SZ-2019-0005", 2025).dates}
        assert dates == {
            "次月 10 日": Confidence.d,
            "2025年12月31日": Confidence.a,
            "2026年1月31日": Confidence.b,
            "2026年3月31日": Confidence.b,
        }
