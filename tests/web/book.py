"""The small book that the page is shown with: plans and rights as rows, all else by the services."""

from datetime import date

from sqlalchemy import Engine
from sqlmodel import Session

from registry.caps.rules import Demand
from registry.caps.service import commit_capacity, judge_licensed, place_hold
from registry.identity.rules import SYSTEM
from registry.kernel.quantity import parse_rate
from registry.output.service import open_duties
from registry.platform.db import transaction
from tests.factories import CITY, COUNTY, LIMESTONE, QUARTZ, WATER, cap, mineral, right, set_clock, world
from tests.services.steps import tell

HOSTILE = "<script>alert(1)</script>"
TODAY = date(2025, 3, 20)


def enter(engine: Engine) -> None:
    """Enter four caps and four rights; limestone passes its cap in March, the well its own on one day."""
    with transaction(engine) as session:
        _plans(session)
        _rights(session)
    _return(engine, date(2025, 2, 5), "SZ-2020-0001", "2025-01", "50 万吨")
    _return(engine, date(2025, 2, 6), "SZ-2020-0003", "2025-01-01", "600 立方米")
    _return(engine, date(2025, 2, 6), "SZ-2020-0003", "2025-01-02", "600.001 立方米")
    _return(engine, date(2025, 2, 7), "SZ-2020-0004", "2025-01", "5 万吨")
    _return(engine, date(2025, 3, 5), "SZ-2020-0001", "2025-02", "51.6 万吨")
    with transaction(engine) as session:
        set_clock(session, TODAY)


def _plans(session: Session) -> None:
    world(session, date(2025, 1, 2), (COUNTY, "500101"))
    mineral(session, QUARTZ)
    cap(session, "100 矿石万吨/年")
    cap(session, "600 立方米/日", WATER, binding=False)
    cap(session, None, QUARTZ, binding=None)
    cap(session, "35900 万吨/年", region=CITY, binding=None)


def _rights(session: Session) -> None:
    right(session, "SZ-2020-0001", scale="60 万吨/年").mine = f"示例{HOSTILE}采石场"
    right(session, "SZ-2020-0002", scale="20 万吨/年")
    right(session, "SZ-2020-0003", WATER, scale=None, max_day="500 立方米/日")
    right(session, "SZ-2020-0004", QUARTZ, scale="8 万吨/年")
    for amount, name in (("60 万吨/年", LIMESTONE), ("20 万吨/年", LIMESTONE), ("500 立方米/日", WATER)):
        commit_capacity(session, SYSTEM, _demand(name, amount))
    place_hold(session, SYSTEM, _demand(LIMESTONE, "15 万吨/年"), date(2027, 1, 1))
    judge_licensed(session, SYSTEM, COUNTY, LIMESTONE, "SZ-2020-0002")
    open_duties(session)


def _demand(name: str, amount: str) -> Demand:
    rate = parse_rate(amount)
    kind = rate.quantity.kind
    return Demand(COUNTY, name, rate.per, kind, rate.quantity, date(2020, 1, 1), None, "示例", None)


def _return(engine: Engine, day: date, number: str, period: str, text: str) -> None:
    with transaction(engine) as session:
        set_clock(session, day)
        tell(session, number, period, text)
