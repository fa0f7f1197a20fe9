"""Eight rights at once: the cap lets three in, and every number is given once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

from sqlmodel import select

from registry.caps.models import Commitment
from registry.caps.rules import CapExceeded
from registry.identity.rules import SYSTEM
from registry.kernel.quantity import read
from registry.kernel.vocabulary import RightKind
from registry.platform.db import transaction
from registry.registration.rules import GrantRight, PermitFacts
from registry.registration.service import grant
from registry.rights.models import MineralRight
from tests.factories import COUNTY, LIMESTONE, cap, world

TOGETHER = 8
TERM: dict[str, Any] = {"valid_from": date(2025, 7, 1), "valid_to": date(2025, 12, 31)}


def order(place: int, *, numbered: bool) -> GrantRight:
    number = f"X240-2025-{place + 1:04d}"
    permit = PermitFacts(f"示例-{number}", scale=read("30", "万吨/年"), **TERM)
    given = number if numbered else None
    return GrantRight(
        COUNTY, f"示例矿{place}", RightKind.mining, LIMESTONE, number=given, permit=permit, **TERM
    )


def at_once(engine, *, existing: bool) -> list[Any]:
    """Grant eight rights of 30 万吨 in as many transactions, and return the number or the refusal of each."""
    barrier = Barrier(TOGETHER)

    def one(place: int) -> Any:
        barrier.wait()
        try:
            with transaction(engine) as session:
                return grant(session, SYSTEM, order(place, numbered=not existing), existing=existing).number
        except CapExceeded as refused:
            return refused

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(one, range(TOGETHER)))


def test_three_of_eight_fit_into_the_cap(fresh):
    """Without `gate(session)` in registration/service.py more than three get through on PostgreSQL."""
    with transaction(fresh) as session:
        world(session)
        cap(session, "100 矿石万吨/年")
    given = at_once(fresh, existing=False)
    assert sum(isinstance(one, CapExceeded) for one in given) == 5, given
    with transaction(fresh) as session:
        assert sum(c.amount or 0 for c in session.exec(select(Commitment)).all()) == 90 * 10**10


def test_every_number_is_given_once(fresh):
    """Without `gate(session)` in registration/service.py the losers break on the number's uniqueness."""
    with transaction(fresh) as session:
        world(session)
    given = at_once(fresh, existing=True)
    assert sorted(given) == [f"X240-2025-{number:04d}" for number in range(1, TOGETHER + 1)]
    with transaction(fresh) as session:
        assert len(session.exec(select(MineralRight)).all()) == TOGETHER
