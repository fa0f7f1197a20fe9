"""No sum of returns can pass what a 64-bit column holds without being refused whole."""

from datetime import date

import pytest
from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from registry.caps.models import Meter
from registry.identity.rules import SYSTEM
from registry.kernel.errors import Invalid
from registry.kernel.quantity import LARGEST
from registry.output.models import OutputReturn
from registry.output.rules import read_output
from registry.output.service import record
from registry.platform.db import reader, transaction
from tests.factories import LIMESTONE, cap, right, world


def told(quantity: str, unit: str, period: str = "2025-01"):
    return read_output({"right_no": "R-1", "period": period, "quantity": quantity, "unit": unit})


def test_more_than_any_mine_digs_is_refused_at_the_door() -> None:
    with pytest.raises(Invalid) as refused:
        told("100.00001", "亿吨")
    assert refused.value.code == "more_than_any_mine"
    assert refused.value.accepted == "≤ 100 亿吨"
    assert told("100", "亿吨").written is not None


def test_a_meter_that_would_overflow_refuses_the_return_whole(fresh: Engine) -> None:
    with transaction(fresh) as session:
        world(session, date(2025, 6, 30))
        cap(session, "100 矿石万吨/年")
        right(session, "R-1", LIMESTONE)
        record(session, SYSTEM, told("1", "t"))
    with transaction(fresh) as session:
        session.execute(update(Meter).values(used=LARGEST))
    with pytest.raises(Invalid, match="overflow"), transaction(fresh) as session:
        record(session, SYSTEM, told("1", "t", "2025-02"))
    with reader(fresh) as session:
        assert periods(session) == ["2025-01"]


def periods(session: Session) -> list[str]:
    return list(session.exec(select(OutputReturn.period).order_by(col(OutputReturn.id))).all())
