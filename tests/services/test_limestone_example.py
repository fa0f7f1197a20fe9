"""The brief's own figure, 1200 kt a year, run over the same year: its alarm comes with March."""

from sqlalchemy import Engine

from registry.alarms.queries import alarms, public
from registry.kernel.quantity import parse_rate
from registry.platform.db import reader
from seed.play import play


def test_1200_kt_a_year_is_passed_by_a_return_of_march(fresh: Engine) -> None:
    play(fresh, parse_rate("1200 kt/a"), lambda _: None)
    with reader(fresh) as session:
        found = [a for a in public(session, alarms(session)) if a["code"] == "cap_exceeded"]
    [alarm] = [a for a in found if a["mineral"] == "建筑石料用灰岩"]
    assert alarm["limit"] == "1200000"
    assert alarm["caused_by"].endswith("/建筑石料用灰岩/2025-03")
    assert alarm["severity"] == "critical"
    assert "演示" in alarm["document"]
