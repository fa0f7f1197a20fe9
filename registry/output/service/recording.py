"""Records returns: every readable, attributable one is kept, marked, metered and alarmed at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, col

from registry.alarms.queries import locked_by_keys
from registry.alarms.queries import public as public_alarms
from registry.caps.service import MeterChange, Part, Posting, post
from registry.identity.queries import require
from registry.identity.rules import Actor
from registry.kernel.display import BASE_UNIT, in_base_unit
from registry.kernel.errors import Forbidden, Invalid, NotFound, RegistryError
from registry.kernel.quantity import of_kind
from registry.kernel.vocabulary import Covered
from registry.output.models import OutputReturn
from registry.output.queries import Key, live_returns
from registry.output.rules import (
    AlreadyReturned,
    RecordOutput,
    covered,
    is_counted,
    is_stopped,
    main_mineral,
)
from registry.output.service.duties import fulfil
from registry.output.service.facts import Facts, gather
from registry.output.service.judging import judge_permits
from registry.platform import audit, clock, idempotency
from registry.rights.models import MineralRight

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


def record(session: Session, actor: Actor, command: RecordOutput) -> Recorded:
    """Keep one return, meter it against every cap above it, and raise what it crosses.

    A return is kept whether or not a right or permit covers its period; what is missing is marked.

    Raises:
        AlreadyReturned: that period has a return with other figures; send a correction with a reason.
        NotFound, Forbidden, Invalid: it cannot be attributed or read.
    """
    [recorded] = record_many(session, actor, [command])
    if recorded.error is not None:
        raise recorded.error
    return recorded


def record_once(session: Session, actor: Actor, command: RecordOutput, key: str | None) -> dict[str, Any]:
    """Record under an idempotency key: the same key and input get the first answer again."""
    if key is None:
        return answer(session, record(session, actor, command))
    kept = idempotency.first_answer(session, actor.name, "output.record", key, repr(command))
    if kept is not None:
        return dict(kept)
    told = answer(session, record(session, actor, command))
    idempotency.keep_answer(session, actor.name, "output.record", key, told)
    return told


def record_many(session: Session, actor: Actor, commands: Sequence[RecordOutput]) -> list[Recorded]:
    """Record a batch in row order; a row that cannot be kept is rejected and does not stop the others.

    Locks: the rights of the batch in key order, then the meters lowest region first, then the
    audit heads at commit. Licensing never holds a meter, returns never take the gate.
    """
    facts = gather(session, (c.right for c in commands))
    results = [Recorded(command) for command in commands]
    allowed = _allowed(session, actor, facts)
    for result in results:
        try:
            _prepare(facts, allowed, result)
        except RegistryError as error:
            result.error = error
    ready = [r for r in results if r.error is None]
    live = live_returns(session, {r.key for r in ready}) if ready else {}
    for result in ready:
        _against(live, result)
    new = [r for r in ready if r.is_new]
    if new:
        _write(session, actor, facts, new)
    return results


def _allowed(session: Session, actor: Actor, facts: Facts) -> dict[str, RegistryError | None]:
    """Return, for each region of the batch, why the actor may not record there, if so."""
    found: dict[str, RegistryError | None] = {}
    for region in facts.chains:
        try:
            require(session, actor, "output.record", region)
            found[region] = None
        except (NotFound, Forbidden) as error:
            found[region] = error
    return found


def _prepare(facts: Facts, allowed: dict[str, RegistryError | None], result: Recorded) -> None:
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
    name = facts.mineral(command.mineral).name if command.mineral else main_mineral(minerals)
    if name is None:
        raise Invalid("field_missing", "mineral", "", accepted="该矿业权未登记主矿种，须写明矿种")
    _check_period(facts, right, name, command)
    result.row = _row(facts, right, name, command)
    result.public_id = f"{right.number}/{name}/{command.period}"


def _check_period(facts: Facts, right: MineralRight, mineral: str, command: RecordOutput) -> None:
    period = command.period
    if period.first > facts.today:
        raise Invalid("period_in_future", "period", period, accepted=f"≤ {facts.today}")
    is_day = period.first == period.last
    if facts.is_daily(right, mineral) != is_day:
        code, accepted = ("month_expected", "2025-07") if is_day else ("days_expected", "2025-07-14")
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


def _against(live: dict[Key, OutputReturn], result: Recorded) -> None:
    """Hold a row against the standing return of its period, or against an earlier row of the batch."""
    standing = live.get(result.key)
    result.revision = 1 if standing is None else standing.revision + 1
    if standing is not None and not standing.voided:
        figures = (result.row["quantity"], result.row["nil"], result.row["lost"])
        if figures == (standing.quantity, standing.nil, standing.lost):
            result.unchanged, result.revision = True, standing.revision
            return
        if not result.command.correct or standing.id is None:
            had = f"{standing.value} {standing.unit}"
            result.error = AlreadyReturned(
                field="quantity", value=result.row["value"], **{"return": result.public_id}, had=had
            )
            return
    result.replaced = standing
    # An unsaved stand-in: a second row for the same period meets it instead of the database.
    live[result.key] = OutputReturn(**result.row, revision=result.revision)


def _write(session: Session, actor: Actor, facts: Facts, new: list[Recorded]) -> None:
    moment = clock.now(session)
    replaced = [r.replaced.id for r in new if r.replaced is not None]
    if replaced:
        session.execute(
            update(OutputReturn).where(col(OutputReturn.id).in_(replaced)).values(superseded_at=moment)
        )
    rows = [r.row | {"revision": r.revision, "actor": actor.name, "recorded_at": moment} for r in new]
    statement = insert(OutputReturn).returning(col(OutputReturn.id), sort_by_parameter_order=True)
    ids = list(session.execute(statement, rows).scalars())
    fulfil(session, actor, [r.key for r in new], facts.today)
    numbers = {right.id: right for right in facts.rights.values()}
    for result in new:
        right = numbers[result.row["right_id"]]
        audit.note(session, right.region, actor.name, "output.record", result.public_id, **_told(result))
    judge_permits(session, actor, facts, new)
    _post(session, actor, numbers, new, ids)


def _post(
    session: Session,
    actor: Actor,
    rights: dict[int | None, MineralRight],
    new: list[Recorded],
    ids: list[int],
) -> None:
    by_id = dict(zip(ids, new, strict=True))
    postings = [
        Posting(
            return_id, r.public_id, rights[r.row["right_id"]].region, r.row["mineral"], r.command.period,
            _parts(r), 1 if r.replaced is None or r.replaced.voided else 0,
        )
        for return_id, r in by_id.items() if r.row["counted"]
    ]  # fmt: skip
    changes, raised = post(session, actor.name, postings)
    for change in changes:
        by_id[change.return_id].changes.append(change)
    if new:
        new[-1].alarms += raised


def _parts(result: Recorded) -> tuple[Part, ...]:
    """Return the new amount, after the reversal of the revision it replaces."""
    row, old = result.row, result.replaced
    part = Part(of_kind(row["kind"], row["quantity"]), row["covered"] not in COVERED)
    if old is None or old.voided or not old.counted:
        return (part,)
    return (reversal(old), part)


def reversal(old: OutputReturn) -> Part:
    """Return the movement that undoes a return, on the line it stood on."""
    return Part(-of_kind(old.kind, old.quantity), old.covered not in COVERED)


def _told(result: Recorded) -> dict[str, Any]:
    row = result.row
    return {
        "revision": result.revision, "quantity": row["quantity"], "value": row["value"], "unit": row["unit"],
        "covered": row["covered"], "reason": row["reason"],
    }  # fmt: skip


def answer(session: Session, recorded: Recorded) -> dict[str, Any]:
    """Return a recorded return as the contract prints it."""
    session.flush()
    alarms = list(locked_by_keys(session, set(recorded.alarms)).values())
    return {
        "return": recorded.public_id, "revision": recorded.revision, "unchanged": recorded.unchanged,
        "meters": [
            {
                "cap": c.cap.name, "period": str(c.period), "before": in_base_unit(c.before),
                "after": in_base_unit(c.after), "unit": BASE_UNIT[c.cap.kind],
            }
            for c in recorded.changes
        ],
        "alarms": public_alarms(session, alarms),
    }  # fmt: skip
