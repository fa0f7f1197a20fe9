"""The only way to add a right or to change what is known of it: rights, caps, reserves, duties in one act.

Every version of a right stays; this act writes version 1, a later act (extension, alteration) the
next one. Granting passes the gate, so that caps and numbers are exact.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from sqlmodel import Session

from registry.caps.rules import Demand
from registry.caps.service import admit, commit_capacity, judge_licensed
from registry.greenmine.service import add_level
from registry.identity.queries import is_within, require
from registry.identity.rules import Actor
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.faults import Faults
from registry.kernel.vocabulary import CapPeriod, GreenLevel, OperatingState, RightKind
from registry.minerals.models import Mineral
from registry.minerals.queries import mineral_named
from registry.output.service import open_duties
from registry.plans.queries import caps_over
from registry.platform import clock
from registry.platform.facts import is_demonstration
from registry.regions.models import Region
from registry.regions.queries import chain, counties, gate, region, townships
from registry.registration.entry import write_named, write_right
from registry.registration.rules import (
    GrantRight,
    NamedMine,
    NotOnTheBooks,
    RightExists,
    capacity,
    change_reason,
    in_kind,
)
from registry.rights.models import MineralRight
from registry.rights.queries import (
    locked_rights,
    permits_numbered,
    permits_of,
    right_if_any,
    rights_by_id,
    rights_in,
    spells_of,
    versions_of,
)
from registry.rights.rules import parse_permit_number, parse_right_number
from registry.rights.service import add_spell, free_number


def grant(
    session: Session, actor: Actor, command: GrantRight, *, existing: bool, duties: bool = True
) -> MineralRight:
    """Add a right with everything that hangs on it.

    An `existing` right is a fact and always loads, even over a cap; a new one is admitted by the caps
    first. With `duties` false the caller opens the duties of a whole batch at once.

    Raises:
        RightExists: the number of the right or of its permit is registered.
        CapExceeded, PlanEnded: a new right does not fit (see caps.service.admit).
        Invalid: the region keeps no rights, or a number, mineral or quantity cannot be read.
    """
    require(session, actor, "right.import" if existing else "right.grant", command.region)
    gate(session)
    place = _county(session, command.region)
    mineral = mineral_named(session, command.mineral)
    number = _number(session, place, command)
    demands = _demands(session, command, mineral, number)
    if not existing:
        for demand in demands:
            admit(session, actor, demand)
    right = write_right(session, actor, command, mineral, number, act="import" if existing else "grant")
    for demand in demands:
        commit_capacity(session, actor, replace(demand, right_id=right.id))
    if duties:
        open_duties(session, [right.id or 0])
    if demands:
        judge_licensed(session, actor, right.region, mineral.name, right.number)
    return right


def set_state(
    session: Session, actor: Actor, number: str, state: OperatingState, since: date, reason: str
) -> tuple[MineralRight, bool]:
    """Record what a mine does since a day, duties following; return the right and whether it is news.

    Raises:
        NotFound: no such right. NotOnTheBooks: a plan only names it.
        Invalid: the day lies in the future or before the right began, or the reason is empty.
    """
    right = _changeable(session, actor, number, since, reason, _first_day)
    is_news = add_spell(session, actor, right, state, since, reason)
    if is_news:
        open_duties(session, [right.id or 0])
    return right, is_news


def set_green(
    session: Session, actor: Actor, number: str, level: GreenLevel, since: date, reason: str
) -> tuple[MineralRight, bool]:
    """Record the green-mine level of a mine since a day; return the right and whether it is news.

    Raises:
        NotFound: no such right. NotOnTheBooks: a plan only names it.
        Invalid: the day lies in the future, or the reason is empty.
    """
    right = _changeable(session, actor, number, since, reason)
    return right, add_level(session, actor, right, level, since, reason)


def _changeable(
    session: Session, actor: Actor, number: str, since: date, reason: str,
    first: Callable[[Session, MineralRight], date | None] | None = None,
) -> MineralRight:  # fmt: skip
    right = locked_rights(session, [number]).get(number)
    if right is None or not is_within(session, actor, right.region):
        raise NotFound("right", number)
    require(session, actor, "right.state", right.region)
    if not right.counted:
        raise NotOnTheBooks(field="right_no", value=number, accepted="登记在册的矿业权，如 SZ-2025-0007")
    faults = Faults(("since", "reason"))
    if since > clock.today(session):
        faults.add(Invalid("day_in_future", "since", since, accepted=f"≤ {clock.today(session)}"))
    if first is not None and since < (day := first(session, right) or date.min):
        faults.add(Invalid("state_before_permit", "since", since, accepted=f"≥ {day}"))
    faults.kept(change_reason, reason)
    if faults:
        raise faults.error()
    return right


def _first_day(session: Session, right: MineralRight) -> date | None:
    """Return the first day on which the mine can have been in a state; None where its permits do not tell.

    The permit on the books may only extend an older one: the right's own term, and states that came with
    the old books, then reach further back.
    """
    permits = permits_of(session, [right.id or 0]).get(right.id or 0)
    if not permits or permits[0].valid_from is None:
        return None
    spells = spells_of(session, [right.id or 0]).get(right.id or 0, [])
    version = versions_of(session, [right.id or 0])[right.id or 0]
    return min(
        [permits[0].valid_from, version.valid_from or date.max, *(spell.since for spell in spells[:1])]
    )


def _county(session: Session, code: str) -> Region:
    place = region(session, code)
    if counties(session, code) != [code]:
        raise Invalid("region_not_county", "region", code, accepted="区县代码")
    return place


def _number(session: Session, place: Region, command: GrantRight) -> str:
    """Return the given number or the next free one, both numbers proven free."""
    if command.permit is not None:
        demonstration = is_demonstration(session)
        parse_permit_number(command.permit.number, demonstration=demonstration)
        if held := permits_numbered(session, command.permit.number):
            owner = rights_by_id(session, [held[-1].right_id])[held[-1].right_id].number
            raise RightExists(field="permit_no", value=command.permit.number, right=owner, fields="permit_no")
    if command.number is None:
        return free_number(session, place, (command.valid_from or clock.today(session)).year)
    number = parse_right_number(command.number, place.letters)
    if right_if_any(session, number) is not None:
        raise RightExists(field="right_no", value=number, right=number, fields="right_no")
    return number


def _demands(session: Session, command: GrantRight, mineral: Mineral, number: str) -> list[Demand]:
    """Return what a mining right takes of the caps above it: by the year, and by the day where that counts.

    A right under a daily cap without a recorded maximum day takes an unknown amount of it.
    """
    if command.kind is not RightKind.mining:
        return []
    codes = [link.code for link in chain(session, command.region)]
    daily = any(cap.period is CapPeriod.day for cap in caps_over(session, codes, [mineral.name]))
    starts = command.starts or clock.today(session)
    ends = None if command.ends is None else command.ends + timedelta(days=1)
    return [
        Demand(
            region=command.region, mineral=mineral.name, period=period, kind=mineral.kind,
            amount=in_kind(amount, mineral.kind, command.density), starts=starts, ends=ends,
            reference=command.permit.number if command.permit else number,
        )
        for period, amount in capacity(command.permit).items()
        if period is CapPeriod.year or daily or amount is not None
    ]  # fmt: skip


def register_named_mine(session: Session, actor: Actor, command: NamedMine) -> MineralRight:
    """Enter a real mine that a plan only names; entering it again changes nothing.

    It gets a number of its own kind (SZ-规划-0001), no permit, no commitment and no duty, and no count
    or alarm ever includes it.
    """
    require(session, actor, "right.import", command.region)
    gate(session)
    place = _county(session, command.region)
    named = [right for right in rights_in(session, [place.code], named=True) if not right.counted]
    known = next((right for right in named if right.mine == command.mine), None)
    if known is not None:
        return known
    township = next((t for t in townships(session, place.code) if (command.place or "").startswith(t)), None)
    return write_named(session, actor, command, f"{place.letters}-规划-{len(named) + 1:04d}", township)
