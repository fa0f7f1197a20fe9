"""Lists of returns and of what is missing, as the desk pages through them: plain rows, one statement each."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlmodel import Session

from registry.kernel.spelling import spellings
from registry.kernel.vocabulary import CapPeriod, Covered, Kind, MineralRole, ReturnStanding
from registry.output.models import OutputReturn, ReturnDuty
from registry.output.rules import standing_of
from registry.output.wanted import Wanted
from registry.parties.models import Holder
from registry.platform.rows import table_of
from registry.rights.models import MineralRight, RightMineral, RightVersion

_RETURN, _RIGHT, _DUTY = table_of(OutputReturn), table_of(MineralRight), table_of(ReturnDuty)
_VERSION, _HOLDER, _MINERAL = table_of(RightVersion), table_of(Holder), table_of(RightMineral)


class ReturnLine(NamedTuple):
    """One standing return as a list shows it."""

    number: str
    mine: str
    region: str
    mineral: str
    period: str
    revision: int
    kind: Kind
    quantity: int
    value: str
    unit: str
    nil: bool
    voided: bool
    covered: Covered
    during_stop: bool
    counted: bool
    recorded_at: datetime
    actor: str
    source: str | None
    reason: str | None
    note: str | None

    @property
    def public_id(self) -> str:
        """The public id of the return."""
        return f"{self.number}/{self.mineral}/{self.period}"

    @property
    def standing(self) -> ReturnStanding:
        """How it came to stand."""
        return standing_of(self.revision, voided=self.voided)


_OF_RIGHT = ("number", "mine", "region")
_LINE = [_RIGHT.c[n] if n in _OF_RIGHT else _RETURN.c[n] for n in ReturnLine._fields]


def count_returns(session: Session, regions: Collection[str] | None, wanted: Wanted) -> int:
    """Return how many standing returns a list has."""
    found: int = session.connection().execute(_matching(select(func.count()), regions, wanted)).scalar_one()
    return found


def list_returns(
    session: Session, regions: Collection[str] | None, wanted: Wanted, first: int, count: int
) -> list[ReturnLine]:
    """Return `count` standing returns from place `first` (0 is the first), the newest month first.

    Within a month the days of a right stand together, so that they do not drown the others' months.
    """
    month = func.substr(_RETURN.c.period, 1, 7)
    order = (month.desc(), _RIGHT.c.number, _RETURN.c.mineral, _RETURN.c.period)
    statement = _matching(select(*_LINE), regions, wanted).order_by(*order).offset(first).limit(count)
    return [ReturnLine(*row) for row in session.connection().execute(statement).all()]


def returns_behind(
    session: Session,
    regions: Collection[str] | None,
    wanted: Wanted,
    behind: tuple[str, str, str] | None,
    count: int,
) -> list[ReturnLine]:
    """Return `count` standing returns behind one (right, mineral, period): by right as entered, then those.

    A return keeps its place when it is corrected, and no later one moves it.
    """
    order = (_RETURN.c.right_id, _RETURN.c.mineral, _RETURN.c.period)
    statement = _matching(select(*_LINE), regions, wanted).order_by(*order).limit(count)
    if behind is not None:
        number, mineral, period = behind
        right_id = select(_RIGHT.c.id).where(_RIGHT.c.number == number).scalar_subquery()
        statement = statement.where(tuple_(*order) > tuple_(right_id, mineral, period))
    return [ReturnLine(*row) for row in session.connection().execute(statement).all()]


def _matching(columns: Select[Any], regions: Collection[str] | None, wanted: Wanted) -> Select[Any]:
    statement = columns.select_from(_RETURN.join(_RIGHT, _RIGHT.c.id == _RETURN.c.right_id))
    return statement.where(_RETURN.c.superseded_at.is_(None), *_conditions(regions, wanted))


def _conditions(regions: Collection[str] | None, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if regions is not None:
        found.append(_RIGHT.c.region.in_(list(regions)))
    if wanted.year is not None:
        found.append(_RETURN.c.year == wanted.year)
    if wanted.mineral:
        found.append(_RETURN.c.mineral == wanted.mineral)
    if wanted.period:
        found.append(_RETURN.c.period.startswith(wanted.period, autoescape=True))
    if wanted.covered is not None:
        found.append(_RETURN.c.covered == wanted.covered)
    return found + _of_right(wanted.right) + _of_standing(wanted.standing)


def _of_right(text: str) -> list[ColumnElement[bool]]:
    if not text:
        return []
    parts = [(column, part) for column in (_RIGHT.c.number, _RIGHT.c.mine) for part in spellings(text)]
    return [or_(*(column.icontains(part, autoescape=True) for column, part in parts))]


def _of_standing(standing: ReturnStanding | None) -> list[ColumnElement[bool]]:
    if standing is None:
        return []
    if standing is ReturnStanding.voided:
        return [_RETURN.c.voided.is_(True)]
    first = standing is ReturnStanding.first
    revision = _RETURN.c.revision == 1 if first else _RETURN.c.revision > 1
    return [_RETURN.c.voided.is_(False), revision]


def minerals_told(session: Session, regions: Collection[str] | None) -> list[str]:
    """Return the minerals of the rights of these regions, by name; to look at every return takes longer."""
    statement = select(_MINERAL.c.mineral).distinct().order_by(_MINERAL.c.mineral)
    if regions is not None:
        statement = statement.join(_RIGHT, _RIGHT.c.id == _MINERAL.c.right_id)
        statement = statement.where(_RIGHT.c.region.in_(list(regions)))
    return list(session.connection().execute(statement).scalars())


class RightChoice(NamedTuple):
    """One right that somebody may choose in a form."""

    number: str
    mine: str
    mineral: str | None


def right_choices(session: Session, regions: Collection[str] | None) -> list[RightChoice]:
    """Return the counted rights of regions with their main mineral, by number."""
    is_main = (_MINERAL.c.right_id == _RIGHT.c.id) & (_MINERAL.c.role == MineralRole.main)
    statement = (
        select(_RIGHT.c.number, _RIGHT.c.mine, _MINERAL.c.mineral)
        .select_from(_RIGHT.outerjoin(_MINERAL, is_main))
        .where(_RIGHT.c.counted.is_(True))
        .order_by(_RIGHT.c.number)
    )
    if regions is not None:
        statement = statement.where(_RIGHT.c.region.in_(list(regions)))
    return [RightChoice(*row) for row in session.connection().execute(statement).all()]


class MissingLine(NamedTuple):
    """One return that is due and has not come, with whom to remind of it."""

    region: str
    number: str
    mine: str
    township: str | None
    holder: str | None
    mineral: str
    period: str
    grain: CapPeriod
    due_on: date
    opened: int


def missing_lines(session: Session, regions: Collection[str] | None, on: date) -> list[MissingLine]:
    """Return every open duty that was due before a day, by right, mineral and period."""
    joined = (
        _DUTY.join(_RIGHT, _RIGHT.c.id == _DUTY.c.right_id)
        .outerjoin(_VERSION, (_VERSION.c.right_id == _RIGHT.c.id) & _VERSION.c.superseded_at.is_(None))
        .outerjoin(_HOLDER, _HOLDER.c.id == _VERSION.c.holder_id)
    )
    columns = (
        _DUTY.c.region, _RIGHT.c.number, _RIGHT.c.mine, _RIGHT.c.township, _HOLDER.c.name, _DUTY.c.mineral,
        _DUTY.c.period, _DUTY.c.grain, _DUTY.c.due_on, _DUTY.c.opened,
    )  # fmt: skip
    statement = select(*columns).select_from(joined)
    statement = statement.where(
        _DUTY.c.fulfilled_at.is_(None), _DUTY.c.dropped_at.is_(None), _DUTY.c.due_on < on
    )
    if regions is not None:
        statement = statement.where(_DUTY.c.region.in_(list(regions)))
    statement = statement.order_by(_RIGHT.c.number, _DUTY.c.mineral, _DUTY.c.period)
    found: Sequence[Any] = session.connection().execute(statement).all()
    return [MissingLine(*row) for row in found]
