"""Two people load the same plan, or confirm the same amendment, in the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from registry.identity.rules import SYSTEM, Actor
from registry.kernel.lifecycle import WrongState
from registry.kernel.vocabulary import Role
from registry.minerals.queries import catalogue
from registry.plans.models import CapLine, PlanDocument
from registry.plans.rules import read_amendment, read_plan
from registry.plans.service import confirm_amendment, enter_amendment, import_plan
from registry.platform.db import transaction
from seed.catalogue import load_catalogue, read_seed
from tests.services.test_plans import AMENDMENT, CLERK, COUNTY, COUNTY_PLAN

TOGETHER = 4


def at_once(engine: Engine, act: Callable[[Session, int], Any]) -> list[Any]:
    """Run an act in as many transactions at once, and return what each gave or raised."""
    barrier = Barrier(TOGETHER)

    def one(number: int) -> Any:
        barrier.wait()
        try:
            with transaction(engine) as session:
                return act(session, number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(one, range(TOGETHER)))


def test_a_plan_is_loaded_once(fresh):
    """Without `gate(session)` in plans/service/importing.py the losers break on the content's uniqueness."""
    with transaction(fresh) as session:
        load_catalogue(session)
        command = read_plan(read_seed(COUNTY_PLAN), catalogue(session))
    given = at_once(fresh, lambda session, _: import_plan(session, SYSTEM, command).id)
    assert len(set(given)) == 1, given
    with transaction(fresh) as session:
        assert len(session.exec(select(PlanDocument)).all()) == 1
        assert len(session.exec(select(CapLine)).all()) == 13


def test_an_amendment_is_confirmed_once(fresh):
    """Without `gate(session)` and `locked_document` in plans/service/amending.py it is confirmed by each."""
    with transaction(fresh) as session:
        load_catalogue(session)
        import_plan(session, SYSTEM, read_plan(read_seed(COUNTY_PLAN), catalogue(session)))
        entered = enter_amendment(session, CLERK, read_amendment(AMENDMENT, catalogue(session))).id or 0

    def confirm(session: Session, number: int) -> str | None:
        approver = Actor(f"shen{number}", frozenset({(Role.approver, COUNTY)}))
        return confirm_amendment(session, approver, entered).confirmed_by

    given = at_once(fresh, confirm)
    assert sorted(isinstance(one, WrongState) for one in given) == [False, True, True, True], given
    with transaction(fresh) as session:
        superseded = session.exec(select(CapLine).where(col(CapLine.superseded_at).is_not(None))).all()
        assert len(superseded) == 1
