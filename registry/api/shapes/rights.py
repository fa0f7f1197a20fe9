"""The shapes of rights."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from registry.api.shapes.common import Amount, Day, Figure, Moment, Out, Ratio
from registry.kernel.vocabulary import (
    GreenLevel,
    MineralRole,
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


class MineralOut(Out):
    """A mineral of the right."""

    mineral: str
    role: MineralRole
    counted: Annotated[bool, Field(description="产量是否计入总量指标")]


class VersionOut(Out):
    """Holder, term and area since an act."""

    version: int
    act: str
    document: Annotated[str | None, Field(description="文号或事实出处")]
    holder: str | None
    credit_code: str | None
    valid_from: Day | None
    valid_to: Day | None
    authority: str | None
    area_km2: Figure | None
    top_m: Figure | None
    bottom_m: Figure | None
    corners: Annotated[str | None, Field(description="拐点坐标，国家统一文本格式")]
    deposit_scale: ScaleClass | None
    density_t_m3: Figure | None
    recorded_at: Moment
    superseded_at: Moment | None


class PermitOut(PermitOfDayOut):
    """One permit, whether it stands or a later entry has superseded it."""

    national: bool
    authority: str | None
    recorded_at: Moment
    superseded_at: Moment | None


class SpellOut(Out):
    """What the mine has been doing since a day."""

    state: OperatingState
    since: Day
    recorded_at: Moment


class GreenOut(Out):
    """The green-mine level since a day."""

    level: GreenLevel
    since: Day | None
    recorded_at: Moment


class OneRightOut(RightOut):
    """One right as it is today, and everything that was entered of it."""

    minerals: list[MineralOut]
    versions: Annotated[list[VersionOut], Field(description="最新在前")]
    permits: Annotated[list[PermitOut], Field(description="最新在前")]
    states: Annotated[list[SpellOut], Field(description="运行状态，最早在前")]
    greens: Annotated[list[GreenOut], Field(description="绿色矿山级别，最早在前")]
