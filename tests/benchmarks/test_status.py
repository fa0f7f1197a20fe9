"""The state of caps with a million returns in the same year and minerals against ten thousand."""

from datetime import date
from functools import partial

from sqlalchemy import Engine

from registry.platform.db import connect, reader
from registry.workflows.cap_status import status
from tests.benchmarks.ratios import median_ms, tell
from tests.benchmarks.year import make
from tests.databases import Database

LOOKED_BACK = date(2025, 6, 30)


def read(engine: Engine, as_of: date | None) -> None:
    """Tell the state of every cap once."""
    with reader(engine) as session:
        assert status(session, 2025, None, as_of)


def test_status_hardly_grows_with_the_returns(database: Database) -> None:
    small, large = connect(database.create()), connect(database.create())
    counts = make(small, large=False), make(large, large=True)
    for as_of, most in ((None, 1.5), (LOOKED_BACK, 2.0)):
        few = median_ms(partial(read, small, as_of), 9)
        many = median_ms(partial(read, large, as_of), 9)
        name = "caps status" if as_of is None else "caps status --as-of"
        tell(
            f"{name}, {database.kind}", many / few, f"≤ {most} ×",
            returns=f"{counts[1]:,} / {counts[0]:,}", times=f"{many:.0f} / {few:.0f} ms",
        )  # fmt: skip
        assert many / few <= most
    for engine in (small, large):
        engine.dispose()
