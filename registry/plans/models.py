"""Tables of plans: documents, clauses, caps and their lines, indicators and the rest of a plan."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from registry.kernel.vocabulary import CapPeriod, Comparison, Kind, PlanState, RegionLevel
from registry.platform.columns import key, refers, whole, word


class PlanDocument(SQLModel, table=True):
    """A plan or an amendment of one; an amendment takes effect when a second person confirms it."""

    __tablename__ = "plan_document"

    id: int | None = key()
    region: str = Field(foreign_key="region.code", index=True)
    level: RegionLevel = word(RegionLevel)
    title: str
    number: str | None = Field(default=None, description="文号, where the document prints one")
    valid_from: date
    valid_to: date
    amends_id: int | None = refers("plan_document.id", nullable=True)
    state: PlanState = word(PlanState)
    content_hash: str = Field(
        unique=True, description="SHA-256 over the content as loaded; set apart once withdrawn"
    )
    scan: str | None = Field(default=None, description="SHA-256 of the scanned document")
    entered_by: str
    entered_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None

    @property
    def cited(self) -> str:
        """How alarms and papers cite it: the title, with the number where there is one."""
        return f"{self.title}（{self.number}）" if self.number else self.title


class PlanClause(SQLModel, table=True):
    """A clause as the plan words it; every figure of a plan points to one."""

    __tablename__ = "plan_clause"
    __table_args__ = (UniqueConstraint("document_id", "code"),)

    id: int | None = key()
    document_id: int = refers("plan_document.id")
    code: str = Field(description="such as 专栏11")
    text: str


class Cap(SQLModel, table=True):
    """The account of one mineral in one region by the year or the day; its figure is a cap line."""

    __tablename__ = "cap"
    __table_args__ = (UniqueConstraint("region", "mineral", "period"),)

    id: int | None = key()
    region: str = Field(foreign_key="region.code")
    mineral: str = Field(foreign_key="mineral.name", index=True)
    period: CapPeriod = word(CapPeriod)
    kind: Kind = word(Kind)

    @property
    def name(self) -> str:
        """The public id: region/mineral/period."""
        return f"{self.region}/{self.mineral}/{self.period}"


class CapLine(SQLModel, table=True):
    """The figure of a cap in one document: as printed, and in base units; null where none is printed."""

    __tablename__ = "cap_line"
    __table_args__ = (
        Index(
            "uq_cap_line_live_from", "cap_id", "valid_from", unique=True,
            sqlite_where=text("recorded_at IS NOT NULL AND superseded_at IS NULL"),
            postgresql_where=text("recorded_at IS NOT NULL AND superseded_at IS NULL"),
        ),
    )  # fmt: skip

    id: int | None = key()
    cap_id: int = refers("cap.id", index=True)
    document_id: int = refers("plan_document.id", index=True)
    clause: str = Field(description="code of the clause")
    printed_name: str | None = Field(default=None, description="the document's word, where it is another")
    printed_value: str | None = None
    printed_unit: str | None = None
    limit: int | None = whole(nullable=True)
    binding: bool | None = Field(default=None, description="约束性, 预期性, or not printed")
    approximate: bool = Field(default=False, description="左右")
    valid_from: date
    valid_to: date
    recorded_at: datetime | None = Field(default=None, description="empty until the document is adopted")
    superseded_at: datetime | None = None


class Indicator(SQLModel, table=True):
    """A target of the plan other than a cap, as printed."""

    __tablename__ = "plan_indicator"

    id: int | None = key()
    document_id: int = refers("plan_document.id", index=True)
    code: str
    name: str
    mineral: str | None = Field(default=None, foreign_key="mineral.name")
    value: str | None = None
    unit: str | None = None
    comparison: Comparison = word(Comparison)
    printed: str | None = Field(default=None, description="the figure with its sign as it stands in the text")
    cumulative: bool = Field(default=False, description="【】: a sum over the plan's years")
    binding: bool | None = Field(default=None, description="约束性, 预期性, or not printed")
    year: int | None = None
    baseline: str | None = Field(default=None, description="the printed figure of the base year")
    baseline_year: int | None = None
    clause: str


class PlanReserve(SQLModel, table=True):
    """A reserve figure of the plan's table, as printed and in base units."""

    __tablename__ = "plan_reserve"

    id: int | None = key()
    document_id: int = refers("plan_document.id", index=True)
    mineral: str = Field(foreign_key="mineral.name")
    printed_name: str | None = Field(default=None, description="the document's word, where it is another")
    year: int
    printed_value: str
    printed_unit: str
    kind: Kind = word(Kind)
    amount: int = whole()
    clause: str


class PlanZone(SQLModel, table=True):
    """A zone the plan names."""

    __tablename__ = "plan_zone"

    id: int | None = key()
    document_id: int = refers("plan_document.id", index=True)
    name: str
    zone_kind: str
    minerals: str = Field(description="names separated by 、 as far as the plan gives them")
    clause: str


class PlannedRight(SQLModel, table=True):
    """Rights that the plan intends to grant."""

    __tablename__ = "planned_right"

    id: int | None = key()
    document_id: int = refers("plan_document.id", index=True)
    place: str
    count: int
    minerals: str
    clause: str


class PlanNote(SQLModel, table=True):
    """A remark on the plan, such as a contradiction found in it; the plan itself stays as printed."""

    __tablename__ = "plan_note"

    id: int | None = key()
    document_id: int = refers("plan_document.id", index=True)
    about: str | None = Field(default=None, description="code of the clause it concerns")
    text: str
