"""Imports a file of returns in batches, each a transaction of its own: good rows stay."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from registry.identity.queries import actor_named
from registry.kernel.errors import Invalid
from registry.output.rules import FIELDS
from registry.output.service import import_rows
from registry.output.service.importing import BATCH, Report, Row, rejection, unread
from registry.platform.db import transaction
from registry.platform.tables import Row as TableRow
from registry.platform.tables import read_table

HEADINGS = {
    "矿业权编号": "right_no",
    "证号": "right_no",
    "登记号": "right_no",
    "矿业权登记号": "right_no",
    "采矿权登记号": "right_no",
    "采矿权编号": "right_no",
    "矿种": "mineral",
    "期间": "period",
    "报告期": "period",
    "月份": "period",
    "日期": "period",
    "产量": "quantity",
    "开采量": "quantity",
    "单位": "unit",
    "损失量": "lost",
    "损失": "lost",
    "损失单位": "lost_unit",
    "产量单位": "unit",
    "计量单位": "unit",
    "损失量单位": "lost_unit",
    "零报": "nil",
    "备注": "note",
}
_NEEDED = ("right_no", "period", "quantity", "unit")


_OFFICE_PERIOD = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})(?:月|(?:[-/.月]([0-9]{1,2})日?))?")


class _DryRun(Exception):
    """Leaves the transaction so that nothing of a trial stays."""


def import_returns(
    engine: Engine,
    file: Path,
    as_user: str | None,
    *,
    correct: bool = False,
    reason: str = "",
    dry_run: bool = False,
    only: tuple[int, int] | None = None,
    advance: Callable[[int], None] = lambda _count: None,
) -> Report:
    """Import the data rows of a CSV or XLSX (or rows `only` first to last, from 1) and report on each.

    A trial run judges everything in one transaction that is then rolled back.
    """
    report = Report()
    rows = _rows(file, report)
    rows = rows[only[0] - 1 : only[1]] if only else rows
    options: dict[str, Any] = {"correct": correct, "reason": reason, "source": file.name}
    size = max(len(rows), 1) if dry_run else BATCH
    for start in range(0, len(rows), size):
        batch = rows[start : start + size]
        try:
            with transaction(engine) as session:
                import_rows(session, actor_named(session, as_user), batch, report, **options)
                if dry_run:
                    raise _DryRun
        except _DryRun:
            pass
        advance(len(batch))
    return report


def _unambiguous(rows: list[TableRow]) -> list[TableRow]:
    """Refuse a table in which two headings mean the same column: one of the two would be lost."""
    named = [HEADINGS.get(title, title) for title in (rows[0].cells if rows else ())]
    if twice := sorted({column for column in named if column in FIELDS and named.count(column) > 1}):
        raise Invalid("column_repeated", "file", "、".join(twice), accepted="每栏一次")
    return rows


def _said(column: str) -> str:
    """Return the first Chinese heading of a column."""
    return next(title for title, name in HEADINGS.items() if name == column)


def _known(title: str) -> bool:
    return HEADINGS.get(title.strip(), title.strip()) in FIELDS


def office_period(text: str) -> str:
    """Return a period as offices write it (2026/1, 2026年1月, 2026年1月5日) in the form of the book."""
    matched = _OFFICE_PERIOD.fullmatch(text.strip())
    if matched is None:
        return text
    return "-".join([matched[1], *(part.zfill(2) for part in matched.groups()[1:] if part)])


def _rows(file: Path, report: Report) -> list[Row]:
    found: list[Row] = []
    table = _unambiguous(read_table(file))
    report.warnings += [unread(title) for title in (table[0].cells if table else ()) if not _known(title)]
    for row in table:
        cells = {HEADINGS.get(name.strip(), name.strip()): value for name, value in row.cells.items()}
        missing = [name for name in _NEEDED if name not in cells]
        if missing:
            named = "、".join(f"{_said(name)}（{name}）" for name in missing)
            accepted = "、".join(f"{_said(name)}（{name}）" for name in FIELDS)
            raise Invalid("column_missing", "file", named, accepted=accepted)
        try:
            row.refuse_surplus()
            fields = {name: cells.get(name, "") for name in FIELDS}
            found.append((row.number, fields | {"period": office_period(fields["period"])}))
        except Invalid as error:
            report.rejected.append(rejection(row.number, error))
    return found
