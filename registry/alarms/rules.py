"""What an alarm is told with, and how it moves between its states."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from registry.kernel.lifecycle import Lifecycle
from registry.kernel.quantity import Quantity
from registry.kernel.vocabulary import AlarmAct, AlarmCode, AlarmState, MeterSide, Severity

STEPS: Lifecycle[AlarmState, AlarmAct] = Lifecycle(
    {
        (AlarmState.open, AlarmAct.acknowledged): AlarmState.acknowledged,
        (AlarmState.open, AlarmAct.closed): AlarmState.closed,
        (AlarmState.acknowledged, AlarmAct.closed): AlarmState.closed,
        (AlarmState.acknowledged, AlarmAct.reopened): AlarmState.open,
        (AlarmState.closed, AlarmAct.reopened): AlarmState.open,
        (AlarmState.open, AlarmAct.reopened): AlarmState.open,
    }
)


@dataclass(frozen=True, slots=True)
class Cause:
    """What does something to an alarm: the public id of a return with its revision, or the name of an act."""

    told: str
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that holds now: what it is about, the figures, and the rule it rests on."""

    code: AlarmCode
    key: str
    severity: Severity
    region: str
    mineral: str | None = None
    right: str | None = None
    side: MeterSide | None = None
    period: str | None = None
    limit: Quantity | None = None
    reading: Quantity | None = None
    caused_by: str | None = None
    document: str | None = None
    clause: str | None = None
    note: str | None = None
    revision: int | None = None


_OTHER_LIMIT = "限值由 "


def other_limit(was: str, now: str | None) -> str:
    """Return the note of a step that a changed limit took; None where there is no limit any more."""
    return f"{_OTHER_LIMIT}{was} 改为 {now}" if now else f"{_OTHER_LIMIT}{was} 改为未列数值"


def is_other_limit(note: str | None) -> bool:
    """Tell whether a step notes that the limit was changed."""
    return (note or "").startswith(_OTHER_LIMIT)


class Step(NamedTuple):
    """What happened to an alarm, by whom, and the public id of the return or act that caused it."""

    act: AlarmAct
    actor: str
    caused_by: str | None


def behind(taken: Iterable[Step]) -> frozenset[str]:
    """Return whose acts an alarm is about: who raised it last or extended it, or corrected what raised it.

    They prepared what is to be judged, so none of them handles it. An act of another kind that lets it
    recede, such as confirming an amendment, binds nobody.
    """
    names: set[str] = set()
    causes: set[str | None] = set()
    for act, actor, cause in taken:
        if act in (AlarmAct.raised, AlarmAct.reopened):
            names, causes = {actor}, {cause}
        elif act is AlarmAct.extended:
            names.add(actor)
            causes.add(cause)
        elif act is AlarmAct.receded and cause is not None and cause in causes:
            names.add(actor)
    return frozenset(names)


def risen_from(act: AlarmAct, before: Severity | None, now: Severity | None) -> Severity | None:
    """Return the level above which a step raised its alarm; None where it did not or nobody knows.

    A person's step finds a level and does not set it.
    """
    if act not in (AlarmAct.extended, AlarmAct.reopened) or before is None or now is None:
        return None
    levels = list(Severity)
    return before if levels.index(now) > levels.index(before) else None
