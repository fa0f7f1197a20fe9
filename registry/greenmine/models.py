"""Table of green-mine levels."""

from datetime import date, datetime

from sqlmodel import SQLModel

from registry.kernel.vocabulary import GreenLevel
from registry.platform.columns import key, refers, word


class GreenSpell(SQLModel, table=True):
    """The green-mine level of a right since a date, until its next spell begins."""

    __tablename__ = "green_spell"

    id: int | None = key()
    right_id: int = refers("mineral_right.id", index=True)
    level: GreenLevel = word(GreenLevel)
    since: date | None = None
    recorded_at: datetime
    superseded_at: datetime | None = None
