"""The caps of a year as a sheet, with exact figures in t or m³ beside what the plan prints."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from registry.kernel.display import BASE_UNIT, chinese_date, in_base_unit
from registry.kernel.quantity import Quantity, of_kind
from registry.kernel.shown import state_shown
from registry.kernel.vocabulary import CapPeriod
from registry.platform import clock
from registry.platform.sheets import Cell, Sheet
from registry.workflows.cap_status import CapStatus

_COLUMNS = (
    ("行政区", 18), ("矿种", 16), ("矿种代码", 8), ("计量", 6), ("属性", 8), ("规划数值", 10),
    ("规划单位", 14), ("规划原文名称", 14), ("指标", 14), ("单位", 6), ("沿用", 6), ("文件", 34),
    ("文号", 16), ("条款", 18),
    ("已许可", 14), ("其中预占", 12), ("规模未登记（宗）", 10), ("许可余量", 14), ("许可占比", 9),
    ("已开采", 14), ("其中无有效许可", 12), ("开采余量", 14), ("开采占比", 9), ("年末推算", 14),
    ("推算所据月数", 8), ("状态", 12), ("数据截至", 11), ("已报报表", 8), ("缺报报表", 8), ("超出日数", 8),
    ("日均", 12), ("应含区县", 8), ("已含区县", 8),
)  # fmt: skip
_WORDS = {True: "约束性", False: "预期性", None: None}


def sheet_of(
    found: Sequence[CapStatus], names: Mapping[str, str], year: int, as_of: date | None, now: datetime
) -> Sheet:
    """Return what the sheet says, and in its notes what its figures rest on."""
    day = chinese_date(as_of or clock.local_day(now))
    notes = (
        f"截至：{day}{'日终' if as_of else ''}    共 {len(found)} 项",
        "数量为精确值；已许可取当年最高日，含预占；按日计量的已开采为最高日。余量和占比在数据未覆盖全部区县时不计。",
        "年末推算：报表到齐各月的月均乘以十二，不低于已开采量，只作提示。",
    )
    return Sheet(f"{year}年度规划总量调控", notes, _COLUMNS, [_cells(one, names) for one in found], now)


def _cells(one: CapStatus, names: Mapping[str, str]) -> list[Cell]:
    line, plan, licensed = one.figure.line, one.figure.document, one.licensed
    has_data = bool(one.readings) or licensed.total.base > 0
    shown = state_shown(one.state, is_planned=line is not None, has_data=has_data)
    is_daily, is_told = one.cap.period is CapPeriod.day, bool(one.readings)
    return [
        names[one.cap.region], one.cap.mineral, one.mineral_code, one.cap.period.label,
        _WORDS[one.figure.binding], line.printed_value if line else None, line.printed_unit if line else None,
        line.printed_name if line else None, _number(one.limit), BASE_UNIT[one.cap.kind],
        "是" if one.figure.carried_forward else None, plan.title if plan else None,
        plan.number if plan else None, line.clause if line else None,
        _number(licensed.total), _number(licensed.held), licensed.unknown or None,
        *(_rest(one, licensed.total) if not licensed.unknown else (None, None)),
        _number(one.used) if is_told else None, _number(one.uncovered) if is_told else None,
        *(_rest(one, one.used) if is_told else (None, None)),
        _whole(of_kind(one.cap.kind, one.outlook.total)) if one.outlook else None,
        one.outlook.months if one.outlook else None, shown.word, one.data_through,
        sum(reading.returns for reading in one.readings), len(one.missing_returns),
        len(one.days_over) if is_daily else None, _number(one.mean) if is_daily else None,
        len(one.coverage.expected), len(one.coverage.reported),
    ]  # fmt: skip


_RATIO = Decimal("0.0001")


def _rest(one: CapStatus, taken: Quantity) -> tuple[Decimal | None, Decimal | None]:
    """Return what is left and the share that is taken."""
    share = one.ratio(taken)
    return _number(one.free(taken)), None if share is None else share.quantize(_RATIO)


def _number(quantity: Quantity | None) -> Decimal | None:
    text = in_base_unit(quantity)
    return None if text is None else Decimal(text)


def _whole(quantity: Quantity) -> Decimal:
    """Return an estimate in whole t or m³: more digits would only look exact."""
    return (_number(quantity) or Decimal()).quantize(Decimal(1))
