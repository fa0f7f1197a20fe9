"""Hand-made monthly progress sheets: as the demonstration has them, and at their fullest."""

from dataclasses import replace
from datetime import date

from registry.kernel.meter import Load, lay_out
from registry.kernel.shown import severity_shown, state_shown
from registry.kernel.vocabulary import CapState, Severity
from reports.progress import ProgressAlarm, ProgressRow, ProgressSheet
from reports.sheet import Paper
from tests.reports.samples import LONG_MINE

LIMESTONE = ProgressRow(
    mineral="建筑石料用灰岩",
    basis="约束性 · 专栏11",
    printed="1200 矿石万吨/年",
    unit="万吨",
    month="114",
    used="846.6",
    share="70.6%",
    ahead="-4.4",
    licensed="1190",
    licensed_share="99.2%",
    outlook="1128.8",
    state=state_shown(CapState.warning),
    returns="99／99",
    meter=lay_out(Load(12000, 11600, 300, 8466, 11288), (8000, 9000), CapState.warning, CapState.ok),
)
NO_FIGURE = replace(
    LIMESTONE, mineral="冶金用白云岩", basis="属性未列 · 第七章第三节一", printed="规划未列数值", share=None,
    ahead=None, licensed_share=None, state=state_shown(CapState.unknown), meter=None,
)  # fmt: skip
PROGRESS = ProgressSheet(
    paper=Paper(
        title="2025年9月规划总量调控进度表",
        subtitle="石柱土家族自治县（500240）",
        office="石柱土家族自治县",
        label="月度进度表 500240 2025-09",
        printed_on=date(2026, 1, 31),
        data_through=date(2025, 9, 30),
        tags=("示例数据",),
        watermark="示例数据",
        number="SZ-文-2026-000013",
    ),
    month="9月",
    elapsed="75.0%",
    rows=(LIMESTONE, NO_FIGURE),
    alarms=(ProgressAlarm(severity_shown(Severity.warning), "产量报表缺报 · 铅矿 · SZ-2016-0004 · 待处置"),),
    alarms_more=0,
    missing=(),
    missing_more=0,
    missing_returns=0,
    notes=("累计为2025年1月至9月已报送并计入指标的数量，按打印日登记内容。",),
)
_ALARM = (
    "超出总量调控指标 · 建筑石料用灰岩（已许可能力） · SZ-2017-0004 · 123456.789 万吨／123456 万吨 · "
    "待处置（已回落）"
)
_MISSING = "建筑石料用灰岩 1月至12月 365 份，最长逾期 365 日"
# Thirteen caps with the longest figures, every list cut, and every note: still one page.
FULL_PROGRESS = replace(
    PROGRESS,
    rows=tuple(
        replace(LIMESTONE, printed="123456.78 矿石万立方米/年", used="123456.7891", month="12345.6789",
                licensed="123456.7891", outlook="123456.7891", returns="1234／1234")
        if n % 3 else NO_FIGURE
        for n in range(13)
    ),
    alarms=(ProgressAlarm(severity_shown(Severity.critical), _ALARM),) * 4,
    alarms_more=88,
    missing=tuple(f"SZ-2017-{n:04d} {LONG_MINE}：{_MISSING}" for n in range(4)),
    missing_more=29,
    missing_returns=1234,
    notes=(
        "累计为2025年1月至12月已报送并计入指标的数量；按日计量的指标，累计为年内最高日，当月为当月最高日。",
        "时序进度按月份计为 100.0%（12／12），“较时序”为占指标减时序进度，单位为百分点。",
        "年末推算按已报齐的各月月均推算（至少 3 个月），仅供参考，不作判断。",
        "本月新增预警含由本月报表触发的和在本月产生的；预警的数值、状态和缺报的逾期日数按打印日。",
        "至2025年12月31日的报表尚未全部到期，数量还会增加。",
    ),
)  # fmt: skip
