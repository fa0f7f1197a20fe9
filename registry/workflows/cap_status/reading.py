"""Reads caps and what their meters say, in as few statements as a page may send."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, literal_column, null, select
from sqlmodel import Session, col

from registry.caps.models import Meter, Movement
from registry.caps.queries import Reading, read_readings, reading_statements
from registry.kernel.vocabulary import CapPeriod
from registry.minerals.models import Mineral
from registry.output.models import OutputReturn
from registry.output.queries import NEWEST_YEAR
from registry.plans.models import Cap, CapLine, PlanClause, PlanDocument
from registry.plans.queries import adopted
from registry.platform.clock import local_day
from registry.platform.together import Rows, together

Key = tuple[str, str, CapPeriod]  # region, mineral and period of one cap
_MONTH = len("2025-07")


@dataclass(frozen=True, slots=True)
class Account:
    """A cap with the code of its mineral and the lines that gave it its figures, oldest first.

    `texts` are the clauses that the lines stand in, by the key of the line; read for a single cap only.
    """

    cap: Cap
    code: str | None
    lines: list[tuple[CapLine, PlanDocument]] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)

    @property
    def place(self) -> tuple[str, bool, str, str, str]:
        """Where it stands in a list: by region and code, those without a code last by name."""
        return self.cap.region, self.code is None, self.code or "", self.cap.mineral, self.cap.period


def accounts(
    session: Session,
    regions: Collection[str] | None = None,
    as_of: datetime | None = None,
    only: Key | None = None,
) -> tuple[list[Account], int | None]:
    """Return the caps of these regions (of all for None) or only one, and the newest year with returns.

    Looking back that is no year that had not begun.
    """
    text = null() if only is None else _clause_text()
    columns: tuple[Any, ...] = (Cap, Mineral.code, CapLine, PlanDocument, text, NEWEST_YEAR)
    statement = (
        select(*columns)
        .join(Mineral, col(Mineral.name) == col(Cap.mineral))
        .outerjoin(CapLine, and_(col(CapLine.cap_id) == col(Cap.id), *adopted(as_of)))
        .outerjoin(PlanDocument, col(PlanDocument.id) == col(CapLine.document_id))
        .order_by(col(CapLine.valid_from), col(CapLine.id))
    )
    if regions is not None:
        statement = statement.where(col(Cap.region).in_(regions))
    if only is not None:
        region, mineral, period = only
        statement = statement.where(
            col(Cap.region) == region, col(Cap.mineral) == mineral, col(Cap.period) == period
        )
    found: dict[int, Account] = {}
    rows = session.execute(statement).all()
    for cap, code, line, document, words, _ in rows:
        account = found.setdefault(cap.id, Account(cap, code))
        if line is not None:
            account.lines.append((line, document))
            if words is not None:
                account.texts[line.id] = words
    newest = rows[0][-1] if rows else None
    if newest is not None and as_of is not None:
        newest = min(newest, local_day(as_of - timedelta(microseconds=1)).year)
    return sorted(found.values(), key=lambda account: account.place), newest


def _clause_text() -> Any:
    same = col(PlanClause.document_id) == col(CapLine.document_id), PlanClause.code == CapLine.clause
    return select(PlanClause.text).where(*same).correlate(CapLine).scalar_subquery()  # type: ignore[call-overload]


Told = tuple[dict[int, list[Reading]], dict[int, dict[int, int]]]


def readings_with_months(
    session: Session, caps: Sequence[Cap], year: int, *moments: datetime | None
) -> list[Told]:
    """Return the readings of caps in a year, and what came for each month of it under the yearly ones.

    Both at each moment, and all in one statement. The months are sums of movements, so they are what the
    meters are made of.
    """
    every = [cap.id or 0 for cap in caps]
    yearly = [cap.id or 0 for cap in caps if cap.period is CapPeriod.year]
    asked = ([*reading_statements(every, year, at), _by_month(yearly, year, at)] for at in moments)
    return [_apart(rows) for rows in together(session, *asked)]


def _apart(rows: Rows) -> Told:
    by_month: dict[int, dict[int, int]] = defaultdict(dict)
    told = []
    for cap_id, period, used, *rest in rows:
        if len(period) == _MONTH:
            by_month[cap_id][int(period[-2:])] = int(used)  # PostgreSQL sums BIGINT into a Decimal
        else:
            told.append((cap_id, period, int(used), *rest))
    return read_readings(told), by_month


def _by_month(cap_ids: Collection[int], year: int, as_of: datetime | None) -> Select[Any]:
    month = func.substr(OutputReturn.period, literal_column("1"), literal_column(str(_MONTH)))
    statement = (
        select(col(Meter.cap_id), month, func.sum(Movement.amount), null(), null(), null())
        .join(Meter, col(Meter.id) == col(Movement.meter_id))
        .join(OutputReturn, col(OutputReturn.id) == col(Movement.return_id))
        .where(col(Meter.cap_id).in_(cap_ids), col(Meter.period) == f"{year:04d}")
        .group_by(col(Meter.cap_id), month)
    )
    return statement if as_of is None else statement.where(col(Movement.recorded_at) < as_of)
