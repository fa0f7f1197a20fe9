"""Reads what lies behind one cap: its commitments, what each right dug, its movements and its alarms."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlmodel import Session, col

from registry.alarms.models import Alarm, AlarmStep
from registry.caps.models import Commitment, Meter, Movement
from registry.kernel.period import Year
from registry.kernel.vocabulary import AlarmAct, AlarmCode, CommitmentKind
from registry.output.models import OutputReturn
from registry.plans.models import Cap
from registry.rights.models import MineralRight

_RAISING = (AlarmAct.raised, AlarmAct.reopened, AlarmAct.extended)


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """Capacity that a right or a hold takes in a year; an amount of None is unknown."""

    region: str
    right: str | None
    mine: str | None
    kind: CommitmentKind
    amount: int | None
    starts: date
    ends: date | None
    expires_on: date | None
    reference: str


@dataclass(frozen=True, slots=True)
class DugLine:
    """What one return brought to a cap's meters, corrections counted in."""

    right: str
    mine: str
    region: str
    period: str
    amount: int
    uncovered: int


@dataclass(frozen=True, slots=True)
class MovementLine:
    """One movement of a meter with the return that made it, and the alarms that it raised."""

    meter: str
    seq: int
    recorded_at: datetime
    right: str
    mine: str
    mineral: str
    period: str
    revision: int
    amount: int
    uncovered: bool
    balance_after: int

    @property
    def cause(self) -> str:
        """The public id of the return."""
        return f"{self.right}/{self.mineral}/{self.period}"


def commitment_lines(
    session: Session, cap: Cap, regions: Collection[str], year: Year, on: date, as_of: datetime | None
) -> list[CommitmentLine]:
    """Return the commitments under a cap that reach into a year, by right; an expired hold counts nothing."""
    columns: tuple[Any, ...] = (
        Commitment.region, MineralRight.number, MineralRight.mine, Commitment.commitment, Commitment.amount,
        Commitment.starts, Commitment.ends, Commitment.expires_on, Commitment.reference,
    )  # fmt: skip
    statement = (
        select(*columns)
        .outerjoin(MineralRight, col(MineralRight.id) == col(Commitment.right_id))
        .where(
            col(Commitment.region).in_(regions),
            col(Commitment.mineral) == cap.mineral,
            col(Commitment.period) == cap.period,
            or_(col(Commitment.expires_on).is_(None), col(Commitment.expires_on) >= on),
            col(Commitment.starts) <= year.last,
            or_(col(Commitment.ends).is_(None), col(Commitment.ends) > year.first),
            *_known(as_of),
        )
    )
    found = [CommitmentLine(*row) for row in session.execute(statement).all()]
    return sorted(found, key=lambda line: (line.right is None, line.right or line.reference, line.starts))


def _known(as_of: datetime | None) -> list[ColumnElement[bool]]:
    stands = col(Commitment.superseded_at).is_(None)
    if as_of is None:
        return [stands]
    return [col(Commitment.recorded_at) < as_of, or_(stands, col(Commitment.superseded_at) >= as_of)]


def _moved(cap: Cap, year: Year, as_of: datetime | None) -> list[ColumnElement[bool]]:
    found = [
        col(Meter.cap_id) == cap.id,
        col(Meter.period) >= str(year),
        col(Meter.period) < str(Year(year.year + 1)),
    ]
    return found if as_of is None else [*found, col(Movement.recorded_at) < as_of]


def dug_lines(session: Session, cap: Cap, year: Year, as_of: datetime | None) -> list[DugLine]:
    """Return what each return brought to a cap in a year, by right and period: sums of its movements."""
    uncovered = func.sum(case((col(Movement.uncovered), Movement.amount), else_=0))
    by: tuple[Any, ...] = (
        MineralRight.number, MineralRight.mine, MineralRight.region, OutputReturn.period,
    )  # fmt: skip
    statement = (
        select(*by, func.sum(Movement.amount), uncovered, func.sum(Movement.returns))
        .select_from(Movement)
        .join(Meter, col(Meter.id) == col(Movement.meter_id))
        .join(OutputReturn, col(OutputReturn.id) == col(Movement.return_id))
        .join(MineralRight, col(MineralRight.id) == col(OutputReturn.right_id))
        .where(*_moved(cap, year, as_of))
        .group_by(*by)
        .order_by(MineralRight.number, OutputReturn.period)
    )
    # PostgreSQL sums BIGINT into a Decimal; what was taken back altogether is no return any more
    return [
        DugLine(number, mine, region, period, int(amount), int(bare))
        for number, mine, region, period, amount, bare, returns in session.execute(statement).all()
        if returns
    ]


def movement_lines(
    session: Session, cap: Cap, year: Year, as_of: datetime | None, skipped: int, most: int
) -> tuple[list[MovementLine], int]:
    """Return the movements of a cap's meters in a year, the newest first, and how many there are in all."""
    columns: tuple[Any, ...] = (
        Meter.period, Movement.seq, Movement.recorded_at, MineralRight.number, MineralRight.mine,
        OutputReturn.mineral, OutputReturn.period, OutputReturn.revision, Movement.amount,
        Movement.uncovered, Movement.balance_after,
    )  # fmt: skip
    statement = (
        select(*columns, func.count().over())
        .select_from(Movement)
        .join(Meter, col(Meter.id) == col(Movement.meter_id))
        .join(OutputReturn, col(OutputReturn.id) == col(Movement.return_id))
        .join(MineralRight, col(MineralRight.id) == col(OutputReturn.right_id))
        .where(*_moved(cap, year, as_of))
        .order_by(col(Movement.id).desc())
    )
    rows = session.execute(statement.offset(skipped).limit(most)).all()
    if rows or not skipped:
        return [MovementLine(*row[:-1]) for row in rows], rows[0][-1] if rows else 0
    _, count = movement_lines(session, cap, year, as_of, 0, 1)  # behind the last page no row tells it
    return [], count


def alarms_about(
    session: Session, cap: Cap, year: Year, as_of: datetime | None
) -> tuple[list[Alarm], dict[tuple[str, int], list[AlarmCode]]]:
    """Return the alarms about a cap and a year, and which of them a return raised at which reading."""
    raising: tuple[Any, ...] = (Alarm, AlarmStep.caused_by, AlarmStep.reading)
    statement = (
        select(*raising)
        .outerjoin(AlarmStep, (col(AlarmStep.alarm_id) == col(Alarm.id)) & col(AlarmStep.act).in_(_RAISING))
        .where(
            col(Alarm.region) == cap.region,
            col(Alarm.mineral) == cap.mineral,
            col(Alarm.key).contains(f":{cap.name}", autoescape=True),
            or_(col(Alarm.period).is_(None), col(Alarm.period).startswith(str(year))),
        )
        .order_by(col(Alarm.id).desc(), col(AlarmStep.id))
    )
    if as_of is not None:
        statement = statement.where(col(Alarm.raised_at) < as_of)
    alarms: dict[int, Alarm] = {}
    causes: dict[tuple[str, int], list[AlarmCode]] = {}
    for alarm, cause, reading in session.execute(statement).all():
        alarms[alarm.id] = alarm
        if cause is not None and reading is not None:
            causes.setdefault((cause, reading), []).append(alarm.code)
    return list(alarms.values()), causes
