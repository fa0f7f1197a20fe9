"""What an alarm is told with, and how it moves between its states."""

from collections.abc import Iterable
from dataclasses import dataclass

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


def behind(taken: Iterable[tuple[AlarmAct, str]]) -> frozenset[str]:
    """Return whose acts made an alarm what it is now: who raised it last, extended it or let it recede.

    They prepared what is to be judged, so none of them handles it.
    """
    names: set[str] = set()
    for act, actor in taken:
        if act in (AlarmAct.raised, AlarmAct.reopened):
            names = {actor}
        elif act in (AlarmAct.extended, AlarmAct.receded):
            names.add(actor)
    return frozenset(names)
