"""Tables of thresholds, meters, movements and commitments."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from registry.kernel.vocabulary import CapPeriod, CommitmentKind, Kind
from registry.platform.columns import key, refers, whole, word


class Threshold(SQLModel, table=True):
    """A share of a yearly cap at which somebody is told, with the time it holds for."""

    __tablename__ = "threshold"
    __table_args__ = (UniqueConstraint("hundredths", "valid_from"),)

    id: int | None = key()
    hundredths: int = Field(description="hundredths of a percent: 8000 is 80 %")
    valid_from: date
    valid_to: date | None = None
    source: str


class Meter(SQLModel, table=True):
    """The output meter of a cap in one year or on one day: a cache of its movements."""

    __tablename__ = "meter"
    # no CHECK on `used`: PostgreSQL would apply it to the row an upsert proposes, a negative change
    __table_args__ = (UniqueConstraint("cap_id", "period"),)

    id: int | None = key()
    cap_id: int = refers("cap.id")
    period: str = Field(description="2025 or 2025-02-01")
    used: int = whole(default=0)
    uncovered: int = whole(default=0)
    returns: int = whole(default=0)
    seq: int = whole(default=0)
    through: date = Field(description="last day of the latest period that stands")
    recorded_at: datetime


class Movement(SQLModel, table=True):
    """One change of a meter by one return; never edited, undone only by a reversing movement."""

    __tablename__ = "movement"
    __table_args__ = (
        UniqueConstraint("meter_id", "seq"),
        Index("ix_movement_meter_recorded", "meter_id", "recorded_at", "seq"),
    )

    id: int | None = key()
    meter_id: int = refers("meter.id")
    seq: int = whole()
    return_id: int = refers("output_return.id", index=True)
    amount: int = whole()
    uncovered: bool = Field(description="no permit covers it: stands on a sub-line of its own")
    returns: int = Field(description="+1 a return more, -1 one less, 0 a correction")
    balance_after: int = whole()
    uncovered_after: int = whole()
    returns_after: int = whole()
    through_after: date
    recorded_at: datetime


class Commitment(SQLModel, table=True):
    """Capacity taken on the licensed side from a day until (not including) another."""

    __tablename__ = "commitment"
    __table_args__ = (
        Index("ix_commitment_place", "region", "mineral", "period"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
    )

    id: int | None = key()
    region: str = Field(foreign_key="region.code")
    mineral: str = Field(foreign_key="mineral.name")
    period: CapPeriod = word(CapPeriod)
    kind: Kind = word(Kind)
    commitment: CommitmentKind = word(CommitmentKind)
    right_id: int | None = refers("mineral_right.id", nullable=True, index=True)
    amount: int | None = whole(nullable=True)
    starts: date
    ends: date | None = Field(default=None, description="the first day it no longer counts")
    expires_on: date | None = Field(default=None, description="last day a hold counts; nothing after it")
    reference: str = Field(description="permit, grant plan item or case it rests on")
    recorded_at: datetime
    superseded_at: datetime | None = None
    end_reason: str | None = None
