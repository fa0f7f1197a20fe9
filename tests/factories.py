"""Small books for tests: regions, minerals, a plan, rights; as rows where no service is under test."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlmodel import Session

from registry.caps.models import Threshold
from registry.identity.queries import actor_named
from registry.identity.rules import SYSTEM, Actor
from registry.identity.service import add_user
from registry.kernel.quantity import parse_rate
from registry.kernel.vocabulary import (
    CapPeriod,
    Confidence,
    Kind,
    MineralRole,
    OperatingState,
    PlanState,
    RegionLevel,
    RightKind,
    Role,
)
from registry.minerals.models import Mineral
from registry.plans.models import Cap, CapLine, PlanDocument
from registry.platform import clock
from registry.regions.models import Region
from registry.rights.models import MineralRight, OperatingSpell, Permit, RightMineral, RightVersion

LIMESTONE, WATER = "建筑石料用灰岩", "地热"
QUARTZ, ZINC = "石英砂岩", "锌"  # entered by `mineral` where a test wants them
CITY, COUNTY = "500000", "500240"
LONG_AGO = datetime(2024, 12, 1, tzinfo=UTC)


def set_clock(session: Session, day: date) -> None:
    """Make the database a demonstration whose clock stands at nine o'clock of a day."""
    clock.set_demonstration_clock(session, clock.at_local(day, time(9)))


def world(session: Session, today: date = date(2025, 6, 30), counties: tuple[str, ...] = (COUNTY,)) -> None:
    """Enter a municipality with counties, two minerals and the default thresholds."""
    set_clock(session, today)
    session.add(Region(code=CITY, name="重庆市", level=RegionLevel.municipality, letters="CQ"))
    session.flush()
    for code in counties:
        session.add(
            Region(code=code, name=f"县{code}", level=RegionLevel.county, parent=CITY, letters=f"X{code[3:]}")
        )
    for name, code, kind in ((LIMESTONE, "83907", Kind.mass), (WATER, "17050", Kind.volume)):
        session.add(Mineral(name=name, code=code, kind=kind, source="test", confidence=Confidence.a))
    for share in (8000, 9000):
        session.add(Threshold(hundredths=share, valid_from=date(2000, 1, 1), source="test"))
    session.flush()


def mineral(session: Session, name: str, code: str | None = None, kind: Kind = Kind.mass) -> Mineral:
    """Enter one more mineral of the catalogue."""
    found = Mineral(name=name, code=code, kind=kind, source="test", confidence=Confidence.a)
    session.add(found)
    session.flush()
    return found


def user(session: Session, name: str, role: Role, region: str = COUNTY) -> Actor:
    """Enter one user with a role, and return the actor."""
    add_user(session, SYSTEM, name, role, region)
    return actor_named(session, name)


def cap(
    session: Session, limit: str | None, mineral: str = LIMESTONE, region: str = COUNTY, *,
    binding: bool | None = True, period: CapPeriod = CapPeriod.year, years: tuple[int, int] = (2021, 2025),
) -> Cap:  # fmt: skip
    """Enter one cap of an adopted plan, such as `1200 矿石万吨/年`."""
    kind = Kind.volume if mineral == WATER else Kind.mass
    rate = parse_rate(limit) if limit else None
    plan = PlanDocument(
        region=region, level=RegionLevel.county, title=f"示例规划 {region}{mineral}",
        valid_from=date(years[0], 1, 1), valid_to=date(years[1], 12, 31), state=PlanState.adopted,
        content_hash=f"{region}{mineral}{years}", entered_by="system", entered_at=LONG_AGO,
    )  # fmt: skip
    account = Cap(region=region, mineral=mineral, period=rate.per if rate else period, kind=kind)
    session.add(plan)
    session.add(account)
    session.flush()
    line = CapLine(
        cap_id=account.id or 0, document_id=plan.id or 0, clause="专栏11", binding=binding,
        printed_value=limit.split()[0] if limit else None, printed_unit=limit.split()[1] if limit else None,
        limit=rate.quantity.base if rate else None, valid_from=plan.valid_from, valid_to=plan.valid_to,
        recorded_at=LONG_AGO,
    )  # fmt: skip
    session.add(line)
    session.flush()
    return account


