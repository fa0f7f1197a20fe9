"""Hand-made registration sheets, plain and extreme."""

from dataclasses import replace
from datetime import date, timedelta

from registry.kernel.vocabulary import Confidence
from reports.confidence import Source
from reports.inspection import Spell
from reports.registration import (
    CountedCap,
    Entry,
    HeldReserve,
    PermitRecord,
    RegisteredMineral,
    RegistrationSheet,
    RightRecord,
)
from tests.reports.samples import BUREAU, LONG_HOLDER, LONG_MINE, LONG_PERMIT, PERMIT, PLAN
from tests.reports.samples_inspection import issued

CODES = Source("矿种代码", Confidence.c, "公开土地矿业应用内嵌的国家矿种代码表")
FIRM = Source("矿山规模分级界限（石灰岩）", Confidence.b, "国土资发〔2004〕208号")

REGISTRATION = RegistrationSheet(
    paper=replace(
        PERMIT.paper,
        title="矿业权登记信息单",
        label="矿业权登记信息单 SZ-2019-0005",
    ),
    right=RightRecord(
        number="SZ-2019-0005",
        kind="采矿权",
        region="重庆市石柱土家族自治县",
        township="六塘乡",
        mine="示例六塘乡青杠坪建筑石料用灰岩矿",
        holder="示例青杠坪矿业有限公司",
        credit_code="Y1500240DEM000049A",
        economic_type="私营有限责任公司",
        address="重庆市石柱土家族自治县六塘乡",
        minerals=(
            RegisteredMineral("建筑石料用灰岩", "主矿种", "83907", CODES, True),
            RegisteredMineral("石英砂岩", "共伴生矿种", None, None, False),
        ),
        term="10年，自2019年12月19日至2029年12月18日",
        authority=BUREAU,
        area="0.3990 km²",
        depth="由 +1085 m 至 +920 m 标高",
        deposit_scale="小型",
        density="2.65 t/m³",
        version="权利登记第 2 版",
        document="石规资〔2024〕12号",
    ),
    permits=(
        PermitRecord(
            number="示例-SZ-2019-0005",
            national=False,
            first=date(2019, 12, 19),
            last=date(2029, 12, 18),
            scale="120 万吨/年",
            max_day="4000 吨/日",
            method="露天开采",
            authority=BUREAU,
            standing="有效",
            recorded_on=date(2024, 3, 1),
        ),
        PermitRecord(
            "示例-SZ-2019-0005",
            False,
            None,
            None,
            "80 万吨/年",
            None,
            None,
            None,
            "登记已更新",
            date(2020, 1, 3),
        ),
    ),
    scale_class="大型",
    scale_note="体积质量 2.65 t/m³，折 45.283 万m³/年",
    scale_source=FIRM,
    states=(Spell("筹建", date(2019, 12, 19)), Spell("生产", date(2020, 11, 1))),
    green=(Spell("在建", date(2021, 5, 1)), Spell("市级", date(2024, 8, 30))),
    caps=(
        CountedCap(
            mineral="建筑石料用灰岩",
            region="石柱土家族自治县",
            printed="1200 矿石万吨/年",
            clause="专栏11",
            binding="约束性",
            carried_forward=True,
            amount="120 万吨/年",
            kind="已许可",
            first=date(2019, 12, 19),
            last=date(2029, 12, 18),
            reference="示例-SZ-2019-0005",
        ),
    ),
    reserves=(
        HeldReserve(
            "", "建筑石料用灰岩", "控制资源量", "万吨", "243.8", "300.125", "2024年末", "2024年储量年报"
        ),
        HeldReserve(
            "北段", "建筑石料用灰岩", "探明资源量", "万吨", "202", "202", "2024年初", "2023年储量报告"
        ),
    ),
    history=(
        Entry(date(2024, 3, 1), "权利登记第 2 版（变更登记）", "石规资〔2024〕12号"),
        Entry(date(2021, 5, 1), "绿色矿山：在建，自 2021-05-01", "县年度计划"),
        Entry(date(2020, 1, 3), "权利登记第 1 版（导入登记）", None),
    ),
    rings=PERMIT.rings,
    coordinates=PERMIT.coordinates,
    sketch=PERMIT.sketch,
)
BARE_REGISTRATION = replace(
    REGISTRATION,
    right=replace(
        REGISTRATION.right,
        township=None, holder=None, credit_code=None, economic_type=None, address=None, minerals=(),
        term=None, authority=None, area=None, depth=None, deposit_scale=None, density=None,
        version="未载", document=None,
    ),
    permits=(), scale_class=None, scale_note=None, scale_source=None, states=(), green=(), caps=(),
    reserves=(), history=(), rings=(), coordinates="2000国家大地坐标系", sketch=None,
)  # fmt: skip
LONG_REGISTRATION = replace(
    REGISTRATION,
    paper=issued(REGISTRATION.paper),
    right=replace(
        REGISTRATION.right,
        mine=LONG_MINE,
        holder=LONG_HOLDER,
        address=(LONG_PERMIT.facts.address or ""),
        document=PLAN * 3,
    ),
    permits=tuple(
        replace(
            REGISTRATION.permits[0], number="C5002402019127110148436", national=True, authority=LONG_HOLDER
        )
        for _ in range(4)
    ),
    scale_class="大型",
    scale_source=LONG_PERMIT.facts.scale_source,
    caps=tuple(
        replace(
            REGISTRATION.caps[0], clause=f"第七章第三节“{PLAN}”", amount="123456.789012 万吨/年", last=None
        )
        for _ in range(2)
    ),
    reserves=tuple(
        replace(REGISTRATION.reserves[0], deposit=LONG_MINE, held="123456.789012", source=PLAN)
        for _ in range(5)
    ),
    history=tuple(
        Entry(
            date(2024, 3, 1) - timedelta(days=30 * n),
            f"权利登记第 {60 - n} 版（变更登记）",
            PLAN if n % 9 == 0 else None,
        )
        for n in range(60)
    ),
    rings=LONG_PERMIT.rings,
    sketch=LONG_PERMIT.sketch,
    ring_source=Source("各圈的标高和说明", Confidence.d, "拐点坐标串尾项的含义凭记忆，数据规范原文未查到"),
)
