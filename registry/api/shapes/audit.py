"""The shapes of the audit trail."""

from typing import Annotated, Any

from pydantic import Field

from registry.api.shapes.common import Moment, Out

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256")]


class EntryOut(Out):
    """One act: a link of its region's chain."""

    region: Annotated[str, Field(examples=["500240"])]
    seq: int
    at: Moment
    actor: Annotated[str, Field(examples=["jingban"])]
    act: Annotated[str, Field(examples=["output.record"])]
    record: Annotated[str, Field(examples=["SZ-2015-0001/建筑石料用灰岩/2026-01"])]
    facts: dict[str, Any]
    text: Annotated[str, Field(description="哈希所覆盖的原文")]
    previous: str
    hash: str


class HeadOut(Out):
    """The newest link of one region's chain."""

    region: str
    seq: int
    hash: Digest
