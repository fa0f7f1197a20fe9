"""A county of 1,200 rights with everything that a list shows of them, and five years of monthly returns.

Rows are made in bulk, as the services would have written them.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, select

from registry.greenmine.models import GreenSpell
from registry.kernel.period import Month
from registry.kernel.vocabulary import (
    Confidence,
    Covered,
    GreenLevel,
    Kind,
    MineralRole,
    MiningMethod,
    OperatingState,
    RightKind,
)
from registry.minerals.models import ScaleLine, ScaleLineMineral
from registry.output.models import OutputReturn
from registry.parties.models import Holder
from registry.platform import clock
from registry.platform.db import transaction
from registry.platform.rows import insert_rows
from registry.rights.models import MineralRight, OperatingSpell, Permit, RightMineral, RightVersion
from tests.factories import COUNTY, LIMESTONE, LONG_AGO, mineral, world

RIGHTS, YEARS, TODAY = 1_200, range(2021, 2026), date(2026, 1, 31)
MINERALS = (LIMESTONE, "水泥用灰岩", "建筑用砂岩", "砖瓦用页岩", "铅矿", "饰面用灰岩")
_MASS, _UNIT = Kind.mass, "万吨/年"
_STATES = (OperatingState.producing, OperatingState.producing, OperatingState.stopped)


def make(engine: Engine) -> int:
    """Make the book in an empty database; return how many returns it has."""
    with transaction(engine) as session:
        world(session, TODAY)
        _enter_minerals(session)
        _enter_rights(session)
        keys = list(session.exec(select(MineralRight.id).order_by(MineralRight.number)).all())
        _enter_what_hangs_on(session, [key or 0 for key in keys])
        returns = [row for at, key in enumerate(keys) for row in _returns(at, key or 0)]
        insert_rows(session, OutputReturn, returns)
    if engine.dialect.name == "postgresql":  # as its autovacuum would have done
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return len(returns)


def _enter_minerals(session: Session) -> None:
    for name in MINERALS[1:]:
        mineral(session, name)
    line = ScaleLine(
        line="石灰岩", unit="矿石万吨/年", kind=_MASS, large_from=10**12, small_below=5 * 10**11, mark="V",
        confidence=Confidence.a, source="示例",
    )  # fmt: skip
    session.add(line)
    session.flush()
    session.add_all(ScaleLineMineral(mineral=name, line_id=line.id or 0) for name in MINERALS)
    session.flush()


def _enter_rights(session: Session) -> None:
    holders = [{"name": f"示例第{at}矿业有限公司", "recorded_at": LONG_AGO} for at in range(RIGHTS)]
    insert_rows(session, Holder, holders)
    rights = [
        {
            "number": f"SZ-{2000 + at % 25}-{at:04d}", "region": COUNTY, "township": f"示例{at % 30:02d}镇",
            "kind": RightKind.mining, "mine": f"示例{at % 30:02d}镇第{at}号采石场", "counted": True,
            "recorded_at": LONG_AGO,
        }
        for at in range(RIGHTS)
    ]  # fmt: skip
    insert_rows(session, MineralRight, rights)


def _enter_what_hangs_on(session: Session, keys: list[int]) -> None:
    tables: dict[type[Any], list[dict[str, Any]]] = {
        RightVersion: [], RightMineral: [], Permit: [], OperatingSpell: [], GreenSpell: [],
    }  # fmt: skip
    for at, key in enumerate(keys):
        known = {"right_id": key, "recorded_at": LONG_AGO}
        ends = TODAY + timedelta(days=at * 3 - 60)
        terms = ((date(2010, 1, 1), date(2019, 12, 31)), (date(2020, 1, 1), ends))
        scale = (at % 40 + 1) * 5
        tables[RightVersion].append(
            known | {"version": 1, "holder_id": at + 1, "act": "import", "valid_from": date(2010, 1, 1)}
        )
        named = {"right_id": key, "counted": True, "mineral": MINERALS[at % 6], "role": MineralRole.main}
        tables[RightMineral].append(named)
        if at % 4 == 0:
            other = {"counted": False, "mineral": MINERALS[(at + 1) % 6], "role": MineralRole.associated}
            tables[RightMineral].append(named | other)
        tables[Permit] += [
            known | {
                "number": f"C500240{2010 + nth}017130{at:06d}", "national": True, "valid_from": first,
                "valid_to": last, "kind": _MASS, "scale": scale * 10**10, "scale_value": str(scale),
                "scale_unit": _UNIT, "method": MiningMethod.open_pit,
            }
            for nth, (first, last) in enumerate(terms)
        ]  # fmt: skip
        spells = [(OperatingState.construction, date(2011, 1, 1)), (_STATES[at % 3], date(2012, 1, 1))]
        tables[OperatingSpell] += [known | {"state": state, "since": since} for state, since in spells]
        tables[GreenSpell].append(known | {"level": list(GreenLevel)[at % 4], "since": date(2022, 1, 1)})
    for table, rows in tables.items():
        insert_rows(session, table, rows)


def _returns(at: int, key: int) -> list[dict[str, Any]]:
    return [_return(at, key, Month(year, month)) for year in YEARS for month in range(1, 13)]


def _return(at: int, key: int, month: Month) -> dict[str, Any]:
    dug = (at % 40 + 1) * 400 + month.month
    return {
        "right_id": key, "mineral": MINERALS[at % 6], "period": str(month), "first_day": month.first,
        "last_day": month.last, "year": month.year, "revision": 1, "kind": _MASS, "quantity": dug * 10**6,
        "value": str(dug), "unit": "吨", "nil": False, "voided": False, "counted": True,
        "covered": Covered.full, "during_stop": False, "actor": "system", "recorded_at": _morning(month),
    }  # fmt: skip


def _morning(month: Month) -> datetime:
    return clock.end_of_day(month.last + timedelta(days=4))
