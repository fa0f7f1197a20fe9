"""The shapes of returns: what is recorded, what it did, and every revision of it."""

from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field

from registry.api.shapes.alarms import AlarmOut
from registry.api.shapes.checks import whole_number
from registry.api.shapes.common import Amount, BaseUnit, Body, Day, Figure, Moment, Out, Printed, Quantity
from registry.kernel.vocabulary import AlarmAct, CapPeriod, Covered, ReturnStanding

_MONTH = "2026-01"
_RETURN = f"SZ-2015-0001/建筑石料用灰岩/{_MONTH}"

Revision = Annotated[
    int,
    BeforeValidator(whole_number),
    Field(ge=1, le=999_999_999, description="更正或作废所依据的修订号；已有新修订的，退回 409", examples=[1]),
]


class OutputIn(Body):
    """One return of one right: a month, or a day under a daily cap."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"right": "SZ-2015-0001", "period": _MONTH, "quantity": {"value": "22.4", "unit": "万吨"}},
                {"right": "SZ-2020-0001", "period": _MONTH, "nil": True},
            ]
        }
    )

    right: Annotated[str, Field(description="矿业权编号", examples=["SZ-2015-0001"])]
    period: Annotated[str, Field(description="月份或日期", examples=[_MONTH, "2026-01-14"])]
    mineral: Annotated[str | None, Field(description="缺省为主矿种", examples=["建筑石料用灰岩"])] = None
    quantity: Annotated[Quantity | None, Field(description="零报可省略")] = None
    lost: Annotated[Quantity | None, Field(description="损失量")] = None
    nil: Annotated[bool, Field(description="零报")] = False
    correct: Annotated[bool, Field(description="更正已报数据，须写明理由")] = False
    reason: Annotated[str | None, Field(description="更正理由")] = None
    based_on: Revision | None = None
    note: Annotated[str | None, Field(description="备注")] = None


class VoidIn(Body):
    """Why a return is taken back."""

    reason: Annotated[str, Field(description="作废理由，必填", examples=["报错矿山"])]
    based_on: Revision | None = None


class MeterChangeOut(Out):
    """What a return moved on one meter."""

    cap: Annotated[str, Field(examples=["500240/建筑石料用灰岩/year"])]
    period: str
    before: Figure
    after: Figure
    unit: BaseUnit


class RecordedOut(Out):
    """What came of recording, correcting or taking back a return."""

    return_: Annotated[str, Field(alias="return", examples=[_RETURN])]
    revision: int
    unchanged: Annotated[bool, Field(description="与已登记数据一致，未改动")]
    meters: list[MeterChangeOut]
    alarms: list[AlarmOut]


class ReturnOut(Out):
    """One standing return, as a list shows it."""

    return_: Annotated[str, Field(alias="return", examples=[_RETURN])]
    right: str
    mine: str
    region: str
    mineral: str
    period: str
    revision: int
    standing: ReturnStanding
    quantity: Amount
    written: Annotated[Printed, Field(description="原报数值和单位")]
    nil: bool
    covered: Annotated[Covered, Field(description="许可对该期间的覆盖情况")]
    during_stop: bool
    counted: Annotated[bool, Field(description="是否计入总量指标")]
    note: str | None
    reason: str | None
    actor: str
    source: str | None
    recorded_at: Moment


class RevisionOut(Out):
    """One revision of a return, and what it moved."""

    revision: int
    quantity: Amount
    written: Printed
    lost: Amount | None
    nil: bool
    voided: bool
    covered: Covered
    during_stop: bool
    counted: bool
    note: str | None
    reason: str | None
    actor: str
    source: str | None
    recorded_at: Moment
    superseded_at: Moment | None
    meters: list[MeterChangeOut]


class DutyOut(Out):
    """The duty that the return fulfils."""

    grain: CapPeriod
    due_on: Day
    fulfilled_at: Moment | None
    in_time: bool


class AlarmEffectOut(Out):
    """What the return did to an alarm."""

    act: AlarmAct
    at: Moment
    alarm: AlarmOut


class HistoryOut(Out):
    """One return from its first revision to the one that stands."""

    return_: Annotated[str, Field(alias="return", examples=[_RETURN])]
    right: str
    mine: str
    region: str
    mineral: str
    period: str
    revisions: list[RevisionOut]
    duty: DutyOut | None
    alarms: list[AlarmEffectOut]
