"""The licensed side of caps: dated commitments, admission of new demand, and its alarms.

Every caller holds the gate (regions.queries.gate): licensing is serial, so plain reads are exact.
"""

import dataclasses
from datetime import date

from sqlmodel import Session, col, select

from registry.alarms import service as alarms
from registry.alarms.rules import Cause, Condition
from registry.caps.models import Commitment
from registry.caps.queries import commitments, coverage, marks_on
from registry.caps.rules import (
    CapExceeded,
    Demand,
    Licensed,
    Mark,
    PlanEnded,
    Ruling,
    Verdict,
    highest_day,
    passed,
    severity,
    spans_of,
    weigh,
)
from registry.caps.service.judging import Judge, condition, document_of, missing_key
from registry.identity.rules import Actor
from registry.kernel.period import Day, Term, Year
from registry.kernel.quantity import Quantity
from registry.kernel.vocabulary import AlarmCode, CommitmentKind, MeterSide
from registry.plans.models import Cap, PlanDocument
from registry.plans.queries import CapFigure, caps_over, figure, lines_of, years_changed
from registry.platform import audit, clock
from registry.regions.queries import below, chain, names

OPEN_ENDED_YEARS = 30  # the longest mining term (矿产资源法 2024 art. 24)


def commit_capacity(
    session: Session, actor: Actor, demand: Demand, kind: CommitmentKind = CommitmentKind.licensed,
    expires_on: date | None = None,
) -> Commitment:  # fmt: skip
    """Write one dated commitment; it counts from `starts` until the day before `ends`."""
    commitment = Commitment(
        region=demand.region, mineral=demand.mineral, period=demand.period, kind=demand.kind,
        commitment=kind, right_id=demand.right_id, amount=demand.amount.base if demand.amount else None,
        starts=demand.starts, ends=demand.ends, expires_on=expires_on, reference=demand.reference,
        recorded_at=clock.now(session),
    )  # fmt: skip
    session.add(commitment)
    session.flush()
    audit.note(
        session, demand.region, actor.name, f"commitment.{kind}", demand.reference,
        mineral=demand.mineral, period=demand.period, amount=commitment.amount,
        starts=demand.starts, ends=demand.ends,
    )  # fmt: skip
    return commitment


def end_commitments(session: Session, actor: Actor, right_id: int, on: date, reason: str) -> None:
    """Let the commitments of a right end on a day: each is superseded by a copy that is shorter."""
    statement = select(Commitment).where(
        Commitment.right_id == right_id, col(Commitment.superseded_at).is_(None)
    )
    for old in session.exec(statement).all():
        old.superseded_at, old.end_reason = clock.now(session), reason
        if old.starts < on and (old.ends is None or on < old.ends):
            copy = old.model_dump(exclude={"id", "ends", "recorded_at", "superseded_at", "end_reason"})
            session.add(Commitment(**copy, ends=on, recorded_at=clock.now(session)))
        audit.note(session, old.region, actor.name, "commitment.end", old.reference, on=on, reason=reason)
    session.flush()


def licensed(session: Session, cap: Cap, within: Term) -> Licensed:
    """Return what is licensed and held under a cap on the highest day of a span."""
    sight = clock.today(session), None
    [found] = commitments(session, below(session, cap.region), [cap.mineral], sight)
    taken = [c for (_, _, period), rows in found.items() if period is cap.period for c in rows]
    return highest_day(cap.kind, taken, within)


def assess(session: Session, demand: Demand) -> Verdict:
    """Weigh one demand against every cap above it in every year of its term, changing nothing.

    A cap whose counties are not all here is not judged (decision 5).
    """
    codes = [region.code for region in chain(session, demand.region)]
    caps = [c for c in caps_over(session, codes, [demand.mineral]) if c.period is demand.period]
    lines, covered = lines_of(session, caps), coverage(session, {c.region for c in caps})
    rulings = []
    for cap in caps:
        today = figure(cap, lines.get(cap.id or 0, []), Day(clock.today(session)))
        if covered[cap.region].missing:
            rulings.append(_ruling(today, "cap_partial", "pass", demand, clock.today(session).year, None))
            continue
        if today.carried_forward:
            rulings.append(_ruling(today, "plan_ended", "refused", demand, clock.today(session).year, None))
        for year, within in spans_of(demand.starts, demand.ends, OPEN_ENDED_YEARS):
            found = figure(cap, lines.get(cap.id or 0, []), year)
            taken = licensed(session, cap, within)
            result = weigh(found.limit, found.binding, taken.total, demand.amount)
            rulings.append(_ruling(found, "cap_room", result, demand, year.year, taken))
    return Verdict(tuple(rulings))


