"""Reads of returns: the standing ones, their sums, their revisions."""

from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, or_, select, tuple_

from registry.kernel.errors import NotFound
from registry.output.models import OutputReturn
from registry.plans.models import Cap
from registry.platform.rows import table_of
from registry.regions.queries import below
from registry.rights.models import MineralRight
from registry.rights.queries import rights_by_number

Key = tuple[int, str, str]

_RETURN = table_of(OutputReturn).c
# Every return asks these two: built once, they cost half.
_LIVE = select(OutputReturn).where(
    tuple_(col(OutputReturn.right_id), col(OutputReturn.mineral), col(OutputReturn.period)).in_(
        bindparam("keys", expanding=True)
    ),
    col(OutputReturn.superseded_at).is_(None),
)
_YEAR_TOTALS = (
    select_columns(_RETURN.right_id, _RETURN.mineral, _RETURN.year, func.sum(_RETURN.quantity))
    .where(
        _RETURN.right_id.in_(bindparam("rights", expanding=True)),
        _RETURN.year.in_(bindparam("years", expanding=True)),
        _RETURN.superseded_at.is_(None),
    )
    .group_by(_RETURN.right_id, _RETURN.mineral, _RETURN.year)
)


# The newest year of which a return stands. The index over years finds it from the end. (A limit of one would
# be a value of its own, for which PostgreSQL plans the statement anew each time.)
NEWEST_YEAR = (
    select_columns(func.max(_RETURN.year))
    .where(_RETURN.superseded_at.is_(None), _RETURN.voided.is_(False))
    .scalar_subquery()
)


def live_returns(session: Session, keys: Collection[Key]) -> dict[Key, OutputReturn]:
    """Return the standing revision of each (right, mineral, period)."""
    found = session.exec(_LIVE, params={"keys": list(keys)}).all()
    return {(r.right_id, r.mineral, r.period): r for r in found}


def year_totals(
    session: Session, right_ids: Collection[int], years: Collection[int]
) -> dict[tuple[int, str, int], int]:
    """Return what each right has reported of each mineral in each year, in base units."""
    given = {"rights": list(right_ids), "years": list(years)}
    found = session.connection().execute(_YEAR_TOTALS, given)
    # PostgreSQL sums BIGINT into a Decimal
    return {(right, mineral, year): int(total) for right, mineral, year, total in found}


def last_days(session: Session, cap: Cap, year: int | None = None) -> dict[int, date]:
    """Return by year the last day of the latest period that stands under a cap, of every year or of one."""
    statement = (
        select_columns(_RETURN.year, func.max(_RETURN.last_day))
        .join(MineralRight, col(MineralRight.id) == _RETURN.right_id)
        .where(
            col(MineralRight.region).in_(below(session, cap.region)),
            _RETURN.mineral == cap.mineral,
            _RETURN.superseded_at.is_(None),
            _RETURN.voided.is_(False),
            _RETURN.counted.is_(True),
        )
        .group_by(_RETURN.year)
    )
    statement = statement if year is None else statement.where(_RETURN.year == year)
    return {row[0]: row[1] for row in session.connection().execute(statement).all()}


def returns_of(
    session: Session, right_id: int, year: int, as_of: datetime | None = None
) -> list[OutputReturn]:
    """Return the standing returns of a right in a year, by mineral and period; voided ones are left out."""
    statement = select(OutputReturn).where(
        OutputReturn.right_id == right_id, OutputReturn.year == year, col(OutputReturn.voided).is_(False)
    )
    if as_of is None:
        statement = statement.where(col(OutputReturn.superseded_at).is_(None))
    else:
        still = or_(col(OutputReturn.superseded_at).is_(None), col(OutputReturn.superseded_at) >= as_of)
        statement = statement.where(OutputReturn.recorded_at < as_of, still)
    return list(session.exec(statement.order_by(OutputReturn.mineral, OutputReturn.period)).all())


def revisions_of(session: Session, right_id: int, mineral: str, period: str) -> list[OutputReturn]:
    """Return every revision of one return, oldest first."""
    statement = select(OutputReturn).where(
        OutputReturn.right_id == right_id, OutputReturn.mineral == mineral, OutputReturn.period == period
    )
    return list(session.exec(statement.order_by(col(OutputReturn.revision))).all())


def revisions_named(session: Session, public_ids: Collection[str]) -> dict[str, list[OutputReturn]]:
    """Return every revision of the returns of these public ids, oldest first; what names none is left out."""
    keys: list[tuple[str, str, str]] = []
    for public_id in public_ids:
        with suppress(NotFound):
            keys.append(split_public_id(public_id))
    if not keys:
        return {}
    rights = rights_by_number(session, {number for number, _, _ in keys})
    names = {
        (rights[number].id, mineral, period): f"{number}/{mineral}/{period}"
        for number, mineral, period in keys
        if number in rights
    }
    key = tuple_(col(OutputReturn.right_id), col(OutputReturn.mineral), col(OutputReturn.period))
    statement = select(OutputReturn).where(key.in_(list(names))).order_by(col(OutputReturn.revision))
    found: dict[str, list[OutputReturn]] = {}
    for row in session.exec(statement).all():
        found.setdefault(names[row.right_id, row.mineral, row.period], []).append(row)
    return found


def newest_returns(session: Session, right_id: int, count: int) -> list[OutputReturn]:
    """Return the standing returns of a right that were not taken back, the newest periods first."""
    statement = select(OutputReturn).where(
        OutputReturn.right_id == right_id,
        col(OutputReturn.superseded_at).is_(None),
        col(OutputReturn.voided).is_(False),
    )
    newest = (col(OutputReturn.last_day).desc(), OutputReturn.mineral)
    return list(session.exec(statement.order_by(*newest).limit(count)).all())


def figures_before(session: Session, right_id: int, mineral: str, day: date, *, of_days: bool) -> list[int]:
    """Return what a right has told of a mineral in the days, or the months, before a day, in base units.

    Nil returns and those taken back are left out.
    """
    statement = select(OutputReturn.quantity).where(
        OutputReturn.right_id == right_id,
        OutputReturn.mineral == mineral,
        OutputReturn.first_day < day,
        (col(OutputReturn.first_day) == OutputReturn.last_day) == of_days,
        col(OutputReturn.superseded_at).is_(None),
        col(OutputReturn.voided).is_(False),
        col(OutputReturn.nil).is_(False),
    )
    return list(session.exec(statement).all())


def newest_year(session: Session) -> int | None:
    """Return the newest year of which a return stands."""
    found: int | None = session.connection().execute(select_columns(NEWEST_YEAR)).scalar()
    return found


def newest_revision(session: Session) -> int:
    """Return the number of the newest revision of the book; 0 where there is none yet."""
    return session.exec(select(func.max(OutputReturn.id))).one() or 0


def split_public_id(public_id: str) -> tuple[str, str, str]:
    """Return right, mineral and period of a public return id."""
    parts = public_id.strip().rsplit("/", 2)
    if len(parts) != 3 or not public_id.isprintable():
        raise NotFound("return", public_id)
    return parts[0], parts[1], parts[2]


def corrected_in(session: Session, right_id: int, year: int) -> list[OutputReturn]:
    """Return the standing revisions of a year that replaced an earlier one, taken-back returns too."""
    statement = select(OutputReturn).where(
        OutputReturn.right_id == right_id,
        OutputReturn.year == year,
        OutputReturn.revision > 1,
        col(OutputReturn.superseded_at).is_(None),
    )
    return list(session.exec(statement.order_by(col(OutputReturn.recorded_at).desc())).all())
