"""Records returns: every readable, attributable one is kept, marked, metered and alarmed at once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from registry.alarms.queries import locked_by_keys
from registry.alarms.queries import public as public_alarms
from registry.caps.service import Part, Posting, post
from registry.identity.rules import Actor
from registry.kernel.display import BASE_UNIT, in_base_unit
from registry.kernel.errors import RegistryError
from registry.kernel.quantity import of_kind
from registry.output.models import OutputReturn
from registry.output.queries import Key, live_returns
from registry.output.rules import AlreadyReturned, Basis, ChangedSince, RecordOutput
from registry.output.service.duties import fulfil
from registry.output.service.facts import Facts, gather
from registry.output.service.judging import judge_permits
from registry.output.service.preparing import COVERED, Recorded, allowed_regions, prepare
from registry.platform import audit, clock, idempotency
from registry.platform.rows import insert_numbered


def record(session: Session, actor: Actor, command: RecordOutput, basis: Basis | None = None) -> Recorded:
    """Keep one return, meter it against every cap above it, and raise what it crosses.

    A return is kept whether or not a right or permit covers its period; what is missing is marked.

    Raises:
        AlreadyReturned: that period has a return with other figures; send a correction with a reason.
        ChangedSince: somebody has changed the return, and the basis of these figures did not know it.
        NotFound, Forbidden, Invalid: it cannot be attributed or read.
    """
    [recorded] = record_many(session, actor, [command], basis)
    if recorded.error is not None:
        raise recorded.error
    return recorded


def record_once(
    session: Session, actor: Actor, command: RecordOutput, key: str | None, basis: Basis | None = None
) -> dict[str, Any]:
    """Record under an idempotency key: the same key and input get the first answer again."""

    def do() -> dict[str, Any]:
        return answer(session, record(session, actor, command, basis))

    content = repr(command) if basis is None else repr((command, basis))
    return idempotency.once(session, actor.name, "output.record", key, content, do)


def record_many(
    session: Session, actor: Actor, commands: Sequence[RecordOutput], basis: Basis | None = None
) -> list[Recorded]:
    """Record a batch in row order; a row that cannot be kept is rejected and does not stop the others.

    With a basis, a row does not write over what the basis did not know; equal figures are unchanged still.

    Locks: the rights of the batch in key order, then the meters lowest region first, then the
    audit heads at commit. Licensing never holds a meter, returns never take the gate.
    """
    facts = gather(session, (c.right for c in commands))
    results = [Recorded(command) for command in commands]
    allowed = allowed_regions(session, actor, facts)
    for result in results:
        try:
            prepare(facts, allowed, result)
        except RegistryError as error:
            result.error = error
    ready = [r for r in results if r.error is None]
    live = live_returns(session, {r.key for r in ready}) if ready else {}
    for result in ready:
        _against(live, result, basis)
    new = [r for r in ready if r.is_new]
    if new:
        _write(session, actor, facts, new, basis.job if basis else None)
    return results


def _against(live: dict[Key, OutputReturn], result: Recorded, basis: Basis | None) -> None:
    """Hold a row against the standing return of its period, or against an earlier row of the batch."""
    standing = live.get(result.key)
    result.revision = 1 if standing is None else standing.revision + 1
    if standing is not None and not standing.voided:
        figures = (result.row["quantity"], result.row["nil"], result.row["lost"])
        if figures == (standing.quantity, standing.nil, standing.lost):
            result.unchanged, result.revision = True, standing.revision
            return
        if not result.command.correct or standing.id is None:
            result.error = _contradiction(standing, result)
            return
    if basis is not None and not basis.knew(standing):
        result.error = changed_since(standing, result.public_id, result.row["value"])
        return
    result.replaced = standing
    # An unsaved stand-in: a second row for the same period meets it instead of the database.
    live[result.key] = OutputReturn(**result.row, revision=result.revision)


def changed_since(standing: OutputReturn | None, public_id: str, value: str = "") -> ChangedSince:
    """Return the refusal of what meets something that its basis did not know: the figure, who and when."""
    had = by = at = "—"
    if standing is not None:
        lost = f"（损失量 {standing.lost_value} {standing.lost_unit}）" if standing.lost_value else ""
        had = "已作废" if standing.voided else f"{standing.value} {standing.unit}{lost}"
        by, at = standing.actor, f"{standing.recorded_at.astimezone(clock.LOCAL):%Y-%m-%d %H:%M}"
    revision = standing.revision if standing else 0
    public = {"return": public_id}
    return ChangedSince(field="quantity", value=value, had=had, by=by, at=at, revision=revision, **public)


def _contradiction(standing: OutputReturn, result: Recorded) -> AlreadyReturned:
    """Return the refusal of a row, with the first figure in which it differs from the standing return."""
    row, public_id = result.row, {"return": result.public_id}
    if (row["quantity"], row["nil"]) != (standing.quantity, standing.nil):
        had = f"{standing.value} {standing.unit}"
        return AlreadyReturned(field="quantity", value=row["value"], unit=row["unit"], had=had, **public_id)
    had = f"{standing.lost_value or '—'} {standing.lost_unit or ''}".strip()
    value, unit = row["lost_value"] or "—", row["lost_unit"] or ""
    return AlreadyReturned(field="lost", value=value, unit=unit, had=had, **public_id)


def _write(session: Session, actor: Actor, facts: Facts, new: list[Recorded], job: int | None) -> None:
    moment = clock.now(session)
    replaced = [r.replaced.id for r in new if r.replaced is not None]
    if replaced:
        session.execute(
            update(OutputReturn).where(col(OutputReturn.id).in_(replaced)).values(superseded_at=moment)
        )
    who = {"actor": actor.name, "recorded_at": moment, "job_id": job}
    rows = [r.row | who | {"revision": r.revision} for r in new]
    ids = insert_numbered(session, OutputReturn, rows, ("right_id", "mineral", "period"))
    fulfil(session, actor, [r.key for r in new], facts.today)
    numbers = {right.id: right for right in facts.rights.values()}
    for result in new:
        right = numbers[result.row["right_id"]]
        audit.note(session, right.region, actor.name, "output.record", result.public_id, **_told(result))
    judge_permits(session, actor, facts, new)
    _post(session, actor, facts, new, [ids[r.key] for r in new])


def _post(
    session: Session,
    actor: Actor,
    facts: Facts,
    new: list[Recorded],
    ids: list[int],
) -> None:
    rights = {right.id: right for right in facts.rights.values()}
    by_id = dict(zip(ids, new, strict=True))
    postings = [
        Posting(
            return_id, r.public_id, r.revision, rights[r.row["right_id"]].region, r.row["mineral"],
            r.command.period, parts, int(r.row["counted"]) - int(_stands(r.replaced)),
        )
        for return_id, r in by_id.items() if (parts := _parts(r))
    ]  # fmt: skip
    changes, raised = post(session, actor.name, postings, facts.caps)
    for change in changes:
        by_id[change.return_id].changes.append(change)
    if new:
        new[-1].alarms += raised


def _parts(result: Recorded) -> tuple[Part, ...]:
    """Return the new amount, after the reversal of the revision it replaces; each only where it counts."""
    row, old = result.row, result.replaced
    undone = (reversal(old),) if old is not None and _stands(old) else ()
    if not row["counted"]:
        return undone
    return (*undone, Part(of_kind(row["kind"], row["quantity"]), row["covered"] not in COVERED))


def _stands(old: OutputReturn | None) -> bool:
    """Tell whether a replaced revision stands on the meters."""
    return old is not None and old.counted and not old.voided


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
