"""The alarms of a year and what was done about each."""

from collections.abc import Sequence

from sqlmodel import Session

from registry.alarms.models import Alarm, AlarmStep
from registry.alarms.queries import steps
from registry.documents.service.papers import alarm_line
from registry.kernel.vocabulary import AlarmAct
from registry.platform import clock
from reports.municipal import AlarmStory, Step

_BY_PEOPLE = (AlarmAct.acknowledged, AlarmAct.closed)


def alarm_stories(session: Session, found: Sequence[Alarm], places: dict[str, str]) -> tuple[AlarmStory, ...]:
    """Return alarms with their steps, in the given order; `places` are named where there are several."""
    taken = steps(session, [alarm.id for alarm in found])
    return tuple(_story(alarm, taken.get(alarm.id or 0, []), places) for alarm in found)


def _story(alarm: Alarm, taken: Sequence[AlarmStep], places: dict[str, str]) -> AlarmStory:
    side = f"（{alarm.side.label}）" if alarm.side else ""
    parts = [
        places[alarm.region] if len(places) > 1 else "",
        alarm.right or "",
        f"{alarm.mineral or ''}{side}",
    ]
    about = " ".join(part for part in parts if part) or places[alarm.region]
    told = tuple(
        Step(
            one.act.label, clock.local_day(one.at), "系统" if one.actor == "system" else one.actor, _note(one)
        )
        for one in taken
    )
    return AlarmStory(alarm_line(alarm, about), told, any(one.act in _BY_PEOPLE for one in taken))


def _note(one: AlarmStep) -> str | None:
    """Return what a person wrote; what the system notes stands in the alarm itself."""
    return one.note if one.act in _BY_PEOPLE else None
