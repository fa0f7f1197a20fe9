"""Hand-made cap rows and alarms, plain and extreme."""

from dataclasses import replace
from datetime import date

from registry.kernel.meter import Load, lay_out
from registry.kernel.shown import severity_shown, state_shown
from registry.kernel.vocabulary import CapState, Confidence, Severity
from reports.cap_table import CapTable
from reports.caps import CapRow, Coverage, DayReading, Side
from reports.confidence import Source
from reports.sheet import AlarmCount, AlarmLine, Paper
from tests.reports.samples import BUREAU, LONG_HOLDER, PLAN

PAPER = Paper(
    title="2025年度规划总量调控执行情况表",
    subtitle="石柱土家族自治县（500240）",
    office=BUREAU,
    label="规划总量调控执行情况表 500240 2025年",
    printed_on=date(2026, 1, 31),
    data_through=date(2025, 12, 31),
    tags=("示例数据",),
    watermark="示例数据",
)
CODE = Source("矿种代码", Confidence.c, "公开土地矿业应用内嵌的国家矿种代码表")
LIMESTONE = CapRow(
    region="石柱土家族自治县",
    mineral="建筑石料用灰岩",
    code="83907",
    binding="约束性",
    printed="1200 矿石万吨/年",
    base="12,000,000 t/年",
    unit="万吨",
    document=PLAN,
    clause="专栏11",
    carried_forward=False,
    licensed=Side(used="1160", held="30", free="10", ratio="99.2%"),
    output=Side(used="1221.6", held=None, free="-21.6", ratio="101.8%"),
    state=state_shown(CapState.exceeded),
    coverage=Coverage(1, 1, 132, 131, ("SZ-2017-0002/建筑石料用灰岩/2025-11",)),
    data_through=date(2025, 12, 31),
    alarms=("■ 超出总量调控指标", "▲ 逼近总量调控指标"),
    meter=lay_out(Load(12000, 11600, 300, 12216), (8000, 9000), CapState.warning, CapState.exceeded),
)
HEAT = replace(
    LIMESTONE,
    mineral="地热",
    code="17050",
    binding="预期性",
    printed="600 立方米/日",
    base="600 m3/日",
    unit="m³",
    licensed=Side("530", None, "70", "88.3%"),
    output=Side("618.4", None, "-18.4", "103.1%"),
    coverage=Coverage(1, 1, 730, 728, ("SZ-2016-0003/地热/2025-06-14", "SZ-2016-0003/地热/2025-06-15")),
    day=DayReading("2025-02-01", "618.4", "2025-12-31", "401.25", 1, 2, "395.017"),
    alarms=("▲ 超出总量调控指标",),
)
NO_FIGURE = replace(
    LIMESTONE,
    mineral="石英砂岩",
    code=None,
    binding=None,
    printed=None,
    base=None,
    clause="第七章第三节一",
    licensed=Side("8", None, None, None),
    output=Side("5", None, None, None),
    state=state_shown(CapState.unknown),
    coverage=Coverage(1, 1, 12, 12),
    alarms=("○ 总量调控矿种无指标数值",),
    meter=None,
)
PARTIAL = replace(
    LIMESTONE,
    region="重庆市",
    printed="35900 万吨/年",
    base="359,000,000 t/年",
    carried_forward=True,
    document="重庆市自然资源保护和利用“十四五”规划",
    licensed=Side("1160", "30", None, None),
    output=Side("1221.6", None, None, None),
    state=state_shown(CapState.partial),
    coverage=Coverage(40, 1, 132, 131),
    clause="第七章第三节",
    alarms=(),
)
SHALE = replace(
    LIMESTONE,
    document="渝规资〔2023〕9号调整批复",
    mineral="砖瓦用页岩",
    code="84132",
    binding="预期性",
    printed="17.6 矿石万吨/年",
    base="176,000 t/年",
    licensed=Side("17.1", None, "0.5", "97.2%"),
    output=Side("15.9043", None, "1.6957", "90.4%"),
    state=state_shown(CapState.warning),
    coverage=Coverage(1, 1, 44, 44),
    alarms=(),
    meter=lay_out(Load(1760, 1710, 0, 1113, 1485), (8000, 9000), CapState.warning, CapState.ok),
    outlook="年末推算 14.8486 万吨（按已报 9 个月的月均推算，仅供参考）",
)
SAND = replace(
    SHALE,
    mineral="建筑用砂岩",
    code="83978",
    printed="130 矿石万立方米/年",
    base="1,300,000 m3/年",
    unit="万m³",
    licensed=Side("99", None, None, None, unknown=2),
    output=Side("79.6", None, "50.4", "61.2%", uncovered="1.25"),
    state=state_shown(CapState.ok),
)
NOTHING = replace(
    SAND,
    mineral="饰面用白云岩",
    code=None,
    licensed=Side(None, None, None, None),
    output=Side(None, None, None, None),
    coverage=Coverage(1, 1, 0, 0),
    data_through=None,
    state=state_shown(CapState.ok, has_data=False),
)

OVER = AlarmLine(
    severity=severity_shown(Severity.critical),
    what="超出总量调控指标",
    about="建筑石料用灰岩",
    period="2025",
    limit="1200 万吨",
    reading="1221.6 万吨",
    excess="21.6 万吨",
    basis="专栏11",
    state="待处置",
    raised_on=date(2026, 1, 8),
)
LATE = replace(
    OVER,
    severity=severity_shown(Severity.warning),
    what="产量报表缺报",
    about="SZ-2017-0002 建筑石料用灰岩",
    period="2025-11",
    limit=None,
    reading=None,
    excess=None,
    basis=None,
    state="已签收",
)
LONG_ALARM = replace(
    OVER,
    what="非生产状态有产量",
    about="SZ-2017-0004 " + LONG_HOLDER + "沙子镇长坡建筑石料用灰岩矿",
    period="2025-02-01—2025-02-14",
    basis=PLAN + " 第七章第三节一",
    state="待处置（已回落）",
    limit="0 m³",
    reading="123456.789012 万m³",
    excess="123456.789012 万m³",
)

TABLE = CapTable(
    paper=PAPER,
    rows=(replace(LIMESTONE, code_source=CODE), SHALE, SAND, HEAT, NOTHING, NO_FIGURE),
    alarms=(OVER, LATE, LONG_ALARM),
    right_alarms=(AlarmCount("超出许可生产规模", 7, 6, 1), AlarmCount("产量报表缺报", 2, 2, 0)),
    notes=(
        "接近：占比达 80%；预警：占比达 90% 至指标；超出：大于指标。两侧取较重者。",
        "按日计量的指标以最高日为准。",
    ),
)
BIG_TABLE = replace(
    TABLE,
    paper=replace(PAPER, subtitle="重庆市（500000）"),
    rows=(PARTIAL, *(replace(row, mineral=f"{row.mineral}{n:02d}") for n in range(10) for row in TABLE.rows)),
    alarms=(OVER, LATE, LONG_ALARM) * 9,
)
