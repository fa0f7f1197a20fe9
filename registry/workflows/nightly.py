"""The nightly job: due dates, missing returns, ended plans, lapsed holds, and the year's licensed meters."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from registry.alarms import service as alarms
from registry.alarms.models import Alarm
from registry.alarms.rules import Condition
from registry.caps.models import Commitment
from registry.caps.service.licensing import judge_licensed_caps
from registry.identity.rules import SYSTEM
from registry.kernel.vocabulary import AlarmAct, AlarmCode, CommitmentKind, PlanState, Severity
from registry.output.queries import overdue
from registry.output.service import open_duties
from registry.output.service.duties import missing_key, month_part
from registry.plans.models import Cap, PlanDocument
from registry.platform import audit, clock, idempotency
from registry.regions.queries import all_regions, gate
from registry.workflows.renewals import expiries, notice_days, renewal_stage


def nightly(session: Session) -> dict[str, Any]:
    """Do everything that a new day brings; repeating it on the same day changes nothing."""
    gate(session)
    today = clock.today(session)
    done = {
        "duties_opened": open_duties(session),
        "returns_missing": _returns_missing(session, today),
        "renewals": _renewals(session, today),
        "plans_expired": _plans_expired(session, today),
        "holds_lapsed": _holds_lapsed(session, today),
    }
    idempotency.forget_old(session)
    caps = list(session.exec(select(Cap).order_by(col(Cap.id))).all())
    judge_licensed_caps(session, SYSTEM, caps, f"日终核对 {today}")
    for top in (r.code for r in all_regions(session) if r.parent is None):
        audit.note(session, top, SYSTEM.name, "job.nightly", str(today), **done)
    return done


def _standing(session: Session, codes: Iterable[AlarmCode]) -> dict[str, Alarm]:
    statement = select(Alarm).where(col(Alarm.code).in_(list(codes)), col(Alarm.receded).is_(False))
    return {alarm.key: alarm for alarm in session.exec(statement).all()}


def _tell(session: Session, told: Condition, standing: dict[str, Alarm]) -> bool:
    """Raise a condition, or write a step where a standing alarm has reached another stage."""
    known = standing.get(told.key)
    if known is not None and known.note == told.note and known.severity is told.severity:
        return False
    alarm = alarms.raise_(session, SYSTEM.name, told)
    if known is not None:
        alarms.step(session, alarm, AlarmAct.extended, SYSTEM.name, told.note, None)
    return True


def _returns_missing(session: Session, today: date) -> int:
    standing = _standing(session, [AlarmCode.return_missing])
    months: dict[str, tuple[str, str, str, str, date, int]] = {}
    for region, right, mineral, period, due in overdue(session, today):
        month = month_part(period)
        key = missing_key(right, mineral, month)
        count = months[key][5] + 1 if key in months else 1
        months[key] = (region, right, mineral, month, due, count)
    gone = [key for key in standing if key not in months]  # not owed any more: those that came let go at once
    alarms.recede(session, SYSTEM.name, gone, {}, f"日终核对 {today}")
    raised = 0
    for key, (region, right, mineral, month, due, count) in months.items():
        note = f"应于 {due} 前报送" if count == 1 else f"应于 {due} 前报送，缺 {count} 日"
        told = Condition(
            AlarmCode.return_missing,
            key,
            Severity.warning,
            region,
            mineral=mineral,
            right=right,
            period=month,
            note=note,
        )
        raised += _tell(session, told, standing)
    return raised


def _renewals(session: Session, today: date) -> int:
    standing = _standing(session, [AlarmCode.renewal_due, AlarmCode.renewal_overdue])
    notice = notice_days(session)
    wanted: dict[str, Condition] = {}
    for expiry in expiries(session, today, notice):
        stage = renewal_stage(expiry.valid_to, today, notice)
        if stage is not None:
            told = Condition(
                stage.code,
                f"{stage.code}:{expiry.right}:{expiry.valid_to}",
                stage.severity,
                expiry.region,
                mineral=expiry.mineral,
                right=expiry.right,
                period=str(expiry.valid_to),
                note=stage.note,
                document=f"采矿许可证 {expiry.permit}",
                clause="国务院令第241号第七条；重庆市矿产资源管理条例第二十八条",
            )
            wanted[told.key] = told
    gone = [key for key in standing if key not in wanted]
    alarms.recede(session, SYSTEM.name, gone, {}, f"日终核对 {today}")
    return sum(_tell(session, told, standing) for told in wanted.values())


def _plans_expired(session: Session, today: date) -> int:
    documents = session.exec(select(PlanDocument).where(PlanDocument.state == PlanState.adopted)).all()
    standing = _standing(session, [AlarmCode.plan_expired])
    raised = 0
    for plan in documents:
        if plan.amends_id is not None or plan.valid_to >= today:
            continue
        key = f"{AlarmCode.plan_expired}:{plan.region}:{plan.title}"
        if any(other.region == plan.region and other.valid_from > plan.valid_to for other in documents):
            alarms.recede(session, SYSTEM.name, [key], {}, f"日终核对 {today}")
            continue
        told = Condition(
            AlarmCode.plan_expired,
            key,
            Severity.warning,
            plan.region,
            period=str(plan.valid_to),
            document=plan.title,
            note="规划期已满，指标沿用，仅供监测；新增许可须新一轮规划或市局意见",
        )
        raised += _tell(session, told, standing)
    return raised


def _holds_lapsed(session: Session, today: date) -> int:
    """Leave the trace of holds that have expired; they count as nothing since their last day."""
    lapsed = session.exec(
        select(Commitment).where(
            Commitment.commitment == CommitmentKind.hold,
            col(Commitment.superseded_at).is_(None),
            col(Commitment.expires_on) < today,
        )
    ).all()
    for hold in lapsed:
        hold.superseded_at, hold.end_reason = clock.now(session), "lapsed"
        audit.note(session, hold.region, SYSTEM.name, "hold.lapse", hold.reference, expired=hold.expires_on)
    return len(lapsed)
