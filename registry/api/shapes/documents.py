"""The shapes of printed papers and of jobs."""

from typing import Annotated, Any

from pydantic import Field

from registry.api.shapes.common import Day, Moment, Out
from registry.kernel.vocabulary import DocumentKind, DocumentState, JobState


class DocumentOut(Out):
    """One printed paper, and whether it holds."""

    number: Annotated[str, Field(examples=["SZ-文-2025-000318"])]
    kind: DocumentKind
    subject: Annotated[str, Field(description="许可证号、矿业权编号或行政区代码")]
    year: int
    region: str
    office: Annotated[str, Field(description="印制单位的行政区代码")]
    title: str
    issuer: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    size: Annotated[int, Field(description="字节")]
    data_through: Day | None
    actor: str
    made_at: Moment
    state: DocumentState
    ended_at: Moment | None
    reason: Annotated[str | None, Field(description="撤销理由")]


class OneDocumentOut(DocumentOut):
    """One printed paper with those before and after it."""

    replaces: Annotated[str | None, Field(description="本件替换的文书")]
    replaced_by: Annotated[str | None, Field(description="替换本件的文书")]


class JobErrorOut(Out):
    """Why a job failed."""

    code: str
    message: str


class JobOut(Out):
    """One piece of long work: how far it is, and what came of it."""

    id: int
    kind: Annotated[str, Field(examples=["print"])]
    state: JobState
    actor: str
    region: str | None
    done: Annotated[int, Field(description="已完成步数")]
    total: int | None
    label: str | None
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    result: dict[str, Any]
    error: JobErrorOut | None
