"""Books that rivals write in, and what is wrong with a book afterwards."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from registry.alarms.models import Alarm, AlarmStep
from registry.caps.models import Meter, Movement
from registry.kernel.vocabulary import AlarmAct
from registry.output.models import OutputReturn
from registry.output.service import open_duties
from registry.plans.models import Cap, CapLine
from registry.platform.db import reader, transaction
from registry.rights.models import MineralRight
from registry.workflows.check import check
from tests.factories import CITY, COUNTY, LIMESTONE, cap, right, world

OTHER = "500101"
TODAY = date(2025, 6, 30)


def number(at: int) -> str:
    """Return the number of a right of the book."""
    return f"SZ-2025-{at:04d}"


def enter(engine: Engine, rights: int = 10, limit: str = "100 t/年", mineral: str = LIMESTONE) -> None:
    """Enter rights in two counties under caps of both counties and of the municipality, with their duties."""
    with transaction(engine) as session:
        world(session, TODAY, (COUNTY, OTHER))
        for region in (COUNTY, OTHER, CITY):
            cap(session, limit, mineral, region, years=(2021, 2035))
        for at in range(rights):
            right(session, number(at), mineral, COUNTY if at % 2 == 0 else OTHER, scale=None)
        open_duties(session)


def faults(engine: Engine, *, alarms: bool = True) -> list[str]:
    """Return everything that is wrong with a book: nothing, whatever was done at once.

    Alarms are compared with the returns that crossed; a limit that changed has other causes.
    """
    with reader(engine) as session:
        found = [f"{d['kind']} {d['key']}" for d in check(session)["differences"]]
        return [*found, *_meters(session), *(_alarms(session) if alarms else ())]


def _meters(session: Session) -> list[str]:
    """Walk the movements of every meter, without the registry's own check."""
    found = []
    walked: dict[int, list[Movement]] = defaultdict(list)
    for movement in session.exec(select(Movement).order_by(col(Movement.meter_id), col(Movement.seq))).all():
        walked[movement.meter_id].append(movement)
    for meter in session.exec(select(Meter)).all():
        balance = 0
        for place, movement in enumerate(walked[meter.id or 0], start=1):
            balance += movement.amount
            if (movement.seq, movement.balance_after) != (place, balance):
                found.append(f"movement {meter.id}:{place}")
        if (meter.used, meter.seq) != (balance, len(walked[meter.id or 0])):
            found.append(f"sum of meter {meter.id}")
    return found


def _alarms(session: Session) -> list[str]:
    """Compare the alarms of yearly output caps with the movements that cross, one by one."""
    told = {alarm.key: alarm for alarm in session.exec(select(Alarm)).all()}
    raised: dict[int, int] = defaultdict(int)
    for step in session.exec(select(AlarmStep).where(AlarmStep.act == AlarmAct.raised)).all():
        raised[step.alarm_id] += 1
    crossed = crossings(session)
    found = [f"{key} not raised" for key in crossed.keys() - told.keys()]
    for key, alarm in told.items():
        if raised[alarm.id or 0] != 1:
            found.append(f"{key} raised {raised[alarm.id or 0]} times")
        if alarm.key in crossed and alarm.caused_by not in crossed[alarm.key]:
            found.append(f"{key} caused by {alarm.caused_by}, not {crossed[alarm.key]}")
    return found


def crossings(session: Session) -> dict[str, list[str]]:
    """Return, by alarm key, the returns whose movements took a yearly meter over a mark."""
    statement = (
        select(Movement, Meter, Cap, CapLine.limit)
        .join(Meter, col(Meter.id) == col(Movement.meter_id))
        .join(Cap, col(Cap.id) == col(Meter.cap_id))
        .join(CapLine, col(CapLine.cap_id) == col(Cap.id))
        .where(Cap.period == "year", col(CapLine.superseded_at).is_(None))
        .order_by(col(Movement.id))
    )
    found: dict[str, list[str]] = defaultdict(list)
    for movement, meter, account, limit in session.exec(statement).all():
        before, after = movement.balance_after - movement.amount, movement.balance_after
        for code, is_over in _marks(limit or 0).items():
            if is_over(after) and not is_over(before):
                found[f"{code}:{account.name}:output:{meter.period}"].append(_public_id(session, movement))
    return found


def _marks(limit: int) -> dict[str, Callable[[int], bool]]:
    return {
        "cap_near": lambda used: used * 100 >= limit * 80,
        "cap_warning": lambda used: used * 100 >= limit * 90,
        "cap_exceeded": lambda used: used > limit,
    }


def _public_id(session: Session, movement: Movement) -> str:
    found = session.get_one(OutputReturn, movement.return_id)
    holder = session.get_one(MineralRight, found.right_id)
    return f"{holder.number}/{found.mineral}/{found.period}"
