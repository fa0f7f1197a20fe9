"""Tables of rights, their versions, minerals, permits and operating spells."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel, UniqueConstraint

from registry.kernel.vocabulary import Kind, MineralRole, MiningMethod, OperatingState, RightKind, ScaleClass
from registry.platform.columns import KEY, key, refers, whole, word


class MineralRight(SQLModel, table=True):
    """A mineral right (矿业权): what the register says, whoever may be working it."""

    __tablename__ = "mineral_right"
    __table_args__ = (Index("ix_mineral_right_place", "region", "township"),)

    id: int | None = key()
    number: str = Field(unique=True, description="public number such as SZ-2025-0007")
    region: str = Field(foreign_key="region.code")
    township: str | None = None
    kind: RightKind = word(RightKind)
    mine: str
    counted: bool = Field(default=True, description="false: a plan only names it; counted nowhere")
    recorded_at: datetime


class RightVersion(SQLModel, table=True):
    """Holder, term and area of a right since an act; a later act supersedes, nothing is overwritten."""

    __tablename__ = "right_version"
    __table_args__ = (UniqueConstraint("right_id", "version"),)

    id: int | None = key()
    right_id: int = refers("mineral_right.id")
    version: int
    holder_id: int | None = refers("holder.id", nullable=True, index=True)
    valid_from: date | None = None
    valid_to: date | None = None
    authority: str | None = Field(default=None, description="issuing authority")
    area_m2: int | None = whole(nullable=True)
    top_mm: int | None = whole(nullable=True)
    bottom_mm: int | None = whole(nullable=True)
    corners: str | None = Field(default=None, description="corner points in the national text grammar")
    deposit_scale: ScaleClass | None = word(ScaleClass, nullable=True)
    density_g_m3: int | None = whole(nullable=True)
    act: str = Field(description="the act that made this version")
    document: str | None = Field(default=None, description="文号 of the act or source of the fact")
    recorded_at: datetime
    superseded_at: datetime | None = None


class RightMineral(SQLModel, table=True):
    """A mineral of a right; only counted minerals move the caps."""

    __tablename__ = "right_mineral"
    __table_args__ = (Index("ix_right_mineral_mineral", "mineral", "right_id"),)

    right_id: int = Field(foreign_key="mineral_right.id", primary_key=True, sa_type=KEY)
    mineral: str = Field(foreign_key="mineral.name", primary_key=True)
    role: MineralRole = word(MineralRole)
    counted: bool


class Permit(SQLModel, table=True):
    """The licence to work a right (采矿许可证 or 勘查许可证): scale, method and term."""

    __tablename__ = "permit"

    id: int | None = key()
    right_id: int = refers("mineral_right.id", index=True)
    number: str = Field(index=True, description="the national number, or a visibly local one")
    national: bool
    valid_from: date | None = None
    valid_to: date | None = None
    kind: Kind | None = word(Kind, nullable=True)
    scale: int | None = whole(nullable=True)
    scale_value: str | None = None
    scale_unit: str | None = None
    max_day: int | None = whole(nullable=True)
    max_day_value: str | None = None
    max_day_unit: str | None = None
    method: MiningMethod | None = word(MiningMethod, nullable=True)
    authority: str | None = None
    recorded_at: datetime
    superseded_at: datetime | None = None


class OperatingSpell(SQLModel, table=True):
    """What a mine has been doing since a date, until its next spell begins."""

    __tablename__ = "operating_spell"

    id: int | None = key()
    right_id: int = refers("mineral_right.id", index=True)
    state: OperatingState = word(OperatingState)
    since: date
    recorded_at: datetime
    superseded_at: datetime | None = None
