"""Hand-made inspection sheets, plain and extreme."""

from dataclasses import replace
from datetime import date

from registry.documents.service.words import words
from registry.kernel.display import chinese_date
from reports.caps import CapReading, CapRow
from reports.checklist import Answer, CheckItem, DatedDuty, Disclosed, PlanLine, Rate
from reports.inspection import InspectionSheet, MineralYear, MonthLine, ReserveLine, Spell
from reports.sheet import Paper
from tests.reports.samples import BARE_PERMIT, BUREAU, LONG_PERMIT, PERMIT
from tests.reports.samples_caps import HEAT, LATE, LIMESTONE, LONG_ALARM, NO_FIGURE, OVER, PARTIAL


def issued(paper: Paper) -> Paper:
    """Return a paper with its number and the address that tells whether it is genuine."""
    number = "SZ-文-2026-000318"
    return replace(paper, number=number, verify=f"https://example.org/verify/{number}")


def _month(month: int) -> MonthLine:
    output = ["7.26", "4.235", "10.285", "11.13", "11.5", "9.44"][month % 6]
    return MonthLine(
        f"2025-{month:02d}", output, f"{month * 10}.{month}", f"{month * 8}.1%", "0.22", None, None, (), False
    )


def _reading(row: CapRow) -> CapReading:
    return CapReading(
        row.region,
        row.mineral,
        row.printed,
        row.clause,
        row.binding,
        row.carried_forward,
        f"{row.output.used} {row.unit}",
        row.output.ratio,
        row.state,
        row.data_through,
    )


WORDS = words()
ANSWERS = {
    "permit": (
        Answer(
            "建筑石料用灰岩已报 126.2234 万吨，许可生产规模 120 万吨/年，占 105.2%",
            "产量报表 11/12 期，许可证 示例-SZ-2019-0005",
        ),
        Answer("建筑石料用灰岩：许可到期后 1 个月", "产量报表标记"),
    ),
    "statistics": (Answer("产量报表应报 12 期，已报 11 期，缺 2025-09", "产量报表 11/12 期"),),
}
MONTHS = (
    *(_month(n) for n in range(1, 9)),
    MonthLine("2025-09", None, None, None, None, None, None, (), True),
    MonthLine("2025-10", "0", "90.1", "75.1%", None, None, None, ("零报", "非生产状态"), False),
    MonthLine("2025-11", "12", "102.1", "85.1%", "0.36", None, None, ("许可到期后", "更正"), False),
    MonthLine("2025-12", "24.1234", "126.2234", "105.2%", "0.3", None, None, (), False),
)
INSPECTION = InspectionSheet(
    paper=Paper(
        title=WORDS.title,
        subtitle="2025年度",
        office=BUREAU,
        label="采矿权年检报告书 SZ-2019-0005 2025年",
        printed_on=date(2026, 1, 31),
        data_through=date(2025, 12, 31),
        tags=("示例数据",),
        watermark="示例数据",
    ),
    form=WORDS.form,
    facts=PERMIT.facts,
    states=(Spell("生产", date(2020, 11, 1)), Spell("停产", date(2025, 10, 1))),
    green=(Spell("市级", date(2024, 8, 30)),),
    minerals=(
        MineralYear(
            mineral="建筑石料用灰岩",
            role="主矿种",
            unit="万吨",
            day_unit=None,
            months=MONTHS,
            total="126.2234",
            lost="2.64",
            scale="120 万吨/年",
            share="105.2%",
            excess="6.2234 万吨",
            over=True,
        ),
    ),
    plan=(
        PlanLine(_reading(LIMESTONE), "126.2234 万吨", "10.5%"),
        PlanLine(_reading(PARTIAL), "126.2234 万吨", None),
    ),
    reserves=tuple(
        ReserveLine(
            "", "建筑石料用灰岩", category, "万吨", opening, None, None, None, None, None, None, cumulative
        )
        for category, opening, cumulative in (
            ("推断资源量", "148.6", "148.6"),
            ("控制资源量", "243.8", "300.125"),
            ("探明资源量", "202.2", "202.2"),
        )
    ),
    reserves_remark="2025年储量年报尚未入账，年末保有未列；资源量与储量不相加。",
    rates=tuple(
        Rate(one.item, one.extra, value, remark)
        for one, value, remark in zip(
            WORDS.rates,
            ("97.1%", None, None),
            ("储量年报：开采量 50 万吨，损失量 1.5 万吨", "不适用（露天采石，不选矿）", "登记簿未记载"),
            strict=True,
        )
    ),
    alarms=(OVER, LATE, LONG_ALARM),
    checklist=tuple(CheckItem(one.extra, one.item, ANSWERS.get(one.key, ())) for one in WORDS.checklist),
    disclosure=tuple(
        Disclosed(one.item, "126.2234 万吨" if one.key == "output" else None, "产量报表 11/12 期")
        for one in WORDS.disclosure
    ),
    dates=(
        DatedDuty("次月 10 日", WORDS.returns_due),
        *(DatedDuty(chinese_date(one.of(2025)), one.duty) for one in WORDS.dates),
    ),
)
WELL = replace(
    INSPECTION,
    paper=issued(INSPECTION.paper),
    facts=replace(LONG_PERMIT.facts, mineral="地热", max_day="380 m³/日", scale="13.8 万m³/年"),
    minerals=(
        MineralYear(
            "地热",
            "主矿种",
            "万m³",
            "m³",
            tuple(replace(m, peak="391.25", days="31") for m in MONTHS),
            "14.2",
            None,
            "13.8 万m³/年",
            "102.9%",
            "0.4 万m³",
            True,
            "380 m³/日",
        ),
        MineralYear("锌矿", "共伴生矿种", "万吨", None, MONTHS[:2], "1.5", None, None, None, None, False),
    ),
    plan=(
        PlanLine(_reading(HEAT), "391.25 m³", "65.2%"),
        PlanLine(_reading(NO_FIGURE), None, None),
    ),
)
BARE_INSPECTION = replace(
    INSPECTION,
    facts=BARE_PERMIT.facts,
    states=(),
    green=(),
    minerals=(),
    plan=(),
    reserves=(),
    alarms=(),
    reserves_remark="储量台账没有该采矿权的记录。",
)
