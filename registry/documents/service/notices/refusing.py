"""Refuses a notice that has nothing to tell, when it is ordered and when it is printed."""

from datetime import date

from sqlmodel import Session

from registry.alarms.models import Alarm
from registry.documents.queries import RightBook
from registry.documents.rules import Order
from registry.documents.rules.notices import CAP_ALARMS, AlarmReceded, NoEnd, NotACapAlarm, NothingMissing
from registry.kernel.vocabulary import DocumentKind
from registry.output.queries import owed_by
from registry.platform import clock
from registry.rights.models import Permit


def refuse_alarm(alarm: Alarm) -> None:
    """Refuse an alarm of which the mines under a cap are not told.

    Raises:
        NotACapAlarm: it is about something else than a cap's meter.
        AlarmReceded: its reading has gone back.
    """
    if alarm.code not in CAP_ALARMS or alarm.limit is None or alarm.reading is None:
        accepted = "、".join(code.label for code in CAP_ALARMS)
        raise NotACapAlarm(alarm=alarm.id, what=alarm.code.label, accepted=accepted)
    if alarm.receded:
        raise AlarmReceded(alarm=alarm.id, what=alarm.code.label)


def refuse_notice(session: Session, order: Order, book: RightBook) -> None:
    """Refuse a notice about a right that owes nothing, or that never ends; other papers pass.

    Raises:
        NothingMissing: every return of the year that was due has come.
        NoEnd: neither its last permit nor the right has an end in the register.
    """
    right = book.right
    if order.kind is DocumentKind.missing_notice:
        owed = owed_by(session, right.id or 0, clock.today(session))
        if not any(one.period.startswith(f"{order.year or 0:04d}") for one in owed):
            raise NothingMissing(right=right.number, year=order.year)
    if order.kind is DocumentKind.renewal_notice and last_end(book)[1] is None:
        raise NoEnd(right=right.number)


def last_end(book: RightBook) -> tuple[Permit | None, date | None]:
    """Return the permit of a right that ends last, and its end; an open-ended permit has none."""
    permits = book.permits
    if not permits:
        return None, book.version.valid_to if book.version else None
    if any(permit.valid_to is None for permit in permits):
        return None, None
    last = max(permits, key=lambda permit: (permit.valid_to or date.max, permit.id or 0))
    return last, last.valid_to
