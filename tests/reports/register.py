"""A small register for the tests about papers: both plans and one quarry, entered through the services."""

from datetime import date
from typing import Any

from sqlmodel import Session

from registry.identity.rules import SYSTEM
from registry.kernel.corners import parse_area
from registry.kernel.density import Density
from registry.kernel.quantity import Written, parse, read
from registry.kernel.strict_yaml import read_yaml
from registry.kernel.vocabulary import GreenLevel, MiningMethod, OperatingState, ReserveCategory, RightKind
from registry.minerals.queries import catalogue
from registry.output.rules import read_output
from registry.output.service import record
from registry.parties.rules import HolderFacts
from registry.plans.rules import read_plan
from registry.registration.rules import GrantRight, PermitFacts
from registry.registration.service import grant
from registry.reserves.rules import OpeningLine
from registry.workflows.adopt_plan import adopt
from seed.catalogue import COUNTY_PLAN, MUNICIPAL_PLAN, load_catalogue
from tests.factories import COUNTY, LIMESTONE, set_clock

CORNERS = (
    "2,4,1,3307507.827,36512778.881,2,3307507.000,36513223.452,3,3306751.726,36513223.000,4,3306751.000,36512778.000,"
    "1085,920,,1,3,1,3307200.000,36512900.000,2,3307200.000,36513000.000,3,3307100.000,36512950.000,1085,920,扣除区,-1"
)


def written(text: str) -> Written:
    """Return a figure with its unit as somebody wrote it."""
    value, unit = text.split()
    return read(value, unit)


def quarry(number: str = "SZ-2019-0005", **changes: Any) -> GrantRight:
    """Return the command that enters a full quarry."""
    facts: dict[str, Any] = {
        "region": COUNTY,
        "mine": "示例采石场",
        "kind": RightKind.mining,
        "mineral": LIMESTONE,
        "number": number,
        "associated": ("建筑用砂岩",),
        "township": "六塘乡",
        "holder": HolderFacts("示例建材有限公司", "Y1500240DEM000049A", "石柱县六塘乡", "有限责任公司"),
        "valid_from": date(2019, 12, 19),
        "valid_to": date(2029, 12, 18),
        "authority": "示例县规划和自然资源局",
        "area": parse_area(CORNERS),
        "area_m2": 331_000,
        "top_mm": 1_085_000,
        "bottom_mm": 920_000,
        "density": Density(2_650_000),
        "permit": PermitFacts(
            number=f"示例-{number}",
            valid_from=date(2019, 12, 19),
            valid_to=date(2029, 12, 18),
            scale=written("120 万吨/年"),
            method=MiningMethod.open_pit,
        ),
        "states": (
            (OperatingState.construction, date(2020, 1, 15)),
            (OperatingState.producing, date(2020, 11, 1)),
        ),
        "green": GreenLevel.municipal,
        "green_since": date(2024, 8, 30),
        "reserves": (
            OpeningLine(ReserveCategory.measured, parse("202.2 万吨"), "万吨"),
            OpeningLine(ReserveCategory.inferred, parse("148.6 万吨"), "万吨"),
        ),
        "reserves_at": date(2024, 12, 31),
    }
    return GrantRight(**facts | changes)


def enter(session: Session, **changes: Any) -> None:
    """Enter the quarry, with changes."""
    grant(session, SYSTEM, quarry(**changes), existing=True)


def dig(
    session: Session, month: int, quantity: str, day: int | None = None, *, right: str = "SZ-2019-0005",
    unit: str = "万吨", **more: str,
) -> None:  # fmt: skip
    """Record a return in the month after it."""
    period = f"2025-{month:02d}" if day is None else f"2025-{month:02d}-{day:02d}"
    set_clock(session, date(2025 + month // 12, month % 12 + 1, 5))
    fields = {"right_no": right, "period": period, "quantity": quantity, "unit": unit, **more}
    record(session, SYSTEM, read_output(fields))


def found(session: Session) -> None:
    """Load the catalogue and both plans, in January 2025."""
    set_clock(session, date(2025, 1, 2))
    load_catalogue(session)
    for path in (MUNICIPAL_PLAN, COUNTY_PLAN):
        adopt(session, SYSTEM, read_plan(read_yaml(path.read_bytes()), catalogue(session)))
