"""Reads of thresholds, commitments, meters and the counties a cap covers."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, null
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, or_, select

from registry.caps.models import Commitment, Meter, Movement, Threshold
from registry.caps.rules import Mark, Taken, marks
from registry.kernel.vocabulary import CapPeriod, CommitmentKind
from registry.plans.models import Cap
from registry.platform.clock import local_day
from registry.platform.rows import table_of
from registry.platform.together import Rows, together
from registry.regions.queries import counties_each
from registry.rights.models import MineralRight

Commitments = dict[tuple[str, str, CapPeriod], list[Taken]]  # by region, mineral and period
_THRESHOLD, _RIGHT = table_of(Threshold).c, table_of(MineralRight).c
_IN_FORCE = select_columns(_THRESHOLD.hundredths).where(
    _THRESHOLD.valid_from <= bindparam("day"),
    or_(_THRESHOLD.valid_to.is_(None), _THRESHOLD.valid_to >= bindparam("day")),
)


def thresholds(session: Session, on: date) -> list[int]:
    """Return the thresholds in force on a day, in hundredths of a percent."""
    return sorted(set(session.connection().execute(_IN_FORCE, {"day": on}).scalars()))


def marks_on(session: Session, on: date) -> dict[CapPeriod, list[Mark]]:
    """Return the marks of yearly and of daily caps on a day."""
    return marks_of(thresholds(session, on))


def marks_of(shares: Collection[int]) -> dict[CapPeriod, list[Mark]]:
    """Return the marks of yearly and of daily caps under these thresholds."""
    return {period: marks(period, shares) for period in CapPeriod}


def surroundings(
    session: Session, on: date, *moments: datetime | None
) -> tuple[dict[CapPeriod, list[Mark]], list[set[str]]]:
    """Return the marks on a day and, as of each moment, the counties whose book is kept here.

    One statement. A county keeps its book here when it holds a counted right.
    """
    shares = _IN_FORCE.params(day=on).add_columns(null())
    found, *keeping = together(session, [shares], *([_keeping(moment)] for moment in moments))
    return marks_of({share for share, _ in found}), [{region for _, region in rows} for rows in keeping]


def _keeping(as_of: datetime | None) -> Select[Any]:
    regions = select_columns(null(), _RIGHT.region).where(_RIGHT.counted.is_(True)).group_by(_RIGHT.region)
    return regions if as_of is None else regions.where(_RIGHT.recorded_at < as_of)


def commitments(
    session: Session,
    regions: Collection[str],
    minerals: Collection[str],
    *sights: tuple[date, datetime | None],
) -> list[Commitments]:
    """Return the commitments on each day as known at a moment; a hold expired by the day counts nothing."""
    found = together(session, *([_commitments(regions, minerals, *sight)] for sight in sights))
    return [_by_account(rows) for rows in found]


def _commitments(
    regions: Collection[str], minerals: Collection[str], on: date, as_of: datetime | None
) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Commitment.region, Commitment.mineral, Commitment.period,
        Commitment.commitment, Commitment.amount, Commitment.starts, Commitment.ends,
    )  # fmt: skip
    statement = select_columns(*columns).where(
        col(Commitment.region).in_(regions),
        col(Commitment.mineral).in_(minerals),
        or_(col(Commitment.expires_on).is_(None), col(Commitment.expires_on) >= on),
    )
    if as_of is None:
        return statement.where(col(Commitment.superseded_at).is_(None))
    still = or_(col(Commitment.superseded_at).is_(None), col(Commitment.superseded_at) >= as_of)
    return statement.where(col(Commitment.recorded_at) < as_of, still)


def _by_account(rows: Rows) -> Commitments:
    found: Commitments = defaultdict(list)
    for region, mineral, period, kind, amount, starts, ends in rows:
        found[region, mineral, CapPeriod(period)].append(Taken(CommitmentKind(kind), amount, starts, ends))
    return found


def capacity_of(session: Session, right_id: int, mineral: str) -> dict[CapPeriod, int | None]:
    """Return what a right is licensed for of a mineral by year and by day, in base units; None is unknown."""
    statement = select(Commitment).where(
        Commitment.right_id == right_id,
        Commitment.mineral == mineral,
        Commitment.commitment == CommitmentKind.licensed,
        col(Commitment.superseded_at).is_(None),
    )
    return {c.period: c.amount for c in session.exec(statement.order_by(col(Commitment.starts))).all()}


def commitments_of(session: Session, right_id: int) -> list[Commitment]:
    """Return what stands of a right on the licensed side, by mineral, period and first day."""
    statement = select(Commitment).where(
        Commitment.right_id == right_id, col(Commitment.superseded_at).is_(None)
    )
    statement = statement.order_by(Commitment.mineral, col(Commitment.period), col(Commitment.starts))
    return list(session.exec(statement).all())


@dataclass(frozen=True, slots=True)
class Reading:
    """What an output meter said at a moment, in base units."""

    period: str
    used: int
    uncovered: int
    returns: int
    through: date


def readings(
    session: Session, caps: Collection[Cap], year: int, *moments: datetime | None
) -> list[dict[int, list[Reading]]]:
    """Return the readings of caps in a year at each moment, daily ones by day: back along the movements."""
    ids = [cap.id or 0 for cap in caps]
    found = together(session, *(reading_statements(ids, year, moment) for moment in moments))
    return [read_readings(rows) for rows in found]


def read_readings(rows: Collection[Any]) -> dict[int, list[Reading]]:
    """Return what rows of `reading_statements` say, by cap and in order of their periods.

    A meter whose returns have all been taken back says nothing any more: neither zero nor a day.
    """
    found: dict[int, list[Reading]] = defaultdict(list)
    for cap_id, *columns in sorted(rows, key=lambda row: row[1]):
        reading = Reading(*columns)
        if reading.returns:
            found[cap_id].append(reading)
    return found


def reading_statements(cap_ids: Collection[int], year: int, as_of: datetime | None) -> list[Select[Any]]:
    """Return the statements that together read the meters of caps in a year.

    A meter that has stood still since then says itself what it said, and a day that had not begun had
    said nothing: only the meters in between are looked up.
    """
    of_year = (
        col(Meter.cap_id).in_(cap_ids),
        col(Meter.period) >= f"{year:04d}",
        col(Meter.period) < f"{year + 1:04d}",
    )
    if as_of is None:
        return [_readings_now().where(*of_year)]
    begun = col(Meter.period) < local_day(as_of).isoformat()
    still, moved = col(Meter.recorded_at) < as_of, col(Meter.recorded_at) >= as_of
    return [
        _readings_now().where(*of_year, still),
        _readings_as_of(as_of).where(*of_year, moved, begun),
    ]


def _readings_now() -> Select[Any]:
    columns: tuple[Any, ...] = (
        Meter.cap_id, Meter.period, Meter.used, Meter.uncovered, Meter.returns, Meter.through,
    )  # fmt: skip
    return select_columns(*columns)


def _readings_as_of(as_of: datetime) -> Select[Any]:
    # One index look-up per meter, however many movements it has: the newest known at that moment.
    newest = (
        select(Movement.id)
        .where(Movement.meter_id == Meter.id, Movement.recorded_at < as_of)
        .order_by(col(Movement.recorded_at).desc(), col(Movement.seq).desc())
        .limit(1)
        .correlate(Meter)
        .scalar_subquery()
    )
    columns: tuple[Any, ...] = (
        Meter.cap_id, Meter.period, Movement.balance_after, Movement.uncovered_after,
        Movement.returns_after, Movement.through_after,
    )  # fmt: skip
    return select_columns(*columns).join(Movement, col(Movement.id) == newest)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The counties a cap should cover, and those whose book is kept here."""

    expected: tuple[str, ...]
    reported: tuple[str, ...]

    @property
    def missing(self) -> list[str]:
        """The counties whose figures are not here."""
        return sorted(set(self.expected) - set(self.reported))


