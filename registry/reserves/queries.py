"""Reads of the reserve ledger: entries, yearly balances, and what a recomputation finds."""

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import and_, case
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from registry.kernel.display import BASE_UNIT, in_base_unit
from registry.kernel.quantity import of_kind
from registry.kernel.vocabulary import Kind, ReserveCategory, ReserveMove
from registry.minerals.queries import catalogue_order
from registry.reserves.models import ReserveEntry
from registry.reserves.rules import recomputed, year_sums
from registry.rights.models import MineralRight

_ORDER = (
    col(ReserveEntry.right_id),
    col(ReserveEntry.mineral),
    col(ReserveEntry.category),
    col(ReserveEntry.seq),
)
_CATEGORIES = list(ReserveCategory)
_COLUMNS = (
    "opening", "extracted", "lost", "explored", "reestimated", "transferred", "closing", "cumulative",
)  # fmt: skip


def ledger_of(
    session: Session, right_ids: Collection[int], mineral: str | None = None
) -> dict[tuple[int, str, ReserveCategory], list[ReserveEntry]]:
    """Return the entries of rights by right, mineral and category, in their order."""
    statement = select(ReserveEntry).where(col(ReserveEntry.right_id).in_(right_ids)).order_by(*_ORDER)
    if mineral is not None:
        statement = statement.where(ReserveEntry.mineral == mineral)
    found: dict[tuple[int, str, ReserveCategory], list[ReserveEntry]] = {}
    for entry in session.exec(statement).all():
        found.setdefault((entry.right_id, entry.mineral, entry.category), []).append(entry)
    return found


def newest_year(session: Session) -> int | None:
    """Return the newest year that the ledger has an entry of."""
    return session.exec(select(func.max(ReserveEntry.year))).first()


def numbers_with_ledger(session: Session, regions: Collection[str] | None, year: int) -> list[str]:
    """Return the rights of these regions (of all for None) whose ledger had begun by a year, by number."""
    begun = select(ReserveEntry.right_id).where(ReserveEntry.year <= year)
    statement = select(MineralRight.number).where(col(MineralRight.id).in_(begun))
    if regions is not None:
        statement = statement.where(col(MineralRight.region).in_(regions))
    return sorted(session.exec(statement).all())


def balances(session: Session, rights: Collection[MineralRight], year: int) -> list[dict[str, Any]]:
    """Return the ledger of a year, a row per right, mineral and category; resources and reserves stay apart.

    Quantities are decimal strings in t or m3. `transferred` is the net of reclassification, change of
    boundary, 压覆 and cancellation. Ordered by right, mineral code and category.
    """
    named = {right.id or 0: right for right in rights}
    order = catalogue_order(session)
    rows = []
    for (right_id, mineral, category), entries in ledger_of(session, named).items():
        if (sums := year_sums(entries, year)) is None:
            continue
        kind, right = entries[0].kind, named[right_id]
        figures: dict[str, Any] = {column: in_base_unit(of_kind(kind, sums[column])) for column in _COLUMNS}
        head: dict[str, Any] = {
            "right": right.number, "deposit": entries[0].deposit or right.mine, "mineral": mineral,
            "category": category.value, "unit": BASE_UNIT[kind],
        }  # fmt: skip
        place = (right.number, order[mineral], _CATEGORIES.index(category))
        rows.append((place, head | figures))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


class Total(NamedTuple):
    """The year of one mineral and category over all ledgers: the columns of the ledger, in base units."""

    mineral: str
    category: ReserveCategory
    kind: Kind
    ledgers: int
    sums: dict[str, int]


def totals(session: Session, rights: Collection[MineralRight], year: int) -> list[Total]:
    """Return the ledgers of rights summed by mineral and category; resources and reserves stay apart.

    Ordered by mineral code and category. A mineral kept in two kinds has a line for each.
    """
    order = catalogue_order(session)
    found: dict[tuple[str, ReserveCategory, Kind], list[dict[str, int]]] = {}
    for (_, mineral, category), entries in ledger_of(session, {right.id or 0 for right in rights}).items():
        if (sums := year_sums(entries, year)) is not None:
            found.setdefault((mineral, category, entries[0].kind), []).append(sums)
    lines = [
        Total(*key, len(years), {column: sum(one[column] for one in years) for column in _COLUMNS})
        for key, years in found.items()
    ]
    return sorted(lines, key=lambda one: (order[one.mineral], _CATEGORIES.index(one.category)))


