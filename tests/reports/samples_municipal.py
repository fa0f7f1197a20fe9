"""Hand-made yearly reports: a preliminary one with something of everything, a final one of an empty book."""

from dataclasses import replace
from datetime import date

from registry.kernel.month_chart import month_chart
from registry.kernel.shown import Shown
from registry.kernel.vocabulary import Confidence
from reports.confidence import Source
from reports.municipal import (
    Aim,
    AlarmStory,
    BalanceLine,
    CapMonth,
    CapYear,
    CoveringLetter,
    Gap,
    MineLine,
    MissingReturns,
    MunicipalReport,
    PlanReserve,
    Step,
    Summary,
    Tallies,
    Tally,
)
from reports.sheet import Paper
from tests.reports.samples import BUREAU, LONG_HOLDER, PLAN
from tests.reports.samples_caps import HEAT, LATE, LIMESTONE, LONG_ALARM, NO_FIGURE, OVER, SHALE

PAPER = Paper(
    title="2025年度矿产资源规划执行情况报告",
    subtitle="石柱土家族自治县（500240） · 快报",
    office=BUREAU,
    label="年度报告（快报） 500240 2025年",
    printed_on=date(2026, 1, 31),
    data_through=date(2025, 12, 31),
    tags=("示例数据",),
    watermark="示例数据",
    number="SZ-文-2026-000012",
    verify="http://127.0.0.1:8000/verify/SZ-文-2026-000012",
    audit_head="500240:318:" + "0a1b2c3d" * 8,
)
_ASSUMED = Source(
    "矿山规模类别（“建筑石料”行）", Confidence.d, "国土资发〔2004〕208号（表中未列，比照建筑石料）"
)
_SEEN = Source("矿山规模类别（“石灰岩”行）", Confidence.b, "国土资发〔2004〕208号")


def _year(mineral: str, amounts: list[int], limit: int | None, *, daily: bool = False) -> CapYear:
    sums = [None if daily else sum(amounts[:n]) for n in range(1, 13)]
    months = tuple(
        CapMonth(
            n, str(amount) if amount else None, None if daily or not amount else str(total), int(not amount)
        )
        for n, (amount, total) in enumerate(zip(amounts, sums, strict=True), start=1)
    )
    chart = month_chart(amounts, sums, limit, (8000, 9000), 112)
    limit_told = None if limit is None else str(limit)
    unit = "m³" if daily else "万吨"
    return CapYear("石柱土家族自治县", mineral, unit, daily, limit_told, months, chart)


def _mine(number: int, scale_class: str, source: Source | None, why: str | None = None) -> MineLine:
    name = LONG_HOLDER + "沙子镇长坡建筑石料用灰岩矿" if number == 3 else f"示例矿山{number}"
    scale = "120 万吨/年" if source else None
    return MineLine(
        f"SZ-2020-{number:04d}",
        name,
        "沙子镇",
        "建筑石料用灰岩",
        scale,
        scale_class,
        why,
        source,
        "市级" if number % 2 else None,
        "生产",
    )


_NUMBERS = tuple(f"SZ-2020-{n:04d}" for n in range(1, 41))
_SHARE = Aim(
    name="绿色矿山建成率",
    plan=PLAN,
    clause="专栏3",
    binding="预期性",
    own=True,
    numerator=40,
    denominator=84,
    figure="40 / 84 = 47.6%",
    target="目标 48%",
    target_year=2025,
    cumulative=False,
    baseline="20.6%（2020年）",
    standing=Shown("△", "未达到", "near"),
    lacking=1,
    counted=_NUMBERS,
    others=_NUMBERS,
    left_out=("SZ-2017-0002",),
)
_UNANSWERED = replace(
    _SHARE,
    name="历史遗留和关闭矿山生态修复面积",
    numerator=None,
    denominator=None,
    figure=None,
    target="目标 0.75 平方公里",
    cumulative=True,
    standing=Shown("—", "登记簿暂无此项数据", "unknown"),
    lacking=None,
    counted=(),
    others=(),
    left_out=(),
)
_ABOVE = replace(
    _SHARE, name="矿山总数", own=False, denominator=None, target="≤ 1200 个", figure="84 个", others=()
)

