"""What a report cannot tell, and what may still change after a preliminary one."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from registry.kernel.vocabulary import GreenLevel
from registry.output.queries import MissingLine
from registry.workflows.cap_status import CapStatus
from registry.workflows.indicators import Answer, Mine
from reports.municipal import Gap, MissingReturns, PlanReserve


def missing_of(lines: Sequence[MissingLine], year: int) -> tuple[MissingReturns, ...]:
    """Return the returns of a year that are due and have not come, a line per mine and mineral."""
    within = [line for line in lines if line.period.startswith(f"{year:04d}")]
    found = []
    for (number, mine, mineral), group in groupby(
        within, key=lambda one: (one.number, one.mine, one.mineral)
    ):
        periods = tuple(line.period for line in group)
        found.append(MissingReturns(number, mine, mineral, periods, len(periods)))
    return tuple(found)


def gaps_of(
    caps: Sequence[CapStatus],
    names: Mapping[str, str],
    mines: Sequence[Mine],
    aims: Sequence[Answer],
    reserves: Sequence[PlanReserve],
) -> tuple[Gap, ...]:
    """Return what is unknown, each with what it is unknown of; what is complete is left out."""
    several = len({one.cap.region for one in caps}) > 1

    def called(one: CapStatus) -> str:
        return f"{names[one.cap.region]} {one.cap.mineral}" if several else one.cap.mineral

    told = {
        "总量调控矿种，规划未列数值": [called(one) for one in caps if one.limit is None],
        "有矿业权未登记生产规模，已许可能力不完整": [
            f"{called(one)}（{one.licensed.unknown}个）" for one in caps if one.licensed.unknown
        ],
        "指标覆盖的区县未全部在册，不计余量和占比": [
            f"{called(one)}（{len(one.coverage.reported)}／{len(one.coverage.expected)}）"
            for one in caps
            if one.is_partial
        ],
        "本年度没有产量报表": [called(one) for one in caps if not one.readings],
        "矿山规模类别待定": [mine.number for mine in mines if not mine.is_classified],
        "未登记绿色矿山等级": [mine.number for mine in mines if mine.green is None],
        "储量台账未有本年度储量年报，年末保有为年初数": [
            f"{one.mineral}（{one.ledgers - one.reports}宗）" for one in reserves if one.ledgers > one.reports
        ],
        "规划指标，登记簿暂无此项数据": [
            one.indicator.name + ("" if one.is_own else "（上级规划）")
            for one in aims
            if one.numerator is None
        ],
    }
    return tuple(Gap(what, tuple(about)) for what, about in told.items() if about)


def pending_of(
    year_over: bool,
    missing: Sequence[MissingReturns],
    waiting: int,
    reserves: Sequence[PlanReserve],
    mines: Sequence[Mine],
) -> tuple[str, ...]:
    """Return what may still change, counted; only what really is open is named."""
    late = sum(one.count for one in missing)
    unsurveyed = sum(one.ledgers - one.reports for one in reserves)
    building = sum(mine.green is GreenLevel.building for mine in mines)
    told = {
        "本年度未结束：其后各期产量尚未计入": not year_over,
        f"缺报产量报表 {late} 份：补报后已开采数量、占比和状态随之变动": late > 0,
        f"待处置预警 {waiting} 条：处置情况随办理更新": waiting > 0,
        f"储量台账 {unsurveyed} 宗未有本年度储量年报：年末保有量仍为年初数": unsurveyed > 0,
        f"在建绿色矿山 {building} 个：通过评估后计入建成数": building > 0,
        "已报报表更正、作废：数量以更正后的为准": True,
    }
    return tuple(text for text, holds in told.items() if holds)
