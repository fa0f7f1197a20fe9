"""What a small book must say after any sequence of acts: a plain model, held against the database."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from sqlalchemy import Engine
from sqlmodel import Session, func, select

from registry.alarms.models import Alarm, AlarmDay
from registry.caps.models import Meter, Movement
from registry.kernel.vocabulary import AlarmCode
from registry.plans.models import Cap
from tests.factories import CITY, COUNTY, LIMESTONE, WATER, cap, right, world

FIRST, EXPIRED, WELL = "SZ-2025-0001", "SZ-2025-0002", "SZ-2025-0003"
MINERAL = {FIRST: LIMESTONE, EXPIRED: LIMESTONE, WELL: WATER}
MONTHS, DAYS = ("2025-01", "2025-02", "2025-03"), ("2025-01-30", "2025-01-31", "2025-02-01", "2025-02-02")
SCALE, WATER_LIMIT = 60_000_000, 10_000
LIMITS = {f"{COUNTY}/{LIMESTONE}/year": 100_000_000, f"{CITY}/{LIMESTONE}/year": 150_000_000}
DAILY = f"{COUNTY}/{WATER}/day"
MARKS = ((AlarmCode.cap_near, 80), (AlarmCode.cap_warning, 90))

Slot = tuple[str, str]  # right and period


@contextmanager
def small_book(engine: Engine) -> Iterator[Session]:
    """Give a session on a book of three rights under three caps; it is rolled back at the end."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
            world(session)
            cap(session, "100 t/年")
            cap(session, "150 t/年", region=CITY, binding=False)
            cap(session, "10 m3/日", WATER, binding=None)
            right(session, FIRST, scale="60 t/年")
            right(session, EXPIRED, scale="9000 t/年", valid=(date(2020, 1, 1), date(2025, 1, 31)))
            right(session, WELL, WATER, scale=None)
            session.commit()
            yield session
        outer.rollback()


@dataclass
class Model:
    """What stands, in base units: the only state from which everything else must follow."""

    stands: dict[Slot, int] = field(default_factory=dict)

    def record(self, batch: Sequence[tuple[Slot, int, bool]]) -> list[str]:
        """Apply a batch and return what must come of each row: new, unchanged or refused."""
        told, written = [], set()
        for slot, amount, correcting in batch:
            if self.stands.get(slot) == amount:
                told.append("unchanged")
            elif slot in self.stands and (not correcting or slot in written):
                told.append("refused")
            else:
                self.stands[slot] = amount
                written.add(slot)
                told.append("new")
        return told

    def void(self, slot: Slot) -> bool:
        """Take a return back; tell whether there was one."""
        return self.stands.pop(slot, None) is not None

    def meters(self) -> dict[tuple[str, str], tuple[int, int, int]]:
        """Return used, uncovered and number of returns by cap and period."""
        found: dict[tuple[str, str], tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
        for (number, period), amount in self.stands.items():
            outside = amount if number == EXPIRED and period > "2025-01" else 0
            places = [(DAILY, period)] if number == WELL else [(name, "2025") for name in LIMITS]
            for place in places:
                used, uncovered, returns = found[place]
                found[place] = (used + amount, uncovered + outside, returns + 1)
        return found

    def alarms(self) -> dict[str, int]:
        """Return the standing alarms but those of days, with their reading: a function of what stands."""
        meters = self.meters()
        found: dict[str, int] = {}
        for name, limit in LIMITS.items():
            used = meters[name, "2025"][0]
            passed = {code for code, percent in MARKS if used * 100 >= limit * percent}
            passed |= {AlarmCode.cap_exceeded} if used > limit else set()
            found |= {f"{code}:{name}:output:2025": used for code in passed}
        dug = sum(amount for (number, _), amount in self.stands.items() if number == FIRST)
        if dug > SCALE:
            found[f"permit_exceeded:{FIRST}/{LIMESTONE}:2025"] = dug
        for (number, period), amount in self.stands.items():
            if number == EXPIRED and period > "2025-01" and amount:
                found[f"after_expiry:{EXPIRED}/{LIMESTONE}/{period}"] = amount
        return found

    def days_over(self) -> dict[str, int]:
        """Return the days above the daily cap with their reading."""
        return {p: amount for (n, p), amount in self.stands.items() if n == WELL and amount > WATER_LIMIT}


def compare(session: Session, model: Model) -> None:
    """Hold meters, movements and alarms of the database against the model."""
    session.flush()
    session.expire_all()
    assert stored_meters(session) == {at: sums for at, sums in model.meters().items() if any(sums)}
    assert moved(session) == {at: used for at, (used, _, _) in model.meters().items() if used}
    standing = session.exec(select(Alarm).where(Alarm.receded == False)).all()  # noqa: E712
    daily = [alarm for alarm in standing if DAILY in alarm.key]
    assert {a.key: a.reading for a in standing if a not in daily} == model.alarms()
    compare_days(session, daily, model.days_over())


def stored_meters(session: Session) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Return the meters that are not empty."""
    rows = session.exec(select(Meter, Cap).where(Meter.cap_id == Cap.id)).all()
    found = {(cap.name, m.period): (m.used, m.uncovered, m.returns) for m, cap in rows}
    return {at: sums for at, sums in found.items() if any(sums)}


def moved(session: Session) -> dict[tuple[str, str], int]:
    """Return the sum of the movements of each meter, where it is not zero."""
    statement = (
        select(Cap, Meter.period, func.sum(Movement.amount))
        .where(Meter.cap_id == Cap.id, Movement.meter_id == Meter.id)
        .group_by(*Cap.__table__.c, Meter.period)  # type: ignore[attr-defined]
    )
    return {(cap.name, period): int(total) for cap, period, total in session.exec(statement).all() if total}


def compare_days(session: Session, daily: Sequence[Alarm], over: dict[str, int]) -> None:
    """Each day over is listed once in a standing alarm; neighbours share it; none stands without a day."""
    listed = session.exec(select(AlarmDay).where(AlarmDay.over == True)).all()  # noqa: E712
    assert {str(row.day): row.reading for row in listed} == over
    homes = {row.day: row.alarm_id for row in listed}
    assert set(homes.values()) == {alarm.id for alarm in daily}
    for day, following in pairwise(sorted(homes)):
        assert (following - day).days > 1 or homes[day] == homes[following]
    for alarm in daily:
        days = [row for row in listed if row.alarm_id == alarm.id]
        assert alarm.reading == max(row.reading for row in days)
