"""What an alarm is told with, and how it moves between its states."""

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
