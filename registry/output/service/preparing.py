"""Attributes a command to its right and mineral, and works out what is marked on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from registry.caps.service import MeterChange
from registry.identity.queries import require
from registry.identity.rules import Actor
from registry.kernel.display import BASE_UNIT
from registry.kernel.errors import Forbidden, Invalid, NotFound, RegistryError
from registry.kernel.faults import Faults
from registry.kernel.vocabulary import Covered
from registry.output.models import OutputReturn
from registry.output.queries import Key
from registry.output.rules import RecordOutput, covered, is_counted, is_stopped, main_mineral
from registry.output.service.facts import Facts
from registry.rights.models import MineralRight
from registry.rights.standing import MineralLine

COVERED = (Covered.full, Covered.partly)


@dataclass(slots=True)
class Recorded:
    """What came of one command: kept, unchanged, or rejected with the reason."""

    command: RecordOutput
    public_id: str = ""
    revision: int = 0
    unchanged: bool = False
    error: RegistryError | None = None
    row: dict[str, Any] = field(default_factory=dict)
    replaced: OutputReturn | None = None
    changes: list[MeterChange] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Tell whether a revision was written."""
        return self.error is None and not self.unchanged

    @property
    def key(self) -> Key:
        """Right, mineral and period."""
        return self.row["right_id"], self.row["mineral"], self.row["period"]


def allowed_regions(session: Session, actor: Actor, facts: Facts) -> dict[str, RegistryError | None]:
    """Return, for each region of the batch, why the actor may not record there, if so."""
    found: dict[str, RegistryError | None] = {}
    for region in facts.chains:
        try:
            require(session, actor, "output.record", region)
            found[region] = None
        except (NotFound, Forbidden) as error:
            found[region] = error
    return found


def prepare(facts: Facts, allowed: dict[str, RegistryError | None], result: Recorded) -> None:
    """Attribute a command to its right and mineral and work out what is marked on it."""
    command = result.command
    right = facts.rights.get(command.right)
    refusal = allowed.get(right.region) if right else None
    if right is None or isinstance(refusal, NotFound):
        raise NotFound("right", command.right)
    if refusal is not None:
        raise refusal
    if not right.counted:
        raise Invalid("right_only_named", "right_no", command.right, accepted="登记在册的矿业权")
    minerals = facts.minerals.get(right.id or 0, [])
    faults = Faults(("mineral", "period"))
    name = faults.kept(_mineral, facts, minerals, command)
    faults.kept(_check_begun, facts, command)
    if faults or name is None:
        raise faults.error()
    _check_grain(facts, right, name, command)
    result.row = _row(facts, right, name, command)
    result.public_id = f"{right.number}/{name}/{command.period}"


def _mineral(facts: Facts, minerals: Sequence[MineralLine], command: RecordOutput) -> str:
    name = facts.mineral(command.mineral).name if command.mineral else main_mineral(minerals)
    if name is None:
        raise Invalid("field_missing", "mineral", "", accepted="该矿业权未登记主矿种，须写明矿种")
    return name


def _check_begun(facts: Facts, command: RecordOutput) -> None:
    if command.period.first > facts.today:
        raise Invalid("period_in_future", "period", command.period, accepted=f"≤ {facts.today}")


def _check_grain(facts: Facts, right: MineralRight, mineral: str, command: RecordOutput) -> None:
    period = command.period
    is_day = period.first == period.last
    if facts.is_daily(right, mineral) != is_day:
        code, accepted = ("month_expected", "如 2025-07") if is_day else ("days_expected", "如 2025-07-14")
        raise Invalid(code, "period", period, accepted=accepted)


def _row(facts: Facts, right: MineralRight, mineral: str, command: RecordOutput) -> dict[str, Any]:
    right_id, kind = right.id or 0, facts.mineral(mineral).kind
    minerals, spells = facts.minerals.get(right_id, []), facts.spells.get(right_id, [])
    written, lost = command.written, command.lost
    quantity = facts.in_kind(right, written, kind, "quantity").base if written else 0
    return {
        "right_id": right_id, "mineral": mineral, "period": str(command.period),
        "first_day": command.period.first, "last_day": command.period.last, "year": command.period.year,
        "kind": kind, "quantity": quantity, "value": written.value if written else "0",
        "unit": written.unit.name if written else BASE_UNIT[kind],
        "lost": facts.in_kind(right, lost, kind, "lost").base if lost else None,
        "lost_value": lost.value if lost else None, "lost_unit": lost.unit.name if lost else None,
        "nil": command.nil, "voided": False, "counted": is_counted(minerals, mineral),
        "covered": covered(facts.permits.get(right_id, []), minerals, mineral, command.period),
        "during_stop": quantity > 0 and is_stopped(spells, command.period),
        "note": command.note, "reason": command.reason, "source": command.source,
    }  # fmt: skip
