"""What is most urgent, as a card tells it: what happened, the figures, what they rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from registry.alarms.models import Alarm
from registry.kernel.display import office_unit, percent
from registry.kernel.quantity import of_kind, share
from registry.kernel.shown import Shown, severity_shown, short
from registry.kernel.vocabulary import AlarmState, CapPeriod
from registry.platform import clock
from registry.web.alarms.basis import briefly

_DAY = len("2025-02-01")
_MATTERS = 8


@dataclass(frozen=True, slots=True)
class UrgentRow:
    """One matter on the card: its newest alarm, and how many more there are of the very same.

    `figures` is None where it is about no quantity.
    """

    id: int
    shown: Shown
    what: str
    about: str
    figures: str | None
    over: str | None
    period: str | None
    rests_on: str
    raised: date
    is_known: bool
    more: int = 0


def urgent_rows(found: Sequence[tuple[Alarm, str | None]], names: Mapping[str, str]) -> list[UrgentRow]:
    """Return the most urgent matters of alarms that come in the order of their urgency.

    What a mine does wrong month after month is one matter: its newest alarm stands for all.
    """
    matters: dict[tuple[object, ...], list[tuple[Alarm, str | None]]] = {}
    for alarm, mine in found:
        about = alarm.right or (alarm.region, alarm.mineral, alarm.side, (alarm.period or "")[:4])
        matters.setdefault((alarm.severity, alarm.code, about), []).append((alarm, mine))
    return [_row(*same[0], names, len(same) - 1) for same in list(matters.values())[:_MATTERS]]


def _row(alarm: Alarm, mine: str | None, names: Mapping[str, str], more: int) -> UrgentRow:
    about = mine or alarm.right or alarm.mineral or names.get(alarm.region, alarm.region)
    figures, over = figures_of(alarm)
    return UrgentRow(
        id=alarm.id or 0,
        shown=severity_shown(alarm.severity),
        what=alarm.code.label,
        about=f"{about}（{alarm.side.label}）" if alarm.side and not mine else about,
        figures=figures,
        over=over,
        period=(alarm.period or "").replace("/", "—") or None,
        rests_on=briefly(alarm.code, alarm.document, alarm.clause) or alarm.note or "",
        raised=clock.local_day(alarm.raised_at),
        is_known=alarm.state is AlarmState.acknowledged,
        more=more,
    )


def figures_of(alarm: Alarm) -> tuple[str | None, str | None]:
    """Return reading over limit with the share, and what is too much, in the office's unit."""
    if alarm.kind is None or alarm.reading is None:
        return None, None
    per = CapPeriod.day if len(alarm.period or "") >= _DAY else CapPeriod.year
    unit = office_unit(alarm.kind, per)
    reading = short(of_kind(alarm.kind, alarm.reading), unit)
    if alarm.limit is None:
        return f"{reading} {unit}", None
    limit = short(of_kind(alarm.kind, alarm.limit), unit)
    told = f"（{percent(share(alarm.reading, alarm.limit))}）" if alarm.limit else ""
    more = alarm.reading - alarm.limit
    over = f"{short(of_kind(alarm.kind, more), unit)} {unit}" if more > 0 else None
    return f"{reading} / {limit} {unit}{told}", over
