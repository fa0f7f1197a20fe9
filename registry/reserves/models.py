"""Table of the reserve ledger."""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from registry.kernel.vocabulary import Kind, ReserveCategory, ReserveMove
from registry.platform.columns import key, refers, whole, word


class ReserveEntry(SQLModel, table=True):
    """One line of the ledger of a right's mineral and category; balances run along `seq`."""

    __tablename__ = "reserve_entry"
    __table_args__ = (UniqueConstraint("right_id", "mineral", "category", "seq"),)

    id: int | None = key()
    right_id: int = refers("mineral_right.id")
    mineral: str = Field(foreign_key="mineral.name")
    category: ReserveCategory = word(ReserveCategory)
    deposit: str = Field(default="", description="name of the deposit or part")
    seq: int
    year: int = Field(description="the year the movement belongs to; an opening belongs to the year it opens")
    move: ReserveMove = word(ReserveMove)
    kind: Kind = word(Kind)
    amount: int = whole()
    balance_after: int = whole()
    cumulative_after: int = whole()
    unit: str = Field(description="the unit it was reported in")
    source: str = Field(description="the report or document the figure rests on")
    recorded_at: datetime
