"""Imports a file of returns in batches, each a transaction of its own: good rows stay."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from registry.identity.queries import actor_named
from registry.kernel.errors import Invalid
from registry.output.rules import FIELDS, Basis
from registry.output.service import import_rows
from registry.output.service.importing import BATCH, RETURNED, Report, Row, rejection, unread
from registry.platform.db import transaction, undone
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
MOST_TRIED = 5_000  # rows of a trial run: nobody else writes while they are judged


_NUMBER = re.compile(r"[0-9]{4}\.[0-9]")
_OFFICE_PERIOD = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})(?:月|(?:[-/.月]([0-9]{1,2})日?))?")


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
    """Import the data rows of a CSV or XLSX (or rows `only` first to last, from 1) and report on each."""
    table = read_table(file)
    options = ReturnOptions(correct, reason, dry_run, only)
    return import_return_table(engine, table, file.name, as_user, options, advance)


@dataclass(frozen=True, slots=True)
class ReturnOptions:
    """How a file of returns is to be taken."""

    correct: bool = False
    reason: str = ""
    dry_run: bool = False
    only: tuple[int, int] | None = None
    basis: Basis | None = None


def import_return_table(
    engine: Engine,
    table: list[TableRow],
    name: str,
    as_user: str | None,
    options: ReturnOptions,
    advance: Callable[[int], None] = lambda _count: None,
) -> Report:
    """Import the rows of a table and report on each; `advance` is told of every batch once it is kept.

    A trial run judges everything in one transaction that is then undone, so that a row meets the rows
    before it; the whole book waits for it, and it is kept short.

    Raises:
        Invalid: the table lacks a column, or a trial run has too many rows.
    """
    report = Report()
    rows = return_rows(table, report)
    rows = rows[options.only[0] - 1 : options.only[1]] if options.only else rows
    if options.dry_run and len(rows) > MOST_TRIED:
        raise Invalid("trial_too_long", "file", len(rows), accepted=f"≤ {MOST_TRIED}")
    told: dict[str, Any] = {"correct": options.correct, "reason": options.reason, "source": name}
    told["basis"] = options.basis
    size = max(len(rows), 1) if options.dry_run else BATCH
    for start in range(0, len(rows), size):
        batch = rows[start : start + size]
        with transaction(engine) as session, undone(session) if options.dry_run else nullcontext():
            import_rows(session, actor_named(session, as_user), batch, report, **told)
        advance(len(batch))
    return report


def _unambiguous(rows: list[TableRow]) -> None:
    """Refuse a table in which two headings mean the same column: one of the two would be lost."""
    named = [HEADINGS.get(title, title) for title in (rows[0].cells if rows else ())]
    if twice := sorted({column for column in named if column in FIELDS and named.count(column) > 1}):
        raise Invalid("column_repeated", "file", "、".join(twice), accepted="每栏一次")


def _said(column: str) -> str:
    """Return the first Chinese heading of a column."""
    return next(title for title, name in HEADINGS.items() if name == column)


def _known(title: str) -> bool:
    return HEADINGS.get(title.strip(), title.strip()) in (*FIELDS, *RETURNED)


def office_period(text: str) -> str:
    """Return a period as offices write it (2026/1, 2026年1月, 2026年1月5日) in the form of the book.

    2026.1 stays as it is and will be refused: it is what a worksheet makes of 2026.10 as well.
    """
    matched = _OFFICE_PERIOD.fullmatch(text.strip())
    if matched is None or _NUMBER.fullmatch(text.strip()):
        return text
    return "-".join([matched[1], *(part.zfill(2) for part in matched.groups()[1:] if part)])


def return_rows(table: list[TableRow], report: Report) -> list[Row]:
    """Return the rows of a table by the names of the fields; what cannot be placed goes to the report.

    Raises:
        Invalid: a column is missing, or two headings mean the same one.
    """
    found: list[Row] = []
    _unambiguous(table)
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
