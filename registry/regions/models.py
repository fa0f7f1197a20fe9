"""Tables of the administrative tree."""

from sqlmodel import Field, SQLModel, UniqueConstraint

from registry.kernel.vocabulary import RegionLevel
from registry.platform.columns import key, word


class Region(SQLModel, table=True):
    """A municipality or county; the row of the top region is the gate of all licensing."""

    __tablename__ = "region"

    code: str = Field(primary_key=True, description="six digits of GB/T 2260")
    name: str
    level: RegionLevel = word(RegionLevel)
    parent: str | None = Field(default=None, foreign_key="region.code")
    letters: str = Field(description="the letters that begin the local numbers of its rights")


class Township(SQLModel, table=True):
    """A township or sub-district that rights may lie in."""

    __tablename__ = "township"
    __table_args__ = (UniqueConstraint("region", "name"),)

    id: int | None = key()
    region: str = Field(foreign_key="region.code")
    name: str
