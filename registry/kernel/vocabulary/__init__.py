"""Every enumerated word of the registry with its Chinese label; a member cannot exist without one.

The value is what databases, files and the API carry; the label is what people read, and the msgid
under which the catalogue holds its translation.
"""

from registry.kernel.vocabulary.alarms import AlarmAct, AlarmCode, AlarmSight, AlarmState, Severity
from registry.kernel.vocabulary.documents import DocumentKind, DocumentState, DocumentVerdict
from registry.kernel.vocabulary.places import (
    CapPeriod,
    Confidence,
    JobState,
    Kind,
    RegionLevel,
    Role,
    UploadKind,
)
from registry.kernel.vocabulary.plans import (
    CapState,
    CommitmentKind,
    Comparison,
    MeterSide,
    PlanAct,
    PlanState,
    RestrictionKind,
    TargetStanding,
)
from registry.kernel.vocabulary.rights import (
    Covered,
    GreenLevel,
    MineralRole,
    MiningMethod,
    OperatingState,
    PendingReason,
    PermitStanding,
    RenewalStage,
    ReserveCategory,
    ReserveMove,
    ReturnStanding,
    RightKind,
    ScaleClass,
)
from registry.kernel.vocabulary.words import Word

__all__ = [
    "AlarmAct",
    "AlarmCode",
    "AlarmSight",
    "AlarmState",
    "CapPeriod",
    "CapState",
    "CommitmentKind",
    "Comparison",
    "Confidence",
    "Covered",
    "DocumentKind",
    "DocumentState",
    "DocumentVerdict",
    "GreenLevel",
    "JobState",
    "Kind",
    "MeterSide",
    "MineralRole",
    "MiningMethod",
    "OperatingState",
    "PendingReason",
    "PermitStanding",
    "PlanAct",
    "PlanState",
    "RegionLevel",
    "RenewalStage",
    "ReserveCategory",
    "ReserveMove",
    "RestrictionKind",
    "ReturnStanding",
    "RightKind",
    "Role",
    "ScaleClass",
    "Severity",
    "TargetStanding",
    "UploadKind",
    "Word",
]
