"""Permits whose renewal must be applied for, counted to the application date.

The application is due a notice period (30 days: 国务院令第241号 art. 7, 重庆市矿产资源管理条例
art. 28) before the permit expires; the office is reminded 12, 6 and 3 months and 60 days before
that date, then the period for applying has passed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from registry.kernel.period import months_before
from registry.kernel.vocabulary import AlarmCode, OperatingState, RenewalStage, Severity
from registry.output.rules import main_mineral, states_in
from registry.platform.facts import facts
from registry.rights import standing
from registry.rights.models import MineralRight, Permit
from registry.rights.queries import last_permits_ending

NOTICE_DAYS = ("renewal_notice_days", "30")
_FARTHEST = 13 * 31


@dataclass(frozen=True, slots=True)
class Expiry:
    """A permit that ends, and the day by which its renewal must be applied for."""

    right_id: int
    region: str
    right: str
    mine: str
    mineral: str | None
    permit: str
    valid_to: date
    apply_by: date


@dataclass(frozen=True, slots=True)
class Stage:
    """How near the application date is."""

    at: RenewalStage
    code: AlarmCode
    severity: Severity
    note: str


def application_day(valid_to: date, notice_days: int) -> date:
    """Return the last day on which a renewal may be applied for."""
    return valid_to - timedelta(days=notice_days)


def renewal_stage(valid_to: date, today: date, notice_days: int) -> Stage | None:
    """Return the reminder that stands today, or None while there is more than a year."""
    apply_by = application_day(valid_to, notice_days)
    if today > apply_by:
        return _too_late(valid_to, today, apply_by)
    steps = (
        (apply_by - timedelta(days=60), RenewalStage.days, Severity.warning, "60 日"),
        (months_before(apply_by, 3), RenewalStage.quarter, Severity.warning, "3 个月"),
        (months_before(apply_by, 6), RenewalStage.half, Severity.info, "6 个月"),
        (months_before(apply_by, 12), RenewalStage.year, Severity.info, "12 个月"),
    )
    for begins, at, severity, words in steps:
        if today >= begins:
            note = f"距申请截止日 {apply_by} 不足 {words}，{valid_to} 到期"
            return Stage(at, AlarmCode.renewal_due, severity, note)
    return None


def _too_late(valid_to: date, today: date, apply_by: date) -> Stage:
    if today > valid_to:
        note = f"许可已于 {valid_to} 到期，未见延续登记"
        return Stage(RenewalStage.expired, AlarmCode.renewal_overdue, Severity.critical, note)
    note = f"已逾申请期：应于 {apply_by} 前申请，{valid_to} 到期"
    return Stage(RenewalStage.late, AlarmCode.renewal_overdue, Severity.warning, note)


def reminded_until(today: date, notice_days: int) -> date:
    """Return the latest end of a permit of which a reminder stands today."""
    a_year_on = (today + timedelta(days=days) for days in range(364, 368))
    farthest = max(day for day in a_year_on if months_before(day, 12) <= today)
    return farthest + timedelta(days=notice_days)


def notice_days(session: Session) -> int:
    """Return how many days before its end a renewal must be applied for in this installation."""
    return int(facts(session).get(*NOTICE_DAYS))


def expiries(
    session: Session,
    today: date,
    notice_days: int,
    within_days: int = _FARTHEST,
    regions: Collection[str] | None = None,
) -> list[Expiry]:
    """Return the last permits of working rights whose application day is near or past, soonest first."""
    last = today + timedelta(days=within_days + notice_days)
    ending = {right.id or 0: (right, permit) for right, permit in last_permits_ending(session, last, regions)}
    minerals, spells = standing.minerals(session, ending), standing.spells(session, ending)
    found = [
        _expiry(right, main_mineral(minerals.get(right_id, [])), permit, notice_days)
        for right_id, (right, permit) in ending.items()
        if OperatingState.closing not in states_in(spells.get(right_id, []), today, today)
    ]
    return sorted(found, key=lambda e: (e.apply_by, e.right))


def _expiry(right: MineralRight, mineral: str | None, permit: Permit, notice_days: int) -> Expiry:
    valid_to = permit.valid_to or date.max
    return Expiry(
        right.id or 0, right.region, right.number, right.mine, mineral, permit.number, valid_to,
        application_day(valid_to, notice_days),
    )  # fmt: skip