def line(
    session: Session, account: Cap, limit: str | None, valid: tuple[date, date], *, known: date,
    title: str = "示例调整", binding: bool | None = True,
) -> CapLine:  # fmt: skip
    """Enter one more adopted line of a cap, as an amendment or a later plan brings it, without judging."""
    rate = parse_rate(limit) if limit else None
    moment = clock.at_local(known, time(9))
    plan = PlanDocument(
        region=account.region, level=RegionLevel.county, title=title, number=f"示例文〔{known.year}〕1号",
        valid_from=valid[0], valid_to=valid[1], state=PlanState.adopted,
        content_hash=f"{account.name}{title}{limit}{valid}", entered_by="system", entered_at=moment,
    )  # fmt: skip
    session.add(plan)
    session.flush()
    found = CapLine(
        cap_id=account.id or 0, document_id=plan.id or 0, clause="一", binding=binding,
        printed_value=limit.split()[0] if limit else None, printed_unit=limit.split()[1] if limit else None,
        limit=rate.quantity.base if rate else None, valid_from=valid[0], valid_to=valid[1],
        recorded_at=moment,
    )  # fmt: skip
    session.add(found)
    session.flush()
    return found


def permit(
    session: Session, found: MineralRight, number: str, valid: tuple[date | None, date | None], *,
    scale: str | None = None,
) -> Permit:  # fmt: skip
    """Enter one more permit of a right."""
    rate = parse_rate(scale) if scale else None
    row = Permit(
        right_id=found.id or 0, number=number, national=False, valid_from=valid[0], valid_to=valid[1],
        kind=rate.quantity.kind if rate else None, scale=rate.quantity.base if rate else None,
        recorded_at=found.recorded_at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def associate(session: Session, found: MineralRight, name: str, *, counted: bool = False) -> RightMineral:
    """Enter an associated mineral of a right."""
    row = RightMineral(right_id=found.id or 0, mineral=name, role=MineralRole.associated, counted=counted)
    session.add(row)
    session.flush()
    return row


def spell(session: Session, found: MineralRight, state: OperatingState, since: date) -> OperatingSpell:
    """Enter what a mine does since a day."""
    row = OperatingSpell(right_id=found.id or 0, state=state, since=since, recorded_at=found.recorded_at)
    session.add(row)
    session.flush()
    return row


def right(
    session: Session, number: str, mineral: str = LIMESTONE, region: str = COUNTY, *,
    scale: str | None = "1000 万吨/年", max_day: str | None = None,
    valid: tuple[date, date] = (date(2020, 1, 1), date(2030, 12, 31)),
    state: OperatingState = OperatingState.producing, recorded: date = date(2025, 1, 2),
) -> MineralRight:  # fmt: skip
    """Enter one mining right with its permit as rows."""
    moment = clock.at_local(recorded, time(9))
    found = MineralRight(
        number=number, region=region, kind=RightKind.mining, mine=f"示例矿 {number}", recorded_at=moment
    )
    session.add(found)
    session.flush()
    rate, most = parse_rate(scale) if scale else None, parse_rate(max_day) if max_day else None
    at: dict[str, Any] = {"right_id": found.id or 0, "recorded_at": moment}
    either = rate or most
    session.add(RightVersion(version=1, valid_from=valid[0], valid_to=valid[1], act="import", **at))
    session.add(RightMineral(right_id=found.id or 0, mineral=mineral, role=MineralRole.main, counted=True))
    session.add(
        Permit(
            number=f"示例-{number}", national=False, valid_from=valid[0], valid_to=valid[1],
            kind=either.quantity.kind if either else None,
            scale=rate.quantity.base if rate else None, max_day=most.quantity.base if most else None, **at,
        )
    )  # fmt: skip
    session.add(OperatingSpell(state=state, since=valid[0], **at))
    session.flush()
    return found
