"""Tables of papers that are kept: their frozen data, their bytes' hash, and what became of them."""

from datetime import date, datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, Index, SQLModel, text

from registry.kernel.vocabulary import DocumentKind, DocumentState
from registry.platform.columns import key, refers, whole, word


class Document(SQLModel, table=True):
    """One printed paper. Only its state, with day and reason, changes later."""

    __tablename__ = "document"
    __table_args__ = (
        Index(
            "uq_document_current", "key", unique=True,
            sqlite_where=text("state = 'current'"), postgresql_where=text("state = 'current'"),
        ),
    )  # fmt: skip

    id: int | None = key()
    number: str = Field(unique=True, description="SZ-文-2025-000318")
    kind: DocumentKind = word(DocumentKind)
    subject: str = Field(index=True, description="number of the permit or right, or code of the region")
    year: int = Field(description="what the paper is about; of a permit the year of its print")
    region: str = Field(foreign_key="region.code", index=True, description="where its subject lies")
    office: str = Field(foreign_key="region.code", description="whose number it carries, who printed it")
    edition: str | None = Field(default=None, description="快报 or 定报, or a month")
    key: str = Field(description="office, kind, subject, year, edition: of these only one paper is current")
    title: str
    issuer: str = Field(description="the office that the paper names")
    data: str = Field(description="the frozen data, as JSON")
    content: str = Field(description="SHA-256 of what it says, whatever its number and day")
    sha256: str = Field(index=True, description="of the bytes, which lie in the files under it")
    size: int = whole()
    template: str = Field(description="tells one state of templates and printing code from another")
    data_through: date | None = None
    actor: str
    made_at: datetime
    state: DocumentState = word(DocumentState, default=DocumentState.current)
    replaces_id: int | None = refers("document.id", nullable=True, index=True)
    ended_at: datetime | None = None
    reason: str | None = Field(default=None, description="why it was revoked")


class DocumentCount(SQLModel, table=True):
    """The last number that an office has given in a year; its lock makes numbers run without a gap."""

    __tablename__ = "document_count"

    office: str = Field(primary_key=True, foreign_key="region.code")
    year: int = Field(primary_key=True)
    last: int = whole()


class DocumentTurn(SQLModel, table=True):
    """A number that a paper shows which is being laid out; others wait for it, but only until it ends."""

    __tablename__ = "document_turn"

    office: str = Field(primary_key=True, foreign_key="region.code")
    year: int = Field(primary_key=True)
    running: int = Field(primary_key=True, sa_type=BigInteger)
    until: datetime = Field(description="by the machine's clock")
