"""Titles, marks and feet of papers, and the lines that several papers share."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlmodel import Session

from registry.alarms.models import Alarm
from registry.documents.rules import of_year
from registry.kernel.display import office
from registry.kernel.quantity import of_kind
from registry.kernel.shown import severity_shown
from registry.kernel.vocabulary import CapPeriod, Severity
from registry.platform import clock
from registry.platform.facts import is_demonstration
from reports.sheet import AlarmLine, Paper

_URGENCY = list(Severity)[::-1]


def paper(
    session: Session, title: str, subtitle: str, office_name: str, label: str, through: date | None,
    *, licence: bool = False, draft: bool = False,
) -> Paper:  # fmt: skip
    """Return a paper of this installation; in a demonstration it is an example, whatever else it is.

    A `licence` is marked as no licence in every book: this paper is a print of the register.
    """
    demonstration = is_demonstration(session)
    facts = {"示例数据": demonstration, "登记簿打印件 · 非法定证照": licence, "草稿": draft}
    tags = tuple(word for word, holds in facts.items() if holds)
    # Across the page stand at most two words, or they would run off its edge.
    words = [word.removeprefix("登记簿打印件 · ") for word in tags[-2:]]
    watermark = " · ".join(words).replace("示例数据 ·", "示例 ·")
    return Paper(title, subtitle, office_name, label, clock.today(session), through, tags, watermark)


def alarms_of(found: Sequence[Alarm], year: int) -> list[Alarm]:
    """Return the alarms of a year, the most urgent first, then in the order they were raised."""
    return urgent_first(a for a in found if of_year(a.code, a.period, clock.local_day(a.raised_at), year))


def urgent_first(found: Iterable[Alarm]) -> list[Alarm]:
    """Return alarms, the most urgent first, then in the order they were raised."""
    return sorted(found, key=lambda a: (_URGENCY.index(a.severity), a.raised_at, a.id or 0))


def alarm_line(alarm: Alarm, about: str) -> AlarmLine:
    """Return an alarm as papers list it."""
    known = alarm.limit is not None and alarm.reading is not None
    excess = (alarm.reading or 0) - (alarm.limit or 0) if known else None
    basis = " ".join(part for part in (alarm.document, alarm.clause) if part)
    return AlarmLine(
        severity=severity_shown(alarm.severity), what=alarm.code.label, about=about,
        period=(alarm.period or "").replace("/", "—") or None, limit=_figure(alarm, alarm.limit),
        reading=_figure(alarm, alarm.reading), excess=_figure(alarm, excess if (excess or 0) > 0 else None),
        basis=basis or alarm.note, state=state_of(alarm), raised_on=clock.local_day(alarm.raised_at),
    )  # fmt: skip


def state_of(alarm: Alarm) -> str:
    """Return what people have done about an alarm, and whether it has receded."""
    return f"{alarm.state.label}（已回落）" if alarm.receded else alarm.state.label


def _figure(alarm: Alarm, base: int | None) -> str | None:
    if base is None or alarm.kind is None:
        return None
    daily = len(alarm.period or "") >= len("2025-02-01")
    return office(of_kind(alarm.kind, base), CapPeriod.day if daily else CapPeriod.year)
