"""A year of returns made in bulk: the rows that the service would have written, without its act for each.

Ten counties, each with 272 wells under a daily cap and 60 quarries under a yearly one. In the large book all of
them report all year, 1,000,000 returns; in the small one two wells of each county a day and two quarries of five
a month, 10,000. Rights, caps, meters and 500 missing returns are the same in both, and one return in fifty came
after its due day. Only the returns are made here; meters, movements and duties follow from them by SQL, so that
`registry check` finds nothing wrong.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
)  # fmt: skip
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from registry.caps.models import Meter, Movement
from registry.kernel.period import Day, Month, month_of
from registry.kernel.vocabulary import CapPeriod, Covered
from registry.output.models import OutputReturn, ReturnDuty
from registry.output.rules import due_on
from registry.plans.models import Cap
from registry.platform import clock
from registry.platform.db import transaction
from registry.platform.rows import table_of
from registry.rights.models import MineralRight
from tests.factories import CITY, LIMESTONE, WATER, cap, right, world

COUNTIES = tuple(f"5002{at:02d}" for at in range(10))
WELLS, QUARRIES, IDLE = 272, 60, 5  # in each county; an idle quarry owes ten months
TODAY = date(2026, 1, 31)
FACTOR = {LIMESTONE: 1_000_000, WATER: 1_000}  # base units in a tonne and a cubic metre
UNIT = {LIMESTONE: "t", WATER: "m3"}

_temporary = MetaData()
CALENDAR = Table(
    "calendar", _temporary, Column("place", Integer), Column("grain", String), Column("period", String),
    Column("first_day", Date), Column("last_day", Date), Column("due_on", Date), Column("in_time_at", UTCDateTime),
    Column("late_at", UTCDateTime), prefixes=["TEMPORARY"],
)  # fmt: skip
ROSTER = Table(
    "roster", _temporary, Column("right_id", Integer), Column("region", String), Column("mineral", String),
    Column("grain", String), Column("ordinal", Integer), Column("factor", Integer), Column("unit", String),
    Column("kind", String), Column("is_idle", Boolean), prefixes=["TEMPORARY"],
)  # fmt: skip
RETURN, RIGHT, CAP = (table_of(model).c for model in (OutputReturn, MineralRight, Cap))


def make(engine: Engine, *, large: bool) -> int:
    """Make the small or the large book in an empty database; return how many returns it has."""
    with transaction(engine) as session:
        roster = list(enter(session))
    with engine.begin() as connection:
        _temporary.create_all(connection)
        connection.execute(insert(CALENDAR), list(calendar()))
        connection.execute(insert(ROSTER), roster)
        add_returns(connection, large=large)
        add_meters(connection)
        add_movements(connection)
        add_duties(connection)
        count = connection.execute(select(func.count()).select_from(table_of(OutputReturn))).scalar_one()
    if engine.dialect.name == "postgresql":  # as its autovacuum would have done
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return count


def enter(session: Session) -> Iterator[dict[str, Any]]:
    """Enter regions, caps and rights, and tell of each right what its returns need."""
    world(session, TODAY, COUNTIES)
    for region in (*COUNTIES, CITY):
        cap(session, "90 亿吨/年", LIMESTONE, region)
        cap(session, "900000000 m3/日", WATER, region)
    for region in COUNTIES:
        for mineral, count in ((WATER, WELLS), (LIMESTONE, QUARRIES + IDLE)):
            for ordinal in range(count):
                found = right(session, f"{UNIT[mineral]}-{region}-{ordinal:03d}", mineral, region)
                yield {
                    "right_id": found.id, "region": region, "mineral": mineral, "ordinal": ordinal,
                    "grain": "day" if mineral == WATER else "year", "factor": FACTOR[mineral], "unit": UNIT[mineral],
                    "kind": "volume" if mineral == WATER else "mass", "is_idle": ordinal >= QUARRIES and mineral == LIMESTONE,
                }  # fmt: skip


def calendar() -> Iterator[dict[str, Any]]:
    """Tell every day and month of 2025: when its return is due, and when it came in time or late."""
    days: list[Day | Month] = [Day(date(2025, 1, 1) + timedelta(days=at)) for at in range(365)]
    months: list[Day | Month] = [Month(2025, at) for at in range(1, 13)]
    for grain, periods in (("day", days), ("year", months)):
        for place, period in enumerate(periods):
            due = due_on(month_of(period.first), 10)
            yield {
                "place": place, "grain": grain, "period": str(period), "first_day": period.first,
                "last_day": period.last, "due_on": due, "in_time_at": _morning(period.last + timedelta(days=3)),
                "late_at": _morning(due + timedelta(days=5)),
            }  # fmt: skip


def _morning(day: date) -> datetime:
    return clock.at_local(day, time(9))


def _is_late() -> ColumnElement[bool]:
    return (ROSTER.c.right_id * 7 + CALENDAR.c.place) % 50 == 0


def add_returns(connection: Connection, *, large: bool) -> None:
    """Let rights report their days or months."""
    size = 1 + ROSTER.c.ordinal % 7
    columns: dict[str, Any] = {
        "right_id": ROSTER.c.right_id, "mineral": ROSTER.c.mineral, "period": CALENDAR.c.period,
        "first_day": CALENDAR.c.first_day, "last_day": CALENDAR.c.last_day, "year": literal(2025),
        "revision": literal(1), "kind": ROSTER.c.kind, "quantity": size * ROSTER.c.factor,
        "value": cast(size, String), "unit": ROSTER.c.unit, "nil": literal(False), "voided": literal(False),
        "counted": literal(True), "covered": literal(Covered.full.value), "during_stop": literal(False),
        "actor": literal("system"), "recorded_at": case((_is_late(), CALENDAR.c.late_at), else_=CALENDAR.c.in_time_at),
    }  # fmt: skip
    few = or_(
        and_(ROSTER.c.grain == "day", ROSTER.c.ordinal % 136 == CALENDAR.c.place % 136),
        and_(ROSTER.c.grain == "year", ROSTER.c.ordinal % 5 < 2),
    )
    reporting = select(*(value.label(name) for name, value in columns.items())).where(
        ROSTER.c.grain == CALENDAR.c.grain, ROSTER.c.is_idle.is_(False), literal(True) if large else few
    )
    connection.execute(insert(table_of(OutputReturn)).from_select(list(columns), reporting))


def _above() -> tuple[Any, ColumnElement[bool], ColumnElement[str]]:
    """Return the tables of returns with the caps above them, their condition, and the period of the meter."""
    tables = table_of(OutputReturn).join(table_of(MineralRight), RIGHT.id == RETURN.right_id)
    above = and_(CAP.mineral == RETURN.mineral, or_(CAP.region == RIGHT.region, CAP.region == CITY))
    period = case((CAP.period == CapPeriod.day, RETURN.period), else_=cast(RETURN.year, String))
    return tables.join(table_of(Cap), above), above, period


def add_meters(connection: Connection) -> None:
    """Sum the returns into the meters of the caps above them."""
    tables, _, period = _above()
    columns: dict[str, Any] = {
        "cap_id": CAP.id, "period": period, "used": func.sum(RETURN.quantity), "uncovered": literal(0),
        "returns": func.count(), "seq": func.count(), "through": func.max(RETURN.last_day),
        "recorded_at": func.max(RETURN.recorded_at),
    }  # fmt: skip
    summed = select(*(value.label(name) for name, value in columns.items())).select_from(tables)
    summed = summed.group_by(CAP.id, period)
    connection.execute(insert(table_of(Meter)).from_select(list(columns), summed))


def add_movements(connection: Connection) -> None:
    """Number the returns of each meter in the order they came, with the balance each left behind."""
    tables, _, period = _above()
    meter = table_of(Meter)
    tables = tables.join(meter, and_(meter.c.cap_id == CAP.id, meter.c.period == period))
    came: dict[str, Any] = {"partition_by": meter.c.id, "order_by": (RETURN.recorded_at, RETURN.id)}
    place = func.row_number().over(**came)
    columns: dict[str, Any] = {
        "meter_id": meter.c.id, "seq": place, "return_id": RETURN.id, "amount": RETURN.quantity,
        "uncovered": literal(False), "returns": literal(1),
        "balance_after": func.sum(RETURN.quantity).over(**came), "uncovered_after": literal(0),
        "returns_after": place, "through_after": func.max(RETURN.last_day).over(**came),
        "recorded_at": RETURN.recorded_at,
    }  # fmt: skip
    walked = select(*(value.label(name) for name, value in columns.items())).select_from(tables)
    connection.execute(insert(table_of(Movement)).from_select(list(columns), walked))


def add_duties(connection: Connection) -> None:
    """Settle a duty for every return, and leave ten months of the idle quarries missing."""
    shared: dict[str, Any] = {
        "right_id": ROSTER.c.right_id, "region": ROSTER.c.region, "mineral": ROSTER.c.mineral,
        "period": CALENDAR.c.period, "grain": ROSTER.c.grain, "year": literal(2025), "opened": literal(1),
        "due_on": CALENDAR.c.due_on, "opened_at": literal(_morning(date(2025, 1, 2)), UTCDateTime()),
    }  # fmt: skip
    settled = shared | {"fulfilled_at": RETURN.recorded_at, "in_time": ~_is_late()}
    told = table_of(OutputReturn).join(ROSTER, ROSTER.c.right_id == RETURN.right_id)
    told = told.join(CALENDAR, and_(CALENDAR.c.period == RETURN.period, CALENDAR.c.grain == ROSTER.c.grain))
    rows = select(*(value.label(name) for name, value in settled.items())).select_from(told)
    connection.execute(insert(table_of(ReturnDuty)).from_select(list(settled), rows))
    owed = shared | {"in_time": literal(False)}
    rows = select(*(value.label(name) for name, value in owed.items())).where(
        ROSTER.c.is_idle, CALENDAR.c.grain == ROSTER.c.grain, CALENDAR.c.place < 10
    )
    connection.execute(insert(table_of(ReturnDuty)).from_select(list(owed), rows))
