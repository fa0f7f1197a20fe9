"""Tables of returns and of the duty to make them."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from registry.kernel.vocabulary import CapPeriod, Covered, Kind
from registry.platform.columns import key, refers, whole, word


class OutputReturn(SQLModel, table=True):
    """One revision of what a right dug of one mineral in one period; append-only.

    `superseded_at` of the earlier revision is the only column ever set later.
    """

    __tablename__ = "output_return"
    __table_args__ = (
        UniqueConstraint("right_id", "mineral", "period", "revision"),
        Index(
            "uq_output_return_live", "right_id", "mineral", "period", unique=True,
            sqlite_where=text("superseded_at IS NULL"), postgresql_where=text("superseded_at IS NULL"),
        ),
        Index("ix_output_return_right_year", "right_id", "year"),
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        CheckConstraint("lost >= 0", name="lost_not_negative"),
    )  # fmt: skip

    id: int | None = key()
    right_id: int = refers("mineral_right.id")
    mineral: str = Field(foreign_key="mineral.name")
    period: str = Field(description="2025-07 or 2025-07-14")
    first_day: date
    last_day: date
    year: int = Field(index=True)
    revision: int
    kind: Kind = word(Kind)
    quantity: int = whole()
    value: str = Field(description="the figure as written")
    unit: str = Field(description="the unit as written")
    lost: int | None = whole(nullable=True)
    lost_value: str | None = None
    lost_unit: str | None = None
    nil: bool = False
    voided: bool = Field(default=False, description="taken back: counts nothing until reported anew")
    counted: bool = Field(description="whether it moves the caps")
    covered: Covered = word(Covered)
    during_stop: bool = False
    note: str | None = None
    reason: str | None = Field(default=None, description="why it was corrected or taken back")
    actor: str
    source: str | None = Field(default=None, description="import file, or empty for a form")
    job_id: int | None = Field(default=None, sa_type=BigInteger, description="the import that recorded it")
    recorded_at: datetime
    superseded_at: datetime | None = None


class ReturnDuty(SQLModel, table=True):
    """One return that a right owes, and when it came; taking the return back opens a new duty.

    A duty that is no longer owed is dropped and stays for looking back: nothing else reads it.
    """

    __tablename__ = "return_duty"
    __table_args__ = (
        Index(
            "uq_return_duty_live", "right_id", "mineral", "period", "opened", unique=True,
            sqlite_where=text("dropped_at IS NULL"), postgresql_where=text("dropped_at IS NULL"),
        ),
        # What came in time stands in none of these: the state of caps reads what is open, or was at a day.
        Index(
            "ix_return_duty_open",
            "year",
            "region",
            "mineral",
            "due_on",
            sqlite_where=text("fulfilled_at IS NULL AND dropped_at IS NULL"),
            postgresql_where=text("fulfilled_at IS NULL AND dropped_at IS NULL"),
        ),
        Index(
            "ix_return_duty_late",
            "year",
            "fulfilled_at",
            "due_on",
            sqlite_where=text("in_time = 0 AND fulfilled_at IS NOT NULL"),
            postgresql_where=text("NOT in_time AND fulfilled_at IS NOT NULL"),
        ),
        Index(
            "ix_return_duty_dropped",
            "year",
            "dropped_at",
            "due_on",
            sqlite_where=text("dropped_at IS NOT NULL"),
            postgresql_where=text("dropped_at IS NOT NULL"),
        ),
    )  # fmt: skip

    id: int | None = key()
    right_id: int = refers("mineral_right.id")
    region: str = Field(foreign_key="region.code")
    mineral: str = Field(foreign_key="mineral.name")
    period: str
    grain: CapPeriod = word(CapPeriod)
    year: int
    opened: int = Field(default=1, description="1, or one more each time the return was taken back")
    opened_at: datetime = Field(description="owed from then on: nobody missed the return before")
    due_on: date
    fulfilled_at: datetime | None = None
    in_time: bool = Field(default=False, description="came by its due day: never missing at any day")
    dropped_at: datetime | None = Field(default=None, description="owed until then: what was told changed it")