def coverage(
    session: Session, regions: Collection[str], as_of: datetime | None = None
) -> dict[str, Coverage]:
    """Return the coverage of each region: a county keeps its book here when it holds a counted right.

    A county's own cap is always covered by the county itself.
    """
    keeping = {row[1] for row in session.execute(_keeping(as_of))}
    return coverage_of(session, regions, keeping)


def coverage_of(session: Session, regions: Collection[str], keeping: Collection[str]) -> dict[str, Coverage]:
    """Return the coverage of each region, where these counties keep their book here."""
    found = {}
    for region, expected in counties_each(session, regions).items():
        own = {region} if expected == [region] else set()
        found[region] = Coverage(tuple(expected), tuple(c for c in expected if c in keeping or c in own))
    return found


def moves_of(session: Session, return_ids: Collection[int]) -> list[tuple[Movement, Meter, Cap]]:
    """Return the movements that returns have made, each with its meter and cap: county first, in order."""
    statement = (
        select(Movement, Meter, Cap)
        .join(Meter, col(Meter.id) == col(Movement.meter_id))
        .join(Cap, col(Cap.id) == col(Meter.cap_id))
        .where(col(Movement.return_id).in_(return_ids))
        .order_by(col(Cap.region).desc(), col(Cap.id), Meter.period, col(Movement.seq))
    )
    return list(session.exec(statement).all())
