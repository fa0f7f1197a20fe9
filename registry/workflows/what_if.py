"""What-if of one application: what it would meet under every cap in every year of its term.

Nothing is changed. The field errors name the keys of the contract's `caps assess`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from registry.caps.queries import capacity_of
from registry.caps.rules import Demand, Ruling, Verdict
from registry.caps.service import assess
from registry.identity.queries import require
from registry.identity.rules import Actor
from registry.kernel.display import BASE_UNIT, in_base_unit
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.fields import Fields, fields
from registry.kernel.quantity import Quantity, Rate, of_kind, rate_of, read
from registry.kernel.vocabulary import CapPeriod, Kind
from registry.minerals.models import Mineral
from registry.minerals.queries import mineral_named
from registry.plans.queries import caps_over
from registry.regions.queries import chain, counties
from registry.rights.queries import right_by_number
from registry.wording import say

_KEYS = ("kind", "region", "mineral", "scale", "from", "to", "right")


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody wants: a scale from a first day to a last one; `right` when it already has one."""

    kind: str
    region: str
    mineral: str
    scale: Rate
    starts: date
    last: date
    right: str | None = None

    def __post_init__(self) -> None:
        """Refuse a term that runs backwards."""
        if self.last < self.starts:
            raise Invalid("dates_reversed", "to", self.last, accepted=f"≥ {self.starts}")


def read_application(given: object) -> Application:
    """Return the application that a JSON object describes.

    Raises:
        Invalid: a key is unknown or missing, or its value cannot be read.
    """
    read_from = fields(given, "", _KEYS)
    return Application(
        read_from.text("kind"), read_from.text("region"), read_from.text("mineral"), _scale(read_from),
        read_from.day("from"), read_from.day("to"), read_from.maybe_text("right"),
    )  # fmt: skip


def _scale(read_from: Fields) -> Rate:
    if not isinstance(read_from.values.get("scale"), dict):
        raise read_from.wrong("not_a_mapping", "scale", accepted="value, unit")
    scale = fields(read_from.values["scale"], "scale", ("value", "unit"))
    value, unit = scale.values.get("value"), scale.text("unit")
    # a JSON number is read by the digits it was written with; the file reader keeps them
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return rate_of(read(text, unit if "/" in unit else f"{unit}/年", "scale"), "scale")


def what_if(session: Session, actor: Actor, asked: Application) -> Verdict:
    """Weigh an application against every cap above its county.

    With a right, only what goes beyond its recorded capacity is new demand: an extension at the same
    scale meets no cap (decision 3). A cap of another time than the scale, such as a daily one for a
    yearly scale, meets an unknown amount.

    Raises:
        NotFound: no such region or right in the actor's jurisdiction.
        Invalid: unknown mineral, a region that is no county, a scale of another kind than the mineral's.
    """
    require(session, actor, "caps.read", asked.region)
    codes = [region.code for region in chain(session, asked.region)]
    if counties(session, asked.region) != [asked.region]:
        raise Invalid("region_not_county", "region", asked.region, accepted="区县代码")
    mineral = mineral_named(session, asked.mineral)
    if asked.scale.quantity.kind is not mineral.kind:
        raise Invalid(
            "kinds_mixed", "scale", asked.scale.quantity.kind.label, accepted=Kind(mineral.kind).label
        )
    held = _held(session, asked, mineral)
    periods = sorted({cap.period for cap in caps_over(session, codes, [mineral.name])})
    verdicts = [_assess(session, asked, mineral, period, held) for period in periods]
    return Verdict(tuple(ruling for verdict in verdicts for ruling in verdict.rulings))


def _assess(
    session: Session,
    asked: Application,
    mineral: Mineral,
    period: CapPeriod,
    held: dict[CapPeriod, int | None],
) -> Verdict:
    wanted = asked.scale.quantity if asked.scale.per is period else None
    if period in held:
        wanted = _beyond(wanted, held[period])
        if wanted is not None and not wanted.base:
            return Verdict(())
    return assess(
        session,
        Demand(
            asked.region, mineral.name, period, mineral.kind, wanted, asked.starts,
            asked.last + timedelta(days=1), asked.right or asked.kind,
        ),
    )  # fmt: skip


def _held(session: Session, asked: Application, mineral: Mineral) -> dict[CapPeriod, int | None]:
    """Return the capacity that the right of an application already has, in base units."""
    if asked.right is None:
        return {}
    right = right_by_number(session, asked.right)
    if right.region != asked.region:
        raise NotFound("right", asked.right)
    return capacity_of(session, right.id or 0, mineral.name)


def _beyond(wanted: Quantity | None, held: int | None) -> Quantity | None:
    if wanted is None or held is None:
        return None
    return of_kind(wanted.kind, max(wanted.base - held, 0))


def public(verdict: Verdict, places: Mapping[str, str]) -> dict[str, Any]:
    """Return a verdict as the contract's `caps assess` prints it; `places` are names of regions by code."""
    failing, largest = verdict.first_failing, verdict.largest
    return {
        "verdict": verdict.result,
        "rules": [_ruling(one, places) for one in verdict.rulings],
        "first_failing_year": failing.year if failing else None,
        "largest_scale": largest and {"value": in_base_unit(largest), "unit": BASE_UNIT[largest.kind]},
    }


def _ruling(one: Ruling, places: Mapping[str, str]) -> dict[str, Any]:
    """Return a ruling: exact figures for programs, and a sentence with the figures of an office."""
    figures = {
        "cap": one.cap, "limit": in_base_unit(one.limit), "taken": in_base_unit(one.taken),
        "wanted": in_base_unit(one.wanted), "room": in_base_unit(one.room), "unit": BASE_UNIT[one.kind],
    }  # fmt: skip
    facts = {"year": one.year, "document": one.document, "clause": one.clause} | one.said(places)._asdict()
    message = say(f"rule_{one.code}_{one.result}", facts)
    return {
        "code": one.code, "result": one.result, "year": one.year, "figures": figures, "clause": one.clause,
        "message": message,
    }  # fmt: skip
