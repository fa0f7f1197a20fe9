"""The shapes of rights."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from registry.api.shapes.common import Amount, Day, Out, Ratio
from registry.kernel.vocabulary import (
    GreenLevel,
    MiningMethod,
    OperatingState,
    PendingReason,
    PermitStanding,
    RightKind,
    ScaleClass,
)


class ScaleFilter(StrEnum):
    """A scale class, or `pending` where none can be derived."""

    large = "large"
    medium = "medium"
    small = "small"
    pending = "pending"


class PermitOfDayOut(Out):
    """The permit of the day, with figures in base units and as they were written."""

    number: Annotated[str, Field(examples=["示例-SZ-2015-0001"])]
    valid_from: Day | None
    valid_to: Day | None
    method: MiningMethod | None
    scale: Annotated[Amount | None, Field(description="每年")]
    scale_written: Annotated[str | None, Field(examples=["260 万吨/年"])]
    max_day: Annotated[Amount | None, Field(description="每日")]
    max_day_written: str | None


class YearOutput(Out):
    """What the right has told of its main mineral in the newest year with returns."""

    year: int
    quantity: Amount | None
    through: Day | None
    share: Annotated[Ratio | None, Field(description="占许可规模")]


class RightOut(Out):
    """One right as it is today."""

    right: Annotated[str, Field(examples=["SZ-2015-0001"])]
    mine: str
    kind: RightKind
    counted: Annotated[bool, Field(description="false：仅规划点名，不在册")]
    region: str
    township: str | None
    source: Annotated[str | None, Field(description="仅规划点名的矿山：出处")]
    holder: str | None
    mineral: str | None
    associated: list[str]
    permit: PermitOfDayOut | None
    standing: PermitStanding
    scale_class: ScaleClass | None
    scale_pending: Annotated[PendingReason | None, Field(description="规模类别待定的原因")]
    state: OperatingState | None
    green: GreenLevel | None
    output: YearOutput
