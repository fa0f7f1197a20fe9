"""The monthly progress of a region's caps: each by the end of a month, and what the month brought."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from sqlmodel import Session

from registry.alarms.models import Alarm
from registry.alarms.queries import alarms
from registry.caps.queries import Reading
from registry.caps.rules import Outlook, outlook
from registry.documents.service.caps import cap_row
from registry.documents.service.office import office_called
from registry.documents.service.papers import paper, state_of, urgent_first
from registry.identity.queries import require
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.display import chinese_date, office, percent
from registry.kernel.period import Month, parse_period
from registry.kernel.quantity import of_kind
from registry.kernel.shown import severity_shown, short
from registry.kernel.vocabulary import CapPeriod, MeterSide
from registry.output.queries import due_day
from registry.output.rules import due_on
from registry.platform import clock
from registry.regions.queries import below, region
from registry.workflows.cap_status import CapStatus, status
from registry.workflows.missing_returns import MissingMine, missing_returns
from registry.workflows.one_cap.reading import DugLine, dug_lines
from reports.caps import CapRow
from reports.progress import ProgressAlarm, ProgressRow, ProgressSheet

_MOST = 4  # lines of each list on the one page; the others are counted
_YEAR = 12


def progress_data(session: Session, year: int, month: int, code: str, actor: Actor = SYSTEM) -> ProgressSheet:
    """Return the caps of a region itself by the end of a month, from the returns of its months so far.

    Raises:
        NotFound: there is no such region, or it lies outside the jurisdiction.
    """
    place = region(session, code)
    require(session, actor, "report.print", code)
    until = Month(year, month)
    due = _months_due(session, until)
    found = [one for one in status(session, year, code) if one.cap.region == code]
    cut = [_by(one, dug_lines(session, one.cap, one.year, None), until, due) for one in found]
    elapsed = percent(Decimal(month) / _YEAR)
    through = max((one.data_through for one, _ in cut if one.data_through), default=None)
    raised = urgent_first(one for one in alarms(session, below(session, code)) if _of(one) == str(until))
    mines = _late(missing_returns(session, SYSTEM, f"{year:04d}").mines, below(session, code), until)
    return ProgressSheet(
        paper=paper(
            session, f"{year}年{month}月规划总量调控进度表", f"{place.name}（{code}）",
            office_called(place.name), f"月度进度表 {place.name} {until}", through,
        ),
        month=f"{month}月",
        elapsed=elapsed,
        rows=tuple(_row(one, brought, until) for one, brought in cut),
        alarms=tuple(_alarm(one) for one in raised[:_MOST]),
        alarms_more=max(len(raised) - _MOST, 0),
        missing=tuple(_missing(mine) for mine in mines[:_MOST]),
        missing_more=max(len(mines) - _MOST, 0),
        missing_returns=sum(mine.returns for mine in mines),
        notes=_notes(until, elapsed, due),
    )  # fmt: skip


def _months_due(session: Session, until: Month) -> int:
    """Return of how many months of the year, up to one, every return is due."""
    day, today = due_day(session), clock.today(session)
    return sum(due_on(Month(until.year, n), day) < today for n in range(1, until.month + 1))


def _by(found: CapStatus, lines: Sequence[DugLine], until: Month, due: int) -> tuple[CapStatus, int | None]:
    """Return a cap as it stood by the end of a month, and what the month brought: its sum, or highest day."""
    told = [line for line in lines if line.period[:7] <= str(until)]
    daily = found.cap.period is CapPeriod.day
    readings = _readings(told, by_day=daily, year=str(found.year))
    months: dict[int, int] = defaultdict(int)
    for line in told:
        months[int(line.period[5:7])] += line.amount
    of_month = [reading.used for reading in readings if reading.period.startswith(str(until))]
    brought = max(of_month, default=None) if daily else months.get(until.month)
    lacking = [name for name in found.missing_returns if name.rsplit("/", 1)[1][:7] <= str(until)]
    ahead = None if daily else _outlook(found, months, due, lacking)
    return replace(found, readings=readings, missing_returns=lacking, outlook=ahead), brought


def _readings(lines: Sequence[DugLine], *, by_day: bool, year: str) -> list[Reading]:
    grouped: dict[str, list[DugLine]] = defaultdict(list)
    for line in lines:
        grouped[line.period if by_day else year].append(line)
    return [
        Reading(
            period, sum(line.amount for line in group), sum(line.uncovered for line in group), len(group),
            max(parse_period(line.period).last for line in group),
        )
        for period, group in sorted(grouped.items())
    ]  # fmt: skip


def _outlook(found: CapStatus, months: dict[int, int], due: int, lacking: Sequence[str]) -> Outlook | None:
    """Return where the year ends at the pace of the months so far; nothing below full coverage."""
    if found.is_partial:
        return None
    absent = {int(name.rsplit("/", 1)[1][5:7]) for name in lacking}
    return outlook(sum(months.values()), months, due, absent)


def _row(found: CapStatus, brought: int | None, until: Month) -> ProgressRow:
    cap, row = found.cap, cap_row(found, "", ())
    share = found.ratio(found.used) if found.readings and cap.period is CapPeriod.year else None
    total = found.outlook and of_kind(cap.kind, found.outlook.total)
    return ProgressRow(
        mineral=cap.mineral,
        basis=_basis(row),
        printed=row.printed or ("规划未列数值" if row.clause else None),
        unit=row.unit,
        month=None if brought is None else short(of_kind(cap.kind, brought), row.unit),
        used=row.output.used,
        share=row.output.ratio,
        ahead=None if share is None else _points(share - Decimal(until.month) / _YEAR),
        licensed=_with_holds(found, row.unit),
        licensed_share=row.licensed.ratio,
        outlook=short(total, row.unit) if total else None,
        state=row.state,
        returns=f"{row.coverage.returns_reported}／{row.coverage.returns_expected}",
        meter=row.meter,
    )


def _with_holds(found: CapStatus, unit: str) -> str | None:
    """Return what is licensed and held; None where nothing is, or a scale is unknown."""
    return (
        short(found.licensed.total, unit)
        if found.licensed.total.base and not found.licensed.unknown
        else None
    )


def _basis(row: CapRow) -> str:
    carried = "沿用" if row.carried_forward and row.printed else ""
    attribute = row.binding or ("属性未列" if row.clause else "")
    return " · ".join(part for part in (attribute, row.clause, carried) if part)


def _points(share: Decimal) -> str:
    return f"{(share * 100).quantize(Decimal('0.1')) + 0:+f}"  # + 0: no minus before a nothing


def _of(alarm: Alarm) -> str:
    """Return the month of an alarm: that of the return behind it, else the one in which it was raised."""
    period = (alarm.caused_by or "").rpartition("/")[2]
    if (alarm.caused_by or "").count("/") == 2 and period[:4].isdecimal():
        return period[:7]
    return clock.local_day(alarm.raised_at).strftime("%Y-%m")


def _alarm(alarm: Alarm) -> ProgressAlarm:
    side = f"（{alarm.side.label}）" if alarm.side is MeterSide.licensed else ""
    daily = len(alarm.period or "") >= len("2025-02-01")
    per = CapPeriod.day if daily else CapPeriod.year
    figures = [
        office(of_kind(alarm.kind, base), per)
        for base in (alarm.reading, alarm.limit)
        if base is not None and alarm.kind is not None
    ]
    parts = (
        alarm.code.label,
        f"{alarm.mineral or ''}{side}",
        alarm.right or "",
        "／".join(figures),
        state_of(alarm),
    )
    return ProgressAlarm(severity_shown(alarm.severity), " · ".join(part for part in parts if part))


def _late(found: Sequence[MissingMine], places: Collection[str], until: Month) -> list[MissingMine]:
    """Return the mines of these regions with what they owe of the months up to one."""
    cut = (
        replace(mine, months=tuple(one for one in mine.months if one.month <= str(until)))
        for mine in found
        if mine.region in places
    )
    return [mine for mine in cut if mine.months]


def _missing(mine: MissingMine) -> str:
    """Return one mine in a line: what it owes, from which month on, and how late."""
    minerals = "、".join(dict.fromkeys(one.mineral for one in mine.months))
    months = sorted({int(one.month[5:]) for one in mine.months})
    span = f"{months[0]}月" if len(months) == 1 else f"{months[0]}月至{months[-1]}月"
    what = f"{minerals} {span} {mine.returns} 份"
    return f"{mine.number} {mine.mine}：{what}，最长逾期 {mine.latest} 日"


def _notes(until: Month, elapsed: str, due: int) -> tuple[str, ...]:
    counted = (
        f"累计为{until.year}年1月至{until.month}月已报送并计入指标的数量，按打印日登记内容；"
        "按日计量的指标，累计为年内最高日，当月为当月最高日。"
    )
    notes = [
        counted,
        f"时序进度按月份计为 {elapsed}（{until.month}／12），“较时序”为占指标减时序进度，单位为百分点。",
        "年末推算按已报齐的各月月均推算（至少 3 个月），仅供参考，不作判断。",
        "本月新增预警含由本月报表触发的和在本月产生的；预警的数值、状态和缺报的逾期日数按打印日。",
    ]
    if due < until.month:
        notes.append(f"至{chinese_date(until.last)}的报表尚未全部到期，数量还会增加。")
    return tuple(notes)
