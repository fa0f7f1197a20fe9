"""The shapes of plan documents."""

from typing import Annotated

from pydantic import Field

from registry.api.shapes.common import Amount, Day, Moment, Out, Printed
from registry.kernel.vocabulary import CapPeriod, Comparison, PlanState, RegionLevel, RestrictionKind

Binding = Annotated[bool | None, Field(description="true 约束性，false 预期性，null 未载")]


class PlanBrief(Out):
    """What names a plan document, and its state."""

    id: int
    region: Annotated[str, Field(examples=["500240"])]
    level: RegionLevel
    title: str
    number: Annotated[str | None, Field(description="文号")]
    valid_from: Day
    valid_to: Day
    state: PlanState


class Amended(Out):
    """The plan that an amendment amends."""

    id: int
    title: str
    number: str | None


class ClauseOut(Out):
    """A clause as the plan words it."""

    id: str
    text: str


class CapLineOut(Out):
    """The figure that the document gives a cap: as printed, and in base units."""

    cap: str
    mineral: str
    printed_name: str | None
    period: CapPeriod
    printed: Printed | None
    limit: Amount | None
    binding: Binding
    approximate: Annotated[bool, Field(description="左右")]
    clause: str
    valid_from: Day
    valid_to: Day
    in_force: bool
    recorded_at: Moment | None
    superseded_at: Moment | None


class IndicatorOut(Out):
    """A target other than a cap, as printed."""

    code: str
    name: str
    mineral: str | None
    value: str | None
    unit: str | None
    comparison: Comparison
    printed: str | None
    cumulative: bool
    binding: Binding
    year: int | None
    baseline: str | None
    baseline_year: int | None
    clause: str


class PlanReserveOut(Out):
    """A reserve figure of the plan's table."""

    mineral: str
    printed_name: str | None
    year: int
    printed: Printed
    amount: Amount
    clause: str


class RestrictionOut(Out):
    """A mineral that the plan prohibits or restricts."""

    mineral: str
    printed_name: str | None
    kind: RestrictionKind
    clause: str | None


class ZoneOut(Out):
    """A zone that the plan names."""

    name: str
    kind: str
    minerals: list[str]
    clause: str


class PlannedRightOut(Out):
    """Rights that the plan intends to grant."""

    place: str
    count: int
    minerals: list[str]
    clause: str


class NoteOut(Out):
    """A remark on the plan; the plan itself stays as printed."""

    about: str | None
    text: str


class PlanOut(PlanBrief):
    """A plan document with everything it says."""

    entered_by: str
    entered_at: Moment
    confirmed_by: str | None
    confirmed_at: Moment | None
    scan: Annotated[str | None, Field(description="扫描件的 SHA-256")]
    amends: Amended | None
    clauses: list[ClauseOut]
    caps: list[CapLineOut]
    indicators: list[IndicatorOut]
    reserves: list[PlanReserveOut]
    restrictions: list[RestrictionOut]
    zones: list[ZoneOut]
    planned_rights: list[PlannedRightOut]
    notes: list[NoteOut]
