"""Demands for capacity, and commitments made of them without being weighed."""

from datetime import date
from typing import Any

from registry.caps.rules import Demand
from registry.caps.service import commit_capacity
from registry.identity.rules import SYSTEM
from registry.kernel.quantity import parse
from registry.kernel.vocabulary import CapPeriod, Kind
from tests.factories import COUNTY, LIMESTONE, WATER


def demand(text: str | None, starts: str = "2025-01-01", ends: str | None = None, **more: Any) -> Demand:
    """Return a demand for limestone by the year, until the day before `ends`."""
    given = {
        "region": COUNTY,
        "mineral": LIMESTONE,
        "period": CapPeriod.year,
        "kind": Kind.mass,
        "reference": "示例",
    }
    return Demand(
        **{**given, **more}, amount=parse(text) if text else None, starts=date.fromisoformat(starts),
        ends=date.fromisoformat(ends) if ends else None,
    )  # fmt: skip


def water(text: str | None, **more: Any) -> Demand:
    """Return a demand for warm water by the day."""
    return demand(text, mineral=WATER, period=CapPeriod.day, kind=Kind.volume, **more)


def commit(session, *wanted: Demand) -> None:
    for one in wanted:
        commit_capacity(session, SYSTEM, one)