REPORT = MunicipalReport(
    paper=PAPER,
    region="石柱土家族自治县",
    year=2025,
    edition="快报",
    status="初步数据，可能变动，以定报为准。",
    summary=Summary(5, 2, 1, 1, 1, 84, 1064, 1062, 40, 35, 3),
    caps=(LIMESTONE, SHALE, HEAT, NO_FIGURE),
    years=(
        _year("建筑石料用灰岩", [73, 38, 106, 112, 116, 95, 90, 97, 117, 127, 130, 121], 1200),
        _year("地热", [504, 618, 463, 427, 459, 370, 359, 373, 407, 453, 467, 478], 600, daily=True),
        _year("石英砂岩", [1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0], None),
    ),
    alarms=(
        AlarmStory(
            OVER,
            (
                Step("产生", date(2026, 1, 8), "系统", None),
                Step("签收", date(2026, 1, 9), "shenhe", "已约谈矿业权人，暂停该矿种新增规模"),
            ),
            handled=True,
        ),
        AlarmStory(LATE, (Step("产生", date(2026, 1, 8), "系统", None),), handled=False),
        AlarmStory(LONG_ALARM, (Step("产生", date(2026, 1, 8), "jingban", None),), handled=False),
    ),
    aims=(_SHARE, _UNANSWERED, _ABOVE),
    mines=(
        _mine(1, "大型", _ASSUMED),
        _mine(2, "中型", _SEEN),
        _mine(3, "待定", None, "规模分类按体积，缺该矿体积质量"),
    ),
    by_scale=Tallies(("国家级", "市级"), (Tally("大型", (0, 1), 1), Tally("合计", (0, 2), 2))),
    by_mineral=Tallies(("大型", "中型", "待定"), (Tally("合计", (1, 1, 1), 3),)),
    balance=(
        BalanceLine(
            "建筑石料用灰岩",
            "资源量",
            "推断资源量",
            "万吨",
            11,
            "1905.8",
            "100.25",
            "3.5",
            "-7",
            "0.1234",
            "0",
            "1795.1734",
            "2008",
        ),
        BalanceLine("铅矿", "储量", "证实储量", "万吨", 1, "21.2", "0", "0", "0", "0", "0", "21.2", "21.2"),
    ),
    plan_reserves=(
        PlanReserve("建筑石料用灰岩", ("2015年 4204 万吨", "2020年 1.2 万吨"), "专栏2", "7612.5 万吨", 11, 0),
        PlanReserve("煤", ("2020年 0.7418 亿吨",), "专栏2", None, 0, 0),
    ),
    missing=(
        MissingReturns("SZ-2019-0001", "示例水泥配料用砂岩矿", "水泥配料用砂岩", ("2025-11", "2025-12"), 2),
    ),
    gaps=(Gap("总量调控矿种，规划未列数值", ("石英砂岩",)), Gap("矿山规模类别待定", ("SZ-2020-0003",))),
    pending=("缺报产量报表 2 份：补报后数量、占比和状态随之变动", "待处置预警 35 条：处置情况随办理更新"),
    sources=(_ASSUMED, Source("报表应报日", Confidence.d, "次月 10 日：未见公开规定")),
    notes=("接近：占比达 80%；预警：占比达 90% 至指标；超出：大于指标。",),
    letter=CoveringLetter("函", None, "随函报送。", "特此函报。", ("报告（PDF）", "附表（XLSX）")),
)
EMPTY_REPORT = replace(
    REPORT,
    paper=replace(
        PAPER, subtitle="石柱土家族自治县（500240） · 定报", number=None, verify=None, audit_head=None
    ),
    edition="定报",
    status="年度数据。",
    summary=Summary(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    caps=(),
    years=(),
    alarms=(),
    aims=(),
    mines=(),
    by_scale=Tallies((), ()),
    by_mineral=Tallies((), ()),
    balance=(),
    plan_reserves=(),
    missing=(),
    gaps=(),
    pending=(),
    sources=(),
    notes=(),
)

# Sixty mines and the longest names and lists; laid out once, for the tests of typography.
LONG_REPORT = replace(
    REPORT,
    years=REPORT.years[:1],
    alarms=REPORT.alarms * 4,
    mines=REPORT.mines * 20,
    balance=REPORT.balance[:1] * 15,
    missing=tuple(
        replace(one, mine=LONG_HOLDER, periods=tuple(f"2025-01-{day:02d}" for day in range(1, 32)), count=31)
        for one in REPORT.missing * 3
    ),
    gaps=(replace(REPORT.gaps[0], about=_NUMBERS),),
)
