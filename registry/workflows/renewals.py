"""Permits whose renewal must be applied for, counted to the application date.

The application is due a notice period (30 days: 国务院令第241号 art. 7, 重庆市矿产资源管理条例
art. 28) before the permit expires; the office is reminded 12, 6 and 3 months and 60 days before
that date, then the period for applying has passed.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from registry.kernel.period import months_before
from registry.kernel.vocabulary import AlarmCode, OperatingState, Severity
from registry.output.rules import main_mineral, states_in
from registry.rights.models import MineralRight, Permit
from registry.rights.queries import minerals_of, permits_of, rights_in, spells_of

_FARTHEST = 13 * 31


@dataclass(frozen=True, slots=True)
class Expiry:
    """A permit that ends, and the day by which its renewal must be applied for."""

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
        if today > valid_to:
            return Stage(
                AlarmCode.renewal_overdue, Severity.critical, f"许可已于 {valid_to} 到期，未见延续登记"
            )
        return Stage(
            AlarmCode.renewal_overdue,
            Severity.warning,
            f"已逾申请期：应于 {apply_by} 前申请，{valid_to} 到期",
        )
    steps = (
        (apply_by - timedelta(days=60), Severity.warning, "60 日"),
        (months_before(apply_by, 3), Severity.warning, "3 个月"),
        (months_before(apply_by, 6), Severity.info, "6 个月"),
        (months_before(apply_by, 12), Severity.info, "12 个月"),
    )
    for begins, severity, words in steps:
        if today >= begins:
            return Stage(
                AlarmCode.renewal_due, severity, f"距申请截止日 {apply_by} 不足 {words}，{valid_to} 到期"
            )
    return None


def expiries(session: Session, today: date, notice_days: int, within_days: int = _FARTHEST) -> list[Expiry]:
    """Return the last permits of working rights whose application day is near or past, soonest first."""
    rights = {right.id or 0: right for right in rights_in(session)}
    minerals, spells = minerals_of(session, rights), spells_of(session, rights)
    found = []
    for right_id, permits in permits_of(session, rights).items():
        states = states_in(spells.get(right_id, []), today, today)
        last = max(permits, key=lambda p: p.valid_to or date.max)
        if last.valid_to is None or OperatingState.closing in states:
            continue
        apply_by = application_day(last.valid_to, notice_days)
        if apply_by <= today + timedelta(days=within_days):
            mineral = main_mineral(minerals.get(right_id, []))
            found.append(_expiry(rights[right_id], mineral, last, last.valid_to, apply_by))
    return sorted(found, key=lambda e: (e.apply_by, e.right))


def _expiry(
    right: MineralRight, mineral: str | None, permit: Permit, valid_to: date, apply_by: date
) -> Expiry:
    return Expiry(right.region, right.number, right.mine, mineral, permit.number, valid_to, apply_by)