def _ruling(
    found: CapFigure, code: str, result: str, demand: Demand, year: int, taken: Licensed | None
) -> Ruling:
    return Ruling(
        code, result, found.cap.name, found.cap.kind, year, found.limit,
        None if taken is None else taken.total, demand.amount,
        document_of(found), found.line.clause if found.line else None, found.binding,
    )  # fmt: skip


def admit(session: Session, actor: Actor, demand: Demand) -> Verdict:
    """Let new demand pass, or refuse it; the gate is held.

    Raises:
        PlanEnded: the plan over it has ended and no new one or reply is recorded.
        CapExceeded: a 约束性 cap has no room in some year; nobody may override that.
    """
    verdict = assess(session, demand)
    failing = verdict.first_failing
    audit.note(
        session, demand.region, actor.name, "cap.admit", demand.reference,
        mineral=demand.mineral, amount=demand.amount.base if demand.amount else None, result=verdict.result,
    )  # fmt: skip
    if failing is None:
        return verdict
    refusal = PlanEnded if failing.code == "plan_ended" else CapExceeded
    said = failing.said(names(session))
    raise refusal(
        cap=said.cap, year=failing.year, limit=said.limit, taken=said.taken, wanted=said.wanted,
        room=said.room, document=failing.document, clause=failing.clause,
    )  # fmt: skip


def judge_licensed(session: Session, actor: Actor, region: str, mineral: str, caused_by: str) -> None:
    """Raise or recede the alarms of the licensed meters above a place, for the year of today."""
    codes = [r.code for r in chain(session, region)]
    judge_licensed_caps(session, actor, caps_over(session, codes, [mineral]), caused_by)


def judge_licensed_caps(
    session: Session, actor: Actor, caps: list[Cap], caused_by: str, document: PlanDocument | None = None
) -> None:
    """Judge the licensed meters of these caps for the year of today, and for those a document has changed.

    `document` was just put in force: an earlier year that it gave another figure is judged too, as far
    back as a right that still stands can reach.
    """
    this = Year(clock.today(session).year)
    ended = range(this.year - OPEN_ENDED_YEARS, this.year)
    lines = lines_of(session, caps)
    for cap in caps:
        known = lines.get(cap.id or 0, [])
        changed = [] if document is None else years_changed(cap, known, document, ended)
        for year in (*changed, this):
            found = figure(cap, known, year)
            if found.line is not None:
                _judge_one(session, actor, found, year, caused_by, lasting=year == this)


def _judge_one(
    session: Session, actor: Actor, found: CapFigure, year: Year, caused_by: str, *, lasting: bool
) -> None:
    total = licensed(session, found.cap, Term(year.first, year.last)).total
    lines = marks_on(session, year.last)[found.cap.period]
    now = passed(found.limit, total, lines)
    for mark in lines:
        told = _licensed_condition(found, mark, year, total, caused_by, lasting=lasting)
        if mark in now:
            alarms.raise_(session, actor.name, told)
        else:
            alarms.recede_to(session, actor.name, told)
    if found.limit is not None:
        alarms.recede(session, actor.name, [missing_key(found.cap, year.year)], {}, caused_by)
    elif total.base:
        Judge(session, actor.name).missing_limit(found, year.year, None, Cause(caused_by))


def _licensed_condition(
    found: CapFigure, mark: Mark, year: Year, total: Quantity, caused_by: str, *, lasting: bool
) -> Condition:
    told = condition(found, mark, MeterSide.licensed, year, total, Cause(caused_by))
    if mark.code is not AlarmCode.cap_exceeded or not lasting:
        return told
    # Licensed stock above the cap is one alarm for good, not one a year (decision 21); a year that has
    # ended says nothing of what stands now, and keeps an alarm of its own.
    over = AlarmCode.stock_over_cap
    key, urgency = f"{over}:{found.cap.name}", severity(over, found.binding)
    return dataclasses.replace(told, code=over, key=key, severity=urgency)
