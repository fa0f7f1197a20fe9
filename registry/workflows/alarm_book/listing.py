"""Finds the alarms of a list in the database: what stands comes first, the most urgent before the newest."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select
from sqlmodel import Session

from registry.alarms.models import Alarm
from registry.alarms.queries import public
from registry.kernel.period import Year
from registry.kernel.spelling import spellings
from registry.kernel.vocabulary import AlarmSight, AlarmState, Severity
from registry.platform import clock
from registry.platform.rows import table_of
from registry.rights.models import MineralRight
from registry.workflows.alarm_book.wanted import Wanted

ALARM, RIGHT = table_of(Alarm).c, table_of(MineralRight).c
_BATCH = 1000
TABLES = table_of(Alarm).outerjoin(table_of(MineralRight), RIGHT.number == ALARM.right)
STANDS = and_(ALARM.state != AlarmState.closed, ALARM.receded.is_(False))
_SIGHTS: dict[AlarmSight, ColumnElement[bool]] = {
    AlarmSight.standing: STANDS,
    AlarmSight.open: and_(STANDS, ALARM.state == AlarmState.open),
    AlarmSight.acknowledged: and_(STANDS, ALARM.state == AlarmState.acknowledged),
    AlarmSight.closed: ALARM.state == AlarmState.closed,
    AlarmSight.receded: ALARM.receded.is_(True),
}
ORDER = (
    case((STANDS, 0), else_=1),
    case((ALARM.severity == Severity.critical, 0), (ALARM.severity == Severity.warning, 1), else_=2),
    ALARM.raised_at.desc(),
    ALARM.id.desc(),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """The alarms of one page in their public form, each with its mine, and how many there are in all.

    `by_severity` counts what every other filter leaves, so that it tells what a severity would show.
    """

    alarms: list[tuple[dict[str, Any], str | None]]
    total: int
    by_severity: dict[Severity, int]
    minerals: list[str]


def find(
    session: Session, regions: Collection[str] | None, wanted: Wanted, skipped: int = 0, most: int = 50
) -> Listed:
    """Return the wanted alarms of these regions (of all for None), `most` of them after `skipped`."""
    seen = _seen(regions)
    narrowed = [*seen, *_conditions(wanted)]
    counts = _by_severity(session, narrowed)
    if wanted.severity is not None:
        narrowed.append(ALARM.severity == wanted.severity)
    shown = counts if wanted.severity is None else {wanted.severity: counts[wanted.severity]}
    return Listed(
        _page(session, narrowed, skipped, most), sum(shown.values()), counts, _minerals(session, seen)
    )


def newest_behind(
    session: Session, regions: Collection[str] | None, wanted: Wanted, behind: int | None, most: int
) -> list[Alarm]:
    """Return the wanted alarms raised before the one of number `behind` (from the newest for None).

    An alarm keeps its place whatever becomes of it, so that whoever reads page by page misses none.
    """
    asked = _seen(regions)
    if wanted.severity is not None:
        asked.append(ALARM.severity == wanted.severity)
    if behind is not None:
        asked.append(ALARM.id < behind)
    statement = select(Alarm).select_from(TABLES).where(*asked, *_conditions(wanted))
    return list(session.execute(statement.order_by(ALARM.id.desc()).limit(most)).scalars())


def every(
    session: Session, regions: Collection[str] | None, wanted: Wanted
) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Give every wanted alarm with its mine, in the order of the list; read in batches."""
    narrowed = [*_seen(regions), *_conditions(wanted)]
    if wanted.severity is not None:
        narrowed.append(ALARM.severity == wanted.severity)
    skipped = 0
    while batch := _page(session, narrowed, skipped, _BATCH):
        yield from batch
        skipped += len(batch)


def _seen(regions: Collection[str] | None) -> list[ColumnElement[bool]]:
    return [] if regions is None else [ALARM.region.in_(list(regions))]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [_SIGHTS[wanted.sight]] if wanted.sight in _SIGHTS else []
    if wanted.text:
        parts = [(column, text) for column in (ALARM.right, RIGHT.mine) for text in spellings(wanted.text)]
        found.append(or_(*(column.icontains(text, autoescape=True) for column, text in parts)))
    if wanted.code is not None:
        found.append(ALARM.code == wanted.code)
    if wanted.mineral:
        found.append(ALARM.mineral == wanted.mineral)
    if wanted.year is not None:
        found.append(_about(wanted.year))
    return found


def _about(year: int) -> ColumnElement[bool]:
    """Ask for what is about a year, or was raised in it; a run of days may lie in two years."""
    said = Year(year)
    begins, ends = clock.end_of_day(Year(year - 1).last), clock.end_of_day(said.last)
    return or_(
        ALARM.period.startswith(str(said)),
        ALARM.period.contains(f"/{said}-"),
        and_(ALARM.raised_at >= begins, ALARM.raised_at < ends),
    )


def _by_severity(session: Session, conditions: list[ColumnElement[bool]]) -> dict[Severity, int]:
    statement = select(ALARM.severity, func.count()).select_from(TABLES).where(*conditions)
    found = {row[0]: row[1] for row in session.execute(statement.group_by(ALARM.severity))}
    return {severity: found.get(severity, 0) for severity in reversed(Severity)}


def _page(
    session: Session, conditions: list[ColumnElement[bool]], skipped: int, most: int
) -> list[tuple[dict[str, Any], str | None]]:
    statement = select(Alarm, RIGHT.mine).select_from(TABLES).where(*conditions).order_by(*ORDER)
    rows = session.execute(statement.offset(skipped).limit(most)).all()
    told = public(session, [alarm for alarm, _ in rows])
    return [(one, mine) for one, (_, mine) in zip(told, rows, strict=True)]


def _minerals(session: Session, seen: list[ColumnElement[bool]]) -> list[str]:
    statement = select(ALARM.mineral).distinct().where(not_(ALARM.mineral.is_(None)), *seen)
    return sorted(session.execute(statement).scalars())
