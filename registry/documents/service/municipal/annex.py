"""The XLSX annexes of a yearly report: the tables of its frozen data, figure by figure as on paper."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from decimal import Decimal, InvalidOperation

from registry.kernel.display import chinese_date
from registry.platform.sheets import Cell, Sheet, book_bytes
from reports.municipal import Aim, MunicipalReport

Columns = tuple[tuple[str, int], ...]


def _of(*lines: str) -> Columns:
    """Return columns from headings with their widths in characters."""
    words = " ".join(lines).split()
    return tuple(zip(words[::2], map(int, words[1::2]), strict=True))


_CAPS = _of(
    "行政区 18 矿种 16 矿种代码 9 属性 8 规划数值 18 基准数值 18 文件 34 条款 16 沿用 6 单位 7",
    "已许可 11 其中预占 9 规模未登记（个） 9 许可余量 11 许可占比 9 已开采 11 其中无有效许可 11",
    "开采余量 11 开采占比 9 状态 12 应报报表 8 已报报表 8 数据截至 11",
)
_ALARMS = _of("级别 7 事项 18 对象 30 期间 20 限值 14 读数 14 超出 14 依据 40 状态 14 产生日期 11 经过 60")
_AIMS = _of(
    "指标 30 规划 34 条款 18 属性 8 规划数值 16 目标年 7 分子 7 分母 7 登记簿 18 比较 16 计入 50",
    "只在分母 50 待定，未计 20",
)
_MINES = _of(
    "矿业权 14 矿山 34 所在地 16 主矿种 16 生产规模 14 规模类别 9 待定原因 24 来源可信程度 12",
    "绿色矿山 9 状态 9",
)
_BALANCE = _of(
    "矿种 16 分组 8 类别 12 单位 7 台账（宗） 8 年初保有 12 开采量 12 损失量 12 勘查增减 12",
    "重算增减 12 划转增减 12 年末保有 12 累计查明 12",
)
_PLANNED = _of("矿种 16 规划所列 44 条款 14 台账保有资源量 18 台账（宗） 9 本年度年报（宗） 9")
_MISSING = _of("矿业权 14 矿山 34 矿种 16 缺报期间 60 份数 7")
_GAPS = _of("缺口 40 所涉 80")
_COLUMNS = ("opening", "extracted", "lost", "explored", "reestimated", "transferred", "closing", "cumulative")


def annex_bytes(report: MunicipalReport) -> bytes:
    """Return the annexes as one workbook; equal reports give equal bytes."""
    paper = report.paper
    made = datetime.combine(paper.printed_on, time(), UTC)
    through = chinese_date(paper.data_through) if paper.data_through else "—"
    notes = (
        f"{paper.subtitle}    文书编号 {paper.number or '—'}    数据截至 {through}",
        *paper.tags,
        "数量与报告相同；空格为登记簿未载，不等于零。",
    )
    return book_bytes(
        [
            (name, Sheet(f"{paper.title} · {name}", notes, columns, list(rows), made))
            for name, columns, rows in _tables(report)
        ]
    )


def _tables(report: MunicipalReport) -> Iterator[tuple[str, Columns, Iterator[list[Cell]]]]:
    """Give name, columns and rows of each sheet."""
    yield "总量调控", _CAPS, _caps(report)
    yield "逐月产量", _month_columns(), _months(report)
    yield "预警与处置", _ALARMS, _alarms(report)
    yield "规划指标", _AIMS, (_aim(one) for one in report.aims)
    yield "矿山名单", _MINES, _mines(report)
    for name, table in (("规模与绿色矿山", report.by_scale), ("矿种与规模", report.by_mineral)):
        columns = (("类别", 20), *((column, 9) for column in table.columns), ("合计", 9))
        yield name, columns, ([line.name, *line.counts, line.total] for line in table.lines)
    yield "储量平衡", _BALANCE, _balance(report)
    yield "规划所列储量", _PLANNED, _plan_reserves(report)
    missing = report.missing
    yield "缺报", _MISSING, ([m.number, m.mine, m.mineral, "、".join(m.periods), m.count] for m in missing)
    yield "数据缺口", _GAPS, ([gap.what, "、".join(gap.about)] for gap in report.gaps)


def _figure(text: str | None) -> Cell:
    """Return a figure as a number, exactly as printed; what is no plain number stays a text."""
    try:
        return text and Decimal(text)
    except InvalidOperation:
        return text


def _caps(report: MunicipalReport) -> Iterator[list[Cell]]:
    for cap in report.caps:
        licensed, output, came = cap.licensed, cap.output, cap.coverage
        yield [
            cap.region, cap.mineral, cap.code, cap.binding, cap.printed, cap.base, cap.document, cap.clause,
            "是" if cap.carried_forward else None, cap.unit, _figure(licensed.used), _figure(licensed.held),
            licensed.unknown or None, _figure(licensed.free), licensed.ratio, _figure(output.used),
            _figure(output.uncovered), _figure(output.free), output.ratio, cap.state.word,
            came.returns_expected, came.returns_reported, cap.data_through,
        ]  # fmt: skip


def _month_columns() -> Columns:
    months = ((f"{month}月", 10) for month in range(1, 13))
    return (("行政区", 18), ("矿种", 16), ("单位", 7), ("指标", 10), ("列示", 12), *months)


def _months(report: MunicipalReport) -> Iterator[list[Cell]]:
    for one in report.years:
        head: list[Cell] = [one.region, one.mineral, one.unit, _figure(one.limit)]
        yield [*head, "最高日" if one.daily else "当月", *(_figure(m.amount) for m in one.months)]
        if not one.daily:
            yield [*head, "累计", *(_figure(m.cumulative) for m in one.months)]


def _alarms(report: MunicipalReport) -> Iterator[list[Cell]]:
    for story in report.alarms:
        line = story.line
        steps = "；".join(
            f"{step.on.isoformat()} {step.act}（{step.who}）{'：' + step.note if step.note else ''}"
            for step in story.steps
        )
        yield [
            line.severity.word, line.what, line.about, line.period, line.limit, line.reading, line.excess,
            line.basis, line.state, line.raised_on, steps,
        ]  # fmt: skip


def _aim(one: Aim) -> list[Cell]:
    lists = ("、".join(numbers) for numbers in (one.counted, one.others, one.left_out))
    return [
        one.name, one.plan, one.clause, one.binding, one.target, one.target_year, one.numerator,
        one.denominator, one.figure, one.standing.word, *lists,
    ]  # fmt: skip


def _mines(report: MunicipalReport) -> Iterator[list[Cell]]:
    for mine in report.mines:
        mark = mine.source.confidence.value if mine.source else None
        yield [
            mine.number, mine.name, mine.place, mine.mineral, mine.scale, mine.scale_class, mine.why, mark,
            mine.green, mine.state,
        ]  # fmt: skip


def _balance(report: MunicipalReport) -> Iterator[list[Cell]]:
    for line in report.balance:
        figures = (_figure(getattr(line, column)) for column in _COLUMNS)
        yield [line.mineral, line.group, line.category, line.unit, line.ledgers, *figures]


def _plan_reserves(report: MunicipalReport) -> Iterator[list[Cell]]:
    for line in report.plan_reserves:
        known = bool(line.ledgers)
        yield [
            line.mineral, "，".join(line.printed), line.clause, line.held,
            line.ledgers if known else None, line.reports if known else None,
        ]  # fmt: skip
