"""Takes returns back by a revision that counts nothing, and posts standing returns to a new cap."""

from collections.abc import Collection
from functools import partial
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from registry.caps.service import Part, Posting, post
from registry.identity.queries import is_within, require
from registry.identity.rules import Actor
from registry.kernel.errors import NotFound
from registry.kernel.period import parse_period
from registry.kernel.quantity import of_kind
from registry.output.models import OutputReturn
from registry.output.queries import last_days, live_returns, split_public_id
from registry.output.rules import Basis, NotReturned, RecordOutput, read_reason
from registry.output.service.duties import reopen
from registry.output.service.facts import gather
from registry.output.service.judging import judge_permits
from registry.output.service.preparing import COVERED, Recorded
from registry.output.service.recording import answer, changed_since, reversal
from registry.plans.models import Cap
from registry.platform import audit, clock, idempotency
from registry.regions.queries import below
from registry.rights.models import MineralRight
from registry.rights.queries import locked_in


def void(
    session: Session,
    actor: Actor,
    public_id: str,
    reason: str,
    key: str | None = None,
    basis: Basis | None = None,
) -> dict[str, Any]:
    """Take a return back as `take_back` does; the same key and input get the first answer again."""

    def do() -> dict[str, Any]:
        return answer(session, take_back(session, actor, public_id, reason, basis))

    content = [public_id, reason] if basis is None else [public_id, reason, repr(basis)]
    return idempotency.once(session, actor.name, "output.void", key, content, do)


def take_back(
    session: Session, actor: Actor, public_id: str, reason: str, basis: Basis | None = None
) -> Recorded:
    """Take a return back with a reason: a new revision of zero, and reversing movements.

    Raises:
        NotFound: no such return in the actor's jurisdiction.
        NotReturned: it was taken back already.
        ChangedSince: somebody has corrected it, and the basis did not know that.
        Invalid: no reason was given.
    """
    number, mineral, period = split_public_id(public_id)
    told = read_reason(reason, "作废须写明理由")
    facts = gather(session, [number])
    right = facts.rights.get(number)
    if right is None or not is_within(session, actor, right.region):
        raise NotFound("return", public_id)
    require(session, actor, "output.record", right.region)
    public_id = f"{right.number}/{mineral}/{period}"
    old = live_returns(session, [(right.id or 0, mineral, period)]).get((right.id or 0, mineral, period))
    if old is None:
        raise NotFound("return", public_id)
    if old.voided:
        raise NotReturned(**{"return": public_id})
    if basis is not None and not basis.knew(old):
        raise changed_since(old, public_id)
    recorded = _write(session, actor, right, old, told)
    judge_permits(session, actor, facts, [recorded])
    if old.counted:
        posting = Posting(
            recorded.row["id"],
            public_id,
            recorded.revision,
            right.region,
            mineral,
            recorded.command.period,
            (reversal(old),),
            -1,
        )
        reach = partial(last_days, session)
        recorded.changes, raised = post(session, actor.name, [posting], facts.caps, reach)
        recorded.alarms += raised
    return recorded


def _write(session: Session, actor: Actor, right: MineralRight, old: OutputReturn, reason: str) -> Recorded:
    old.superseded_at = clock.now(session)
    session.flush()
    period = parse_period(old.period)
    command = RecordOutput(right.number, period, None, old.mineral, reason=reason, correct=True)
    kept = {
        "id",
        "quantity",
        "value",
        "lost",
        "lost_value",
        "lost_unit",
        "nil",
        "voided",
        "during_stop",
        "note",
    }
    row = old.model_dump(
        exclude=kept | {"revision", "reason", "actor", "source", "job_id", "recorded_at", "superseded_at"}
    )
    row |= {
        "quantity": 0, "value": "0", "nil": False, "voided": True, "during_stop": False, "reason": reason,
        "revision": old.revision + 1, "actor": actor.name, "recorded_at": clock.now(session),
    }  # fmt: skip
    row["id"] = session.execute(insert(OutputReturn).returning(col(OutputReturn.id)), [row]).scalar_one()
    reopen(session, (old.right_id, old.mineral, old.period))
    public_id = f"{right.number}/{old.mineral}/{old.period}"
    audit.note(
        session, right.region, actor.name, "output.void", public_id, revision=row["revision"], reason=reason
    )
    return Recorded(command, public_id, row["revision"], row=row, replaced=old)


def backfill(session: Session, actor: Actor, caps: Collection[Cap]) -> int:
    """Post every standing return to caps that are new, so that their meters start out complete.

    The gate is held. Locks every right below the caps: a return under way is waited for and then
    found here, and one that begins later waits for the new cap. Returns how many were posted.
    """
    posted = 0
    for cap in sorted(caps, key=lambda c: c.id or 0):
        places = below(session, cap.region)
        locked_in(session, places)
        statement = (
            select(OutputReturn, MineralRight)
            .join(MineralRight, col(MineralRight.id) == col(OutputReturn.right_id))
            .where(
                OutputReturn.mineral == cap.mineral,
                col(MineralRight.region).in_(places),
                col(OutputReturn.superseded_at).is_(None),
                col(OutputReturn.voided).is_(False),
                col(OutputReturn.counted).is_(True),
            )
            .order_by(col(OutputReturn.id))
        )
        postings = [_standing(found, right) for found, right in session.exec(statement).all()]
        post(session, actor.name, postings, [cap])
        posted += len(postings)
    return posted


def _standing(found: OutputReturn, right: MineralRight) -> Posting:
    part = Part(of_kind(found.kind, found.quantity), found.covered not in COVERED)
    public_id = f"{right.number}/{found.mineral}/{found.period}"
    return Posting(
        found.id or 0,
        public_id,
        found.revision,
        right.region,
        found.mineral,
        parse_period(found.period),
        (part,),
        1,
    )
