"""The shapes of alarms and of the steps people take."""

from typing import Annotated

from pydantic import Field

from registry.api.shapes.common import BaseUnit, Body, Day, Figure, Moment, Out
from registry.kernel.vocabulary import AlarmAct, AlarmCode, AlarmState, MeterSide, Severity


class AlarmDayOut(Out):
    """One day of an alarm under a daily limit."""

    day: Day
    reading: Figure | None
    over: bool


class AlarmStepOut(Out):
    """One step in the life of an alarm."""

    act: AlarmAct
    at: Moment
    actor: str
    note: str | None
    reading: Figure | None
    caused_by: str | None
    severity: Annotated[Severity | None, Field(description="当时的级别；早先的步骤未记，为 null")] = None
    revision: Annotated[
        int | None, Field(description="触发它的是报表的第几次登记；不是报表触发或未记的为 null", examples=[2])
    ] = None


class AlarmOut(Out):
    """One alarm: what stands, the figures, what it rests on, and who did what about it."""

    id: Annotated[int, Field(examples=[12])]
    code: AlarmCode
    severity: Severity
    state: AlarmState
    receded: Annotated[bool, Field(description="读数已回落")]
    region: Annotated[str, Field(examples=["500240"])]
    mineral: Annotated[str | None, Field(examples=["建筑石料用灰岩"])]
    right: Annotated[str | None, Field(examples=["SZ-2015-0001"])]
    meter: MeterSide | None
    period: Annotated[str | None, Field(description="年、月、日，或首日/末日", examples=["2025"])]
    limit: Figure | None
    reading: Figure | None
    excess: Figure | None
    unit: BaseUnit | None
    caused_by: Annotated[str | None, Field(examples=["SZ-2015-0001/建筑石料用灰岩/2025-11"])]
    document: str | None
    clause: str | None
    note: str | None
    raised_at: Moment
    days: list[AlarmDayOut]
    steps: list[AlarmStepOut]


class Handled(Body):
    """What was done about an alarm."""

    note: Annotated[str, Field(description="办理说明，必填", examples=["已电话核实，待现场检查"])]
