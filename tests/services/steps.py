"""Short steps for tests of services: one return told, the alarms that stand, the days that pass."""

from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from registry.alarms.models import Alarm, AlarmStep
from registry.caps.models import Meter, Movement
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.quantity import split
from registry.output.models import OutputReturn
from registry.output.rules import RecordOutput, read_output
from registry.output.service import record_once
from registry.plans.models import Cap


def order(right: str, period: str, text: str = "", **more: Any) -> RecordOutput:
    """Return the command of one return, such as `order("SZ-2025-0001", "2025-03", "12.5 t")`."""
    quantity, unit = split(text) if text else ("", "")
    options = {name: more.pop(name) for name in ("correct", "reason", "source") if name in more}
    fields = {"right_no": right, "period": period, "quantity": quantity, "unit": unit, **more}
    return read_output(fields, **options)


def tell(
    session: Session, right: str, period: str, text: str = "", *, actor: Actor = SYSTEM, **more: Any
) -> dict[str, Any]:
    """Record one return and give the answer that the contract describes."""
    return record_once(session, actor, order(right, period, text, **more), None)


def correct(session: Session, right: str, period: str, text: str, **more: Any) -> dict[str, Any]:
    """Correct one return."""
    return tell(session, right, period, text, correct=True, reason="示例更正", **more)


def codes(answer: dict[str, Any]) -> list[str]:
    """Return the codes of the alarms that an answer tells of."""
    return sorted(alarm["code"] for alarm in answer["alarms"])


def alarms(session: Session, code: str | None = None) -> list[Alarm]:
    """Return every alarm, or those of one code, oldest first."""
    session.flush()
    statement = select(Alarm).order_by(col(Alarm.id)).execution_options(populate_existing=True)
    return list(session.exec(statement if code is None else statement.where(Alarm.code == code)).all())


def standing(session: Session, code: str | None = None) -> list[str]:
    """Return the keys of the alarms that have not receded, sorted."""
    return sorted(alarm.key for alarm in alarms(session, code) if not alarm.receded)


def acts(session: Session, alarm: Alarm) -> list[str]:
    """Return what happened to an alarm, in order."""
    statement = select(AlarmStep.act).where(AlarmStep.alarm_id == alarm.id).order_by(col(AlarmStep.id))
    return [str(act) for act in session.exec(statement).all()]


def meter(session: Session, cap: Cap, period: str = "2025") -> Meter:
    """Return one meter as the database holds it."""
    statement = select(Meter).where(Meter.cap_id == cap.id, Meter.period == period)
    found = session.exec(statement).one()
    session.refresh(found)
    return found


def movements(session: Session, found: Meter) -> list[tuple[int, int, int]]:
    """Return amount, balance and step of the return count of every movement of a meter, in order."""
    statement = select(Movement).where(Movement.meter_id == found.id).order_by(col(Movement.seq))
    return [(m.amount, m.balance_after, m.returns) for m in session.exec(statement).all()]


def revisions(session: Session, period: str) -> list[OutputReturn]:
    """Return every revision of the returns of a period, oldest first, as the database holds them."""
    statement = select(OutputReturn).where(OutputReturn.period == period).order_by(col(OutputReturn.id))
    return list(session.exec(statement.execution_options(populate_existing=True)).all())


def tonnes(count: int) -> int:
    """Return grams."""
    return count * 10**6


def day(text: str) -> date:
    """Return a day written YYYY-MM-DD."""
    return date.fromisoformat(text)
