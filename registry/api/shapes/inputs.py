"""What the addresses of the API carry: ids, filters, cursors."""

from typing import Annotated

from fastapi import Header, Path, Query
from pydantic import AfterValidator

from registry.api.shapes.checks import visible
from registry.kernel.quantity import LARGEST

MOST_ROWS, USUAL_ROWS = 200, 50

Cursor = Annotated[str | None, Query(description="上一页的 next_cursor，原样")]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="一页最多几行")]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="重发返回首次结果：按用户和接口保存 30 天；同一键用于另一内容为 422 idempotency_mismatch",
        examples=["2026-02-03-jingban-0007"],
    ),
]
Id = Annotated[int, Path(alias="id", ge=1, le=LARGEST, examples=[12])]
Word = Annotated[str, Path(max_length=200), AfterValidator(visible)]
Filter = Annotated[str | None, AfterValidator(lambda text: text and visible(text))]
RegionFilter = Annotated[Filter, Query(description="行政区代码；含下级", examples=["500240"])]
YearFilter = Annotated[str | None, Query(description="年度", examples=["2025"])]
AsOf = Annotated[str | None, Query(description="截至某日日终的登记内容", examples=["2025-10-31"])]
