"""The alarms about one cap, as its page lists them."""

from dataclasses import dataclass
from datetime import date

from registry.kernel.shown import Shown, severity_shown
from registry.platform import clock
from registry.web.urgent import figures_of
from registry.workflows.one_cap import OneCap


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """One alarm about the cap."""

    id: int
    shown: Shown
    what: str
    side: str | None
    period: str | None
    figures: str | None
    over: str | None
    state: str
    receded: bool
    raised: date


def alarm_lines(found: OneCap) -> list[AlarmLine]:
    """Return the alarms about a cap, the newest first."""
    lines = []
    for alarm in found.alarms:
        figures, over = figures_of(alarm)
        lines.append(
            AlarmLine(
                alarm.id or 0, severity_shown(alarm.severity), alarm.code.label,
                alarm.side.label if alarm.side else None, (alarm.period or "").replace("/", "—") or None,
                figures, over, alarm.state.label, alarm.receded, clock.local_day(alarm.raised_at),
            )
        )  # fmt: skip
    return lines
