"""One return through the service against its own statements through SQLAlchemy Core."""

import statistics
from functools import partial
from typing import Any

from sqlalchemy import Engine, event

from registry.identity.rules import SYSTEM, Actor
from registry.identity.service import add_user
from registry.kernel.vocabulary import Role
from registry.output.rules import read_output
from registry.output.service import record
from registry.platform.db import connect, transaction
from tests.benchmarks.ratios import tell, timed
from tests.databases import Database
from tests.factories import CITY, COUNTY, cap, right, world

RIGHTS, MONTHS = 100, ("2025-02", "2025-03", "2025-04")
CLERK = Actor("jingban", frozenset({(Role.clerk, COUNTY)}))


def book(database: Database) -> Engine:
    """Make a book with a county and a municipal cap that no return crosses, its meters begun."""
    engine = connect(database.create())
    with transaction(engine) as session:
        world(session)
        cap(session, "9000000 万吨/年")
        cap(session, "9000000 万吨/年", region=CITY)
        for number in range(RIGHTS):
            right(session, f"SZ-2025-{number:04d}", scale="10000000 万吨/年")
        add_user(session, SYSTEM, CLERK.name, Role.clerk, COUNTY)
    for number in range(RIGHTS):
        tell_month(engine, number, "2025-01")
    return engine


def tell_month(engine: Engine, number: int, month: str) -> None:
    """Record one return in a transaction of its own, with its commit."""
    fields = {"right_no": f"SZ-2025-{number:04d}", "period": month, "quantity": "1000", "unit": "t"}
    with transaction(engine) as session:
        record(session, CLERK, read_output(fields))


def test_one_return_costs_at_most_two_and_a_half_times_core(database: Database) -> None:
    service, core = book(database), book(database)
    said: list[tuple[Any, Any]] = []
    event.listen(
        service, "before_execute", lambda _c, statement, many, one, _o: said.append((statement, many or one))
    )
    ours, theirs = [], []
    for month in MONTHS:
        for number in range(RIGHTS):
            said.clear()
            ours.append(timed(partial(tell_month, service, number, month)))
            theirs.append(timed(partial(replay, core, list(said))))
    ratio = statistics.median(ours) / statistics.median(theirs)
    tell(
        f"one return, {database.kind}", ratio, "≤ 2.5 × Core",
        service=f"{statistics.median(ours):.1f} ms", core=f"{statistics.median(theirs):.1f} ms", statements=len(said),
    )  # fmt: skip
    assert len(said) <= 25
    assert ratio <= 2.5
    for engine in (service, core):
        engine.dispose()


def replay(engine: Engine, said: list[tuple[Any, Any]]) -> None:
    """Run the very same statements with the same values through Core, with BEGIN and COMMIT."""
    with engine.begin() as connection:
        for statement, given in said:
            result = connection.execute(statement, given)
            if result.returns_rows:
                result.all()
