"""Hand-made notices, plain and extreme."""

from dataclasses import replace
from datetime import date

from registry.kernel.vocabulary import Confidence
from reports.confidence import Source
from reports.letters import Letter
from reports.notices import AlarmNotice, CapMine, Due, Fact, MissingNotice, RenewalNotice
from reports.sheet import Paper
from tests.reports.samples import LONG_HOLDER, LONG_MINE, PLAN

SENDER = "石柱土家族自治县规划和自然资源局"


def _paper(title: str, label: str, through: date | None = date(2025, 12, 31)) -> Paper:
    return Paper(
        title=title, subtitle="", office=SENDER, label=label, printed_on=date(2026, 1, 31),
        data_through=through, tags=("示例数据",), watermark="示例数据", number="SZ-文-2026-000012",
        verify="http://127.0.0.1:8000/verify/SZ-文-2026-000012", audit_head=None,
    )  # fmt: skip


DUE_DAY = Source("报送期限", Confidence.d, "本登记簿的设定（次月 10 日），未见公开文本规定")
MISSING = MissingNotice(
    paper=_paper("关于催报产量报表的函", "催报函 SZ-2019-0004 2025年"),
    letter=Letter(
        to="示例砖瓦有限公司",
        says=(
            (
                "你单位示例南宾街道砖瓦用页岩矿（SZ-2019-0004）截至2026年1月31日，"
                "下列产量报表共 1 份已过报送期限，我局尚未收到："
            ),
        ),
        asks=("请尽快补报；当期没有产量的，请报零报。如已报送，请告知以便核对。",),
        sender=SENDER,
    ),
    lines=(Due("砖瓦用页岩", "2025年7月", "月报", date(2025, 8, 10), 174),),
    source=DUE_DAY,
)
LONG_DAYS = "日报（1–3 日、5 日、7–9 日、11–13 日、17 日、19–28 日）"
LONG_MISSING = replace(
    MISSING,
    letter=replace(MISSING.letter, to=LONG_HOLDER + LONG_HOLDER),
    lines=tuple(
        Due("建筑石料用灰岩", f"{2020 + n // 12}年{n % 12 + 1}月", LONG_DAYS, date(2026, 1, 10), n,
            "作废后未重报" if n % 7 == 0 else "")
        for n in range(60)
    ),
)  # fmt: skip
ALARM = AlarmNotice(
    paper=_paper("关于建筑石料用灰岩开采总量的预警告知函", "预警告知函 39 建筑石料用灰岩 2025年"),
    letter=Letter(
        to="计入本指标的各矿业权人（名单附后）",
        says=(
            f"《{PLAN}》专栏11规定，建筑石料用灰岩规划总量调控指标为1200 矿石万吨/年（约束性）。",
            "截至2025年12月31日，2025年累计开采1221.6 万吨，占指标的101.8%，已超出该指标21.6 万吨。",
            "该指标的属性为约束性。",
        ),
        asks=(
            "一、请核对附表所列数据；如有不符，请与我局联系。",
            "二、请按采矿许可证载明的生产规模组织生产。",
        ),
        sender=SENDER,
    ),
    facts=(
        Fact("规划数值", "1200 矿石万吨/年"), Fact("属性", "约束性"), Fact("条款", f"《{PLAN}》 专栏11"),
        Fact("读数", "1221.6 万吨"), Fact("占比", "101.8%"), Fact("对应许可", None),
    ),
    mines=(
        CapMine("SZ-2015-0001", "示例鱼池采石场", "示例鱼池矿业公司", "260 万吨/年", "268 万吨", "103.1%"),
        CapMine("SZ-2019-0005", "示例六塘乡青杠坪建筑石料用灰岩矿", None, None, None, None),
    ),
    year=2025,
    remarks=("产量为已报送的月报合计，缺报的矿山未计。",),
)  # fmt: skip
LONG_FIGURE = "123456.789012 万m³"
LONG_ALARM_NOTICE = replace(
    ALARM,
    mines=tuple(
        CapMine(f"SZ-2017-{n:04d}", LONG_MINE, LONG_HOLDER, "123456.789012 矿石万立方米/年", LONG_FIGURE,
                "1234.5%")
        for n in range(60)
    ),
)  # fmt: skip
RENEWAL = RenewalNotice(
    paper=_paper("关于采矿许可证延续登记的提醒函", "延续提醒 SZ-2016-0003", date(2026, 1, 31)),
    letter=Letter(
        to="示例康养地热有限公司",
        says=("你单位采矿许可证将于2026年4月15日届满，延续申请应在2026年3月16日以前提出，距今尚有44 日。",),
        asks=("请在上述日期以前向登记机关提出延续申请。",),
        sender=SENDER,
    ),
    facts=(
        Fact("矿山", "示例冷水镇地热井"), Fact("许可证号", "示例-SZ-2016-0003"),
        Fact("申请截止日", "2026年3月16日", True),
    ),
    bases=(
        Source("国务院令第241号 第七条", Confidence.a, "有效期届满的30 日前到登记管理机关办理延续登记手续"),
        Source("国务院令第839号", Confidence.c, "2026年公布，文本未能取得；上述规定是否继续适用尚未核实"),
    ),
)  # fmt: skip
LONG_RENEWAL = replace(
    RENEWAL,
    letter=replace(
        RENEWAL.letter,
        to=LONG_HOLDER,
        says=(
            f"你单位{LONG_MINE}（SZ-2017-0004）的采矿许可证有效期至 2026年4月15日，距申请截止日还有 44 日。",
        ),
    ),
    facts=(Fact("矿山", LONG_MINE), *RENEWAL.facts[1:]),
)
