"""The duty to report: opened for every month (or day) a right produces, settled when its return comes.

A duty begins with the month in which the right was entered in the book; what was dug before is
history, which may be imported but is not missing.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, case, insert, update
from sqlmodel import Session, col, select, tuple_

from registry.alarms import service as alarms
from registry.identity.rules import Actor
from registry.kernel.period import Day, Month, months_between, parse_period
from registry.kernel.vocabulary import CapPeriod, OperatingState
from registry.output.models import ReturnDuty
from registry.output.queries import Key, due_day, duty_of, first_told, open_duties_of, taken_back_of
from registry.output.rules import due_on, main_mineral, states_in
from registry.output.service.facts import Facts, gather
from registry.platform import clock
from registry.platform.rows import table_of
from registry.rights.models import MineralRight
from registry.rights.queries import rights_in

_BATCH = 200
_At = tuple[str, str]  # mineral and period
_Owed = dict[_At, dict[str, Any]]


def open_duties(session: Session, right_ids: Collection[int] | None = None) -> int:
    """Open the duties of rights until the end of next year and drop those no longer owed.

    Returns how many were new; repeating it changes nothing. Called when a right is entered or
    changes its state, when a plan brings a daily cap, and every night.
    """
    wanted = sorted(
        (r for r in rights_in(session) if right_ids is None or r.id in right_ids), key=lambda r: r.id or 0
    )
    opened = 0
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        opened += _open(session, batch)
    return opened


def _open(session: Session, rights: Sequence[MineralRight]) -> int:
    facts = gather(session, [right.number for right in rights])
    standing: dict[int, dict[_At, ReturnDuty]] = {}
    right_ids = [right.id or 0 for right in rights]
    known_duties, lost = open_duties_of(session, right_ids), taken_back_of(session, right_ids)
    for duty in sorted(known_duties, key=lambda duty: duty.opened):  # the last of a period is the one owed
        standing.setdefault(duty.right_id, {})[duty.mineral, duty.period] = duty
    day = due_day(session)
    rows: list[dict[str, Any]] = []
    gone: list[int | None] = []
    for right in rights:
        owed = {(row["mineral"], row["period"]): row for row in _owed(facts, right, day)}
        known = standing.get(right.id or 0, {})
        rows += _to_open(owed, known, lost)
        gone += [duty.id for at, duty in known.items() if at not in owed and duty.fulfilled_at is None]
    now = clock.now(session)
    if gone:
        session.execute(update(ReturnDuty).where(col(ReturnDuty.id).in_(gone)).values(dropped_at=now))
    if rows:
        came = first_told(session, {row["right_id"] for row in rows})
        session.execute(insert(ReturnDuty), [row | _settled(row, came) | {"opened_at": now} for row in rows])
    return len(rows)


def _to_open(
    owed: _Owed, known: dict[_At, ReturnDuty], lost: dict[Key, datetime]
) -> Iterator[dict[str, Any]]:
    """Yield the duties that are owed and not there, also the one after a return that was taken back.

    That one was opened when it was taken back; a stop that turned out to be wrong has dropped it since.
    """
    for at, row in owed.items():
        duty, taken_back = known.get(at), lost.get((row["right_id"], *at))
        if duty is None:
            yield row
        elif duty.fulfilled_at is not None and taken_back is not None:
            yield row | _after(duty, clock.local_day(taken_back))


def _after(settled: ReturnDuty, taken_back: date) -> dict[str, Any]:
    """Return number and due day of the duty after a settled one, whose return was taken back on a day."""
    return {"opened": settled.opened + 1, "due_on": max(settled.due_on, taken_back)}


def _settled(row: dict[str, Any], came: dict[Key, datetime]) -> dict[str, Any]:
    """Return when the return of a duty came that is opened only after it."""
    moment = came.get((row["right_id"], row["mineral"], row["period"]))
    in_time = moment is not None and clock.local_day(moment) <= row["due_on"]
    return {"fulfilled_at": moment, "in_time": in_time}


def _owed(facts: Facts, right: MineralRight, day: int) -> Iterator[dict[str, Any]]:
    mineral = main_mineral(facts.minerals.get(right.id or 0, []))
    if mineral is None:
        return
    daily = facts.is_daily(right, mineral)
    for month in _months(facts, right):
        if OperatingState.producing not in states_in(
            facts.spells.get(right.id or 0, []), month.first, month.last
        ):
            continue
        for period in month.days() if daily else (month,):
            yield {
                "right_id": right.id, "region": right.region, "mineral": mineral, "period": str(period),
                "grain": CapPeriod.day if daily else CapPeriod.year, "year": month.year, "opened": 1,
                "due_on": due_on(month, day), "in_time": False,
            }  # fmt: skip


def _months(facts: Facts, right: MineralRight) -> Iterator[Month]:
    entered = clock.local_day(right.recorded_at)
    permits = facts.permits.get(right.id or 0, [])
    begins = min((p.valid_from or date.min for p in permits), default=entered)
    return months_between(max(entered, begins), date(facts.today.year + 1, 12, 31))


_DUTY = table_of(ReturnDuty).c
_SETTLE = (
    update(table_of(ReturnDuty))
    .where(
        tuple_(_DUTY.right_id, _DUTY.mineral, _DUTY.period).in_(bindparam("keys", expanding=True)),
        _DUTY.fulfilled_at.is_(None),
        _DUTY.dropped_at.is_(None),
    )
    .values(
        fulfilled_at=bindparam("came"), in_time=case((_DUTY.due_on >= bindparam("today"), True), else_=False)
    )
    .returning(_DUTY.right_id, _DUTY.mineral, _DUTY.period, _DUTY.due_on)
)


def fulfil(session: Session, actor: Actor, keys: Sequence[Key], today: date) -> None:
    """Settle the duties of returns that came, and let the alarms of late ones recede."""
    given = {"keys": list(keys), "came": clock.now(session), "today": today}
    settled = session.connection().execute(_SETTLE, given).all()
    late = {(right, mineral, period[:7]) for right, mineral, period, due in settled if due < today}
    for right_id, mineral, month in sorted(late):
        _recede_missing(session, actor, right_id, mineral, month)


def _recede_missing(session: Session, actor: Actor, right_id: int, mineral: str, month: str) -> None:
    """Let the alarm of a month recede once nothing of that month is missing any more."""
    still = select(ReturnDuty.id).where(
        ReturnDuty.right_id == right_id,
        ReturnDuty.mineral == mineral,
        col(ReturnDuty.period).startswith(month),
        col(ReturnDuty.fulfilled_at).is_(None),
        col(ReturnDuty.dropped_at).is_(None),
    )
    if session.exec(still).first() is None:
        right = session.get_one(MineralRight, right_id)
        key = missing_key(right.number, mineral, month)
        alarms.recede(session, actor.name, [key], {}, f"{right.number}/{mineral}/{month}")


def missing_key(right: str, mineral: str, month: str) -> str:
    """Return the key of the one alarm about a right's missing month."""
    return f"return_missing:{right}/{mineral}/{month}"


def reopen(session: Session, key: Key) -> None:
    """Open the duty anew after its return was taken back; the settled row stays for looking back."""
    settled = duty_of(session, *key)
    if settled is None or settled.fulfilled_at is None:
        return
    copy = settled.model_dump(exclude={"id", "fulfilled_at", "in_time"})
    again = _after(settled, clock.today(session)) | {"opened_at": clock.now(session)}
    session.add(ReturnDuty(**(copy | again)))
    session.flush()


def month_part(period: str) -> str:
    """Return the month of a period's text."""
    found = parse_period(period)
    return str(found) if not isinstance(found, Day) else period[:7]
