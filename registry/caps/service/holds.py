"""Holds (预占): capacity reserved between the decision to offer and the registration of a right."""

from datetime import date

from sqlmodel import Session, select

from registry.caps.models import Commitment
from registry.caps.rules import Demand
from registry.caps.service.licensing import admit, commit_capacity, judge_licensed
from registry.identity.queries import require
from registry.identity.rules import Actor
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.lifecycle import WrongState
from registry.kernel.quantity import LARGEST
from registry.kernel.vocabulary import CommitmentKind
from registry.platform import audit, clock
from registry.platform.db import locked
from registry.regions.queries import gate


def place_hold(session: Session, actor: Actor, demand: Demand, expires_on: date | None) -> Commitment:
    """Reserve capacity for an item decided for offer or an enlargement accepted, if it fits.

    Raises:
        CapExceeded, PlanEnded: as for any new demand.
    """
    require(session, actor, "hold.place", demand.region)
    gate(session)
    admit(session, actor, demand)
    hold = commit_capacity(session, actor, demand, CommitmentKind.hold, expires_on)
    judge_licensed(session, actor, demand.region, demand.mineral, demand.reference)
    return hold


def release_hold(session: Session, actor: Actor, hold_id: int, reason: str) -> Commitment:
    """Give the capacity back, with the reason: failed sale, rejection, withdrawal.

    Raises:
        WrongState: the hold was released, used, or has lapsed.
        Invalid: no reason was given.
    """
    if not reason.strip():
        raise Invalid("field_missing", "reason", "", accepted="释放须写明理由")
    gate(session)
    hold = _standing(session, actor, "hold.place", hold_id)
    hold.superseded_at, hold.end_reason = clock.now(session), reason
    audit.note(session, hold.region, actor.name, "hold.release", hold.reference, reason=reason)
    session.flush()
    judge_licensed(session, actor, hold.region, hold.mineral, hold.reference)
    return hold


def use_hold(session: Session, actor: Actor, hold_id: int, demand: Demand) -> Commitment:
    """Turn a hold into licensed capacity; a demand that goes beyond the hold is weighed as new.

    Raises:
        WrongState: the hold was released, used, or has expired.
        CapExceeded, PlanEnded: the demand goes beyond the hold and does not fit.
    """
    gate(session)
    hold = _standing(session, actor, "right.grant", hold_id)
    if hold.expires_on is not None and hold.expires_on < clock.today(session):
        raise WrongState(state="已过期", event="转为已许可")
    hold.superseded_at, hold.end_reason = clock.now(session), "used"
    session.flush()
    if not _reserves(hold, demand):
        admit(session, actor, demand)
    used = commit_capacity(session, actor, demand)
    for region, mineral in sorted({(hold.region, hold.mineral), (demand.region, demand.mineral)}):
        judge_licensed(session, actor, region, mineral, demand.reference)
    return used


def _reserves(hold: Commitment, demand: Demand) -> bool:
    """Tell whether a hold reserves all that a demand wants: its place, its days and its amount."""
    place = (hold.region, hold.mineral, hold.period) == (demand.region, demand.mineral, demand.period)
    in_time = hold.ends is None or (demand.ends is not None and demand.ends <= hold.ends)
    fits = demand.amount is not None and demand.amount.base <= (hold.amount or 0)
    return place and hold.starts <= demand.starts and in_time and fits


def _standing(session: Session, actor: Actor, permission: str, hold_id: int) -> Commitment:
    """Lock a hold that the actor may act on; one outside the jurisdiction is as good as none."""
    statement = select(Commitment).where(
        Commitment.id == hold_id, Commitment.commitment == CommitmentKind.hold
    )
    found = locked(session, statement) if 0 < hold_id <= LARGEST else []
    if not found:
        raise NotFound("hold", hold_id)
    try:
        require(session, actor, permission, found[0].region)
    except NotFound:
        raise NotFound("hold", hold_id) from None
    if found[0].superseded_at is not None:
        raise WrongState(state="已释放或已使用", event="再次办理")
    return found[0]
