"""Hand-made papers: one of each kind as the demonstration has them, and their extremes."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from registry.kernel.area import Area
from registry.kernel.area import Ring as DrawnRing
from registry.kernel.sketch import sketch
from registry.kernel.vocabulary import Confidence
from registry.settings import settings
from reports.confidence import Source
from reports.permit import Corner, PermitFacts, PermitSheet, PlanBasis, Ring
from reports.sheet import Paper

FONTS: Path = settings().fonts_dir
BUREAU = "石柱土家族自治县规划和自然资源局"
PLAN = "石柱土家族自治县自然资源保护和利用“十四五”规划（2021—2025年）"
LONG_HOLDER = "示例石柱土家族自治县沙子片区绿色建筑石料资源综合开发利用有限责任公司"
LONG_MINE = LONG_HOLDER + "沙子镇长坡建筑石料用灰岩矿"

PERMIT = PermitSheet(
    paper=Paper(
        title="采矿许可证",
        subtitle="登记簿打印件",
        office=BUREAU,
        label="采矿许可证登记簿打印件 示例-SZ-2019-0005",
        printed_on=date(2026, 1, 31),
        data_through=date(2026, 1, 30),
        tags=("示例数据", "登记簿打印件 · 非法定证照"),
        watermark="示例 · 非法定证照",
    ),
    facts=PermitFacts(
        right="SZ-2019-0005",
        number="示例-SZ-2019-0005",
        national=False,
        holder="示例青杠坪矿业有限公司",
        credit_code="Y1500240DEM000049A",
        address="重庆市石柱土家族自治县六塘乡",
        mine="示例六塘乡青杠坪建筑石料用灰岩矿",
        economic_type="私营有限责任公司",
        mineral="建筑石料用灰岩",
        associated=("砖瓦用页岩", "建筑用砂岩"),
        method="露天开采",
        scale="120 万吨/年",
        scale_class="大型",
        scale_note="体积质量 2.65 t/m³，折 45.283 万m³/年",
        max_day="4000 吨/日",
        area="0.3990 km²",
        depth="由 +1085 m 至 +920 m 标高",
        term="10年，自2019年12月19日至2029年12月18日",
        authority=BUREAU,
    ),
    bases=(
        PlanBasis(PLAN, "专栏11", "建筑石料用灰岩", "约束性", "1200 矿石万吨/年", "12,000,000 t/年", "沿用"),
    ),
    rings=(
        Ring(
            hole=False,
            depth=None,
            note=None,
            corners=tuple(
                Corner(f"J{n}", f"33075{n:02d}.{n * 37:03d}", f"365127{n:02d}.{n * 53:03d}")
                for n in range(1, 13)
            ),
        ),
    ),
    coordinates="2000国家大地坐标系，3度带第36带",
)

BARE_PERMIT = PermitSheet(
    paper=replace(
        PERMIT.paper,
        label="采矿许可证登记簿打印件 SZ-草-2026-0001",
        tags=("登记簿打印件 · 非法定证照", "草稿"),
        watermark="非法定证照 · 草稿",
        data_through=None,
    ),
    facts=PermitFacts(
        right="SZ-草-2026-0001",
        number=None,
        national=False,
        holder=None,
        credit_code=None,
        address=None,
        mine="未命名采石场",
        economic_type=None,
        mineral="石英砂岩",
        associated=(),
        method=None,
        scale=None,
        scale_class="待定",
        scale_note="登记簿未载生产规模",
        max_day=None,
        area=None,
        depth=None,
        term=None,
        authority=None,
        standing="无采矿许可证",
    ),
    bases=(PlanBasis(PLAN, "第七章第三节一", "石英砂岩", None, None, None),),
    rings=(),
    coordinates="2000国家大地坐标系",
)


def _corners(count: int, x: str, y: str) -> tuple[Corner, ...]:
    return tuple(Corner(f"J{n}", f"3311{n:03d}.{x}", f"36515{n:03d}.{y}") for n in range(1, count + 1))


LONG_PERMIT = replace(
    PERMIT,
    facts=replace(
        PERMIT.facts,
        number="C5002402019127110148436",
        national=True,
        holder=LONG_HOLDER,
        mine=LONG_MINE,
        address="重庆市石柱土家族自治县沙子镇长坡村蜡烛台组" * 4,
        scale_class="待定",
        scale_note="矿山规模按体积分级，登记簿未载该矿体积质量，不能由 60 万吨/年换算为体积",
        standing="已过有效期，2025年8月31日届满",
        scale_source=Source(
            "矿山规模分级界限（建筑石料）",
            Confidence.d,
            "国土资发〔2004〕208号（表中未逐一列出岩类；用途同为建筑石料，按体积比照该行）",
        ),
    ),
    bases=(
        *PERMIT.bases,
        PlanBasis(
            "重庆市自然资源保护和利用“十四五”规划",
            "第七章第三节",
            "建筑石料用灰岩",
            "约束性",
            "35900 万吨/年",
            "359,000,000 t/年",
        ),
    ),
    rings=(
        Ring(False, "由 +1145 m 至 +990 m 标高", None, _corners(180, "672", "887")),
        Ring(True, "由 +1145 m 至 +990 m 标高", "扣除区", _corners(20, "537", "525")),
    ),
)


def _drawn(sheet: PermitSheet) -> PermitSheet:
    """Return a permit with the drawing of its rings."""
    rings = tuple(
        DrawnRing(
            tuple(corner.number for corner in ring.corners),
            tuple((_millimetres(corner.x), _millimetres(corner.y)) for corner in ring.corners),
            None, None, "", ring.hole,
        )
        for ring in sheet.rings
    )  # fmt: skip
    return replace(sheet, sketch=sketch(Area(rings)))


def _millimetres(metres: str) -> int:
    return int(metres.replace(".", ""))


PERMIT, LONG_PERMIT = _drawn(PERMIT), _drawn(LONG_PERMIT)