def _ledgers(session: Session) -> Iterator[tuple[str, list[ReserveEntry]]]:
    """Yield every ledger with its public key, one at a time."""
    statement = (
        select(ReserveEntry, MineralRight.number)
        .join(MineralRight, col(MineralRight.id) == col(ReserveEntry.right_id))
        .order_by(*_ORDER)
        .execution_options(yield_per=1000)
    )
    rows = session.exec(statement)
    for key, group in groupby(rows, key=lambda row: (row[1], row[0].mineral, row[0].category.value)):
        yield "/".join(key), [entry for entry, _ in group]


def count(session: Session) -> int:
    """Return how many balances the ledger keeps: one per right, mineral and category."""
    return sum(1 for _ in _ledgers(session))


def differences(session: Session) -> list[dict[str, Any]]:
    """Return every stored balance that differs from the sum of the movements before it."""
    return [one for key, entries in _ledgers(session) for one in _off(key, entries)]


def _off(key: str, entries: list[ReserveEntry]) -> Iterator[dict[str, Any]]:
    for entry, place, balance in recomputed(entries):
        stored = {"seq": entry.seq, "balance": entry.balance_after, "cumulative": entry.cumulative_after}
        computed = {"seq": place, "balance": balance.held, "cumulative": balance.cumulative}
        if stored != computed:
            yield {"kind": "reserves", "key": f"{key}/{entry.seq}", "stored": stored, "computed": computed}


class Held(NamedTuple):
    """What rights hold of a mineral in one category, in base units of its kind.

    `surveyed` of the `ledgers` have the yearly report of that year; the others say what they held before.
    """

    mineral: str
    category: ReserveCategory
    kind: Kind
    amount: int
    ledgers: int
    surveyed: int


def held_at_end(session: Session, regions: Collection[str] | None, year: int) -> list[Held]:
    """Return what the rights of regions (of all for None) hold at the end of a year, by mineral and category.

    A ledger says what it held by its newest entry of that year or before it.
    """
    ledger: tuple[Any, ...] = (ReserveEntry.right_id, ReserveEntry.mineral, ReserveEntry.category)
    is_survey = and_(col(ReserveEntry.year) == year, col(ReserveEntry.move) == ReserveMove.extracted)
    surveyed = func.max(case((is_survey, 1), else_=0)).label("surveyed")
    newest = (
        select_columns(*ledger, func.max(ReserveEntry.seq).label("seq"), surveyed)
        .where(col(ReserveEntry.year) <= year)
        .group_by(*ledger)
        .subquery()
    )
    by: tuple[Any, ...] = (ReserveEntry.mineral, ReserveEntry.category, ReserveEntry.kind)
    statement = (
        select_columns(*by, func.sum(ReserveEntry.balance_after), func.count(), func.sum(newest.c.surveyed))
        .join(
            newest,
            and_(
                newest.c.right_id == ReserveEntry.right_id,
                newest.c.mineral == ReserveEntry.mineral,
                newest.c.category == ReserveEntry.category,
                newest.c.seq == ReserveEntry.seq,
            ),
        )
        .join(MineralRight, col(MineralRight.id) == col(ReserveEntry.right_id))
        .where(col(MineralRight.counted).is_(True))
        .group_by(*by)
    )
    if regions is not None:
        statement = statement.where(col(MineralRight.region).in_(regions))
    # PostgreSQL sums BIGINT into a Decimal
    found = [
        Held(mineral, category, kind, int(amount), ledgers, int(reports))
        for mineral, category, kind, amount, ledgers, reports in session.execute(statement).all()
    ]
    return sorted(found, key=lambda held: (held.mineral, _CATEGORIES.index(held.category)))
