"""Tables of the mineral catalogue."""

from datetime import date

from sqlmodel import Field, SQLModel, UniqueConstraint

from registry.kernel.vocabulary import Confidence, Kind, MiningMethod, RestrictionKind
from registry.platform.columns import key, refers, whole, word


class Mineral(SQLModel, table=True):
    """A mineral under its canonical Chinese name; its national code may be unknown."""

    __tablename__ = "mineral"

    name: str = Field(primary_key=True)
    code: str | None = Field(default=None, unique=True, description="five digits, where known")
    mineral_class: str | None = Field(default=None, description="first digit of the national code")
    kind: Kind = word(Kind)
    source: str = Field(description="where the code was found, or why there is none")
    confidence: Confidence = word(Confidence)


class MineralAlias(SQLModel, table=True):
    """Another name under which documents mention a mineral."""

    __tablename__ = "mineral_alias"

    alias: str = Field(primary_key=True)
    mineral: str = Field(foreign_key="mineral.name", index=True)


class ScaleLine(SQLModel, table=True):
    """One line of the mine-scale table (国土资发〔2004〕208号), thresholds per year in base units."""

    __tablename__ = "scale_line"

    id: int | None = key()
    line: str = Field(description="the line's printed name")
    unit: str = Field(description="the printed unit")
    kind: Kind = word(Kind)
    large_from: int | None = whole(nullable=True)
    small_below: int | None = whole(nullable=True)
    minimum: int | None = whole(nullable=True)
    mark: str = Field(description="V seen, P by row order, R recalled, assumption")
    confidence: Confidence = word(Confidence)
    note: str | None = None
    source: str


class ScaleLineMineral(SQLModel, table=True):
    """Which line of the scale table a mineral follows; a few have a line for each method."""

    __tablename__ = "scale_line_mineral"
    __table_args__ = (UniqueConstraint("mineral", "method"),)

    id: int | None = key()
    mineral: str = Field(foreign_key="mineral.name")
    method: MiningMethod | None = word(MiningMethod, nullable=True)
    line_id: int = refers("scale_line.id", index=True)
    assumed: bool = Field(default=False, description="not listed: follows the most similar mineral")


class Restriction(SQLModel, table=True):
    """A plan's ban or restriction of a mineral in a region."""

    __tablename__ = "restriction"

    id: int | None = key()
    region: str = Field(foreign_key="region.code")
    mineral: str = Field(foreign_key="mineral.name")
    printed_name: str | None = Field(default=None, description="the document's word, where it is another")
    kind: RestrictionKind = word(RestrictionKind)
    document: str
    clause: str
    valid_from: date
    valid_to: date
