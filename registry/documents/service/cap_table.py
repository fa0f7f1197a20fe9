"""The cap table of a year for a region and everything below it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlmodel import Session

from registry.alarms.models import Alarm
from registry.alarms.queries import alarms
from registry.caps.queries import thresholds
from registry.documents.service.caps import cap_row, code_sources
from registry.documents.service.office import office_called
from registry.documents.service.papers import alarm_line, alarms_of, paper
from registry.identity.queries import require
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.display import trimmed
from registry.kernel.quantity import quotient
from registry.kernel.shown import PLACES
from registry.kernel.vocabulary import AlarmCode, AlarmState
from registry.platform.clock import today
from registry.regions.queries import all_regions, below, region
from registry.workflows.cap_status import CapStatus, status
from reports.cap_table import CapTable
from reports.sheet import AlarmCount, AlarmLine

_CARRIED = "（沿用）"  # how an alarm says that the plan behind its figure has ended


def cap_table_data(session: Session, year: int, code: str, actor: Actor = SYSTEM) -> CapTable:
    """Return the cap table of a region in a year.

    Raises:
        NotFound: there is no such region, or it lies outside the jurisdiction.
    """
    place = region(session, code)
    require(session, actor, "report.print", code)
    names = {one.code: one.name for one in all_regions(session)}
    found = status(session, year, code, with_outlook=True)
    raised = alarms_of(alarms(session, below(session, code)), year)
    of_caps = [alarm for alarm in raised if alarm.right is None]
    codes = code_sources(session, found)
    through = max((one.data_through for one in found if one.data_through), default=None)
    return CapTable(
        paper=paper(
            session, f"{year}年度规划总量调控执行情况表", f"{place.name}（{code}）",
            office_called(place.name), f"规划总量调控执行情况表 {place.name} {year}年", through,
        ),
        rows=tuple(
            cap_row(one, names[one.cap.region], _about(one, of_caps), codes.get(one.cap.mineral))
            for one in found
        ),
        alarms=tuple(_cap_alarm(alarm, names, found) for alarm in of_caps),
        right_alarms=_counts([alarm for alarm in raised if alarm.right is not None]),
        notes=notes_of(session, year, found),
    )  # fmt: skip


def _about(found: CapStatus, raised: Sequence[Alarm]) -> list[Alarm]:
    return [a for a in raised if (a.region, a.mineral) == (found.cap.region, found.cap.mineral)]


def _cap_alarm(alarm: Alarm, names: dict[str, str], found: Sequence[CapStatus]) -> AlarmLine:
    """Return an alarm about a cap; named are its region among several, and a document of its own."""
    several = len({one.cap.region for one in found}) > 1
    side = f"（{alarm.side.label}）" if alarm.side else ""
    parts = [names[alarm.region] if several else "", f"{alarm.mineral or ''}{side}"]
    line = alarm_line(alarm, " ".join(part for part in parts if part) or names[alarm.region])
    documents = {one.figure.document.title for one in found if one.figure.document}
    title = (alarm.document or "").removesuffix(_CARRIED)
    if title not in documents or not alarm.clause:
        return line
    return replace(line, basis=alarm.clause + (_CARRIED if title != alarm.document else ""))


def _counts(raised: Sequence[Alarm]) -> tuple[AlarmCount, ...]:
    by_code = {code: [alarm for alarm in raised if alarm.code is code] for code in AlarmCode}
    return tuple(
        AlarmCount(
            code.label,
            len(found),
            sum(a.state is AlarmState.open and not a.receded for a in found),
            sum(a.receded for a in found),
        )
        for code, found in by_code.items()
        if found
    )


def notes_of(session: Session, year: int, found: Sequence[CapStatus]) -> tuple[str, ...]:
    """Return what a table of caps has to say of its figures: thresholds, rounding, coverage."""
    shares = [f"{trimmed(quotient(share, 100, 2))}%" for share in thresholds(session, date(year, 12, 31))]
    words = ("接近", "预警")
    lines = [f"{words[min(n, 1)]}：占比达到 {share}" for n, share in enumerate(shares)]
    notes = [
        "；".join([*lines, "超出：大于指标"]) + "。已许可能力与已开采取较重者。",
        "已许可为年内最高一日之和，占比含预占。规划数值照规划原文，其下为折算的基准数值。",
        f"表中数量至多保留 {PLACES} 位小数（四舍六入五成双），占比和状态按精确数值判定。",
    ]
    if any(one.cap.period == "day" for one in found):
        notes.append("按日计量的指标以最高日判定，只判是否超出。")
    if any(one.is_partial for one in found):
        notes.append("数据未覆盖：本登记簿只含部分区县，数量为已登记区县之和，不与全市指标比较。")
    if today(session) <= date(year, 12, 31):
        notes.append("本年度未结束，数量为已报之和。")
    return tuple(notes)
