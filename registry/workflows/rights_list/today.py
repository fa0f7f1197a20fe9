"""What a right is on a day, asked of the database: its permit, the end of all its permits, state and level.

`permit`, `ends`, `state` and `green` are scalars for the right of the statement around them, quick for the
fifty rights of a page; `states_of_all` and `greens_of_all` are tables with a row a right, quick where all are
judged. `day` is a value that the statement is given. A test holds them against the rules that say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Subquery, bindparam, case, func, or_, select

from registry.greenmine.models import GreenSpell
from registry.platform.rows import table_of
from registry.rights.models import MineralRight, OperatingSpell, Permit

RIGHT = table_of(MineralRight)
day: Any = bindparam("today")
_OWN, _SPELL, _GREEN = (table_of(model).alias() for model in (Permit, OperatingSpell, GreenSpell))


@dataclass(frozen=True, slots=True)
class _First:
    """Of the rows of a right that hold, the first in an order."""

    table: Any
    holds: tuple[ColumnElement[bool], ...]
    order: Sequence[Any]

    def scalar(self, name: str) -> ScalarSelect[Any]:
        """Return a column of the first row of the right of the statement around it."""
        own = self.table.c.right_id == RIGHT.c.id
        found = select(self.table.c[name]).where(own, *self.holds).order_by(*self.order)
        return found.limit(1).correlate(RIGHT).scalar_subquery()

    def of_all(self, *names: str) -> Subquery:
        """Return columns of the first row of every right that has one, under `right_id`."""
        columns = [self.table.c[name] for name in ("right_id", *names)]
        place = func.row_number().over(partition_by=self.table.c.right_id, order_by=list(self.order))
        ranked = select(*columns, place.label("place")).where(*self.holds).subquery()
        return select(*(ranked.c[one.name] for one in columns)).where(ranked.c.place == 1).subquery()


# The same choice as rights.rules.current_permit: the newest that has begun, else the first to come.
_BEGUN = or_(_OWN.c.valid_from.is_(None), _OWN.c.valid_from <= day)
_PERMIT = _First(
    _OWN,
    (_OWN.c.superseded_at.is_(None),),
    (
        case((_BEGUN, 0), else_=1),
        case((_BEGUN, func.coalesce(_OWN.c.valid_from, date.min))).desc(),
        case((_BEGUN, _OWN.c.id)).desc(),
        _OWN.c.valid_from,
        _OWN.c.id,
    ),
)
_STATE = _First(
    _SPELL,
    (_SPELL.c.superseded_at.is_(None), _SPELL.c.since <= day),
    (_SPELL.c.since.desc(), _SPELL.c.id.desc()),
)
_LEVEL = _First(
    _GREEN,
    (_GREEN.c.superseded_at.is_(None), or_(_GREEN.c.since.is_(None), _GREEN.c.since <= day)),
    (func.coalesce(_GREEN.c.since, date.min).desc(), _GREEN.c.id.desc()),
)
# The last day of all live permits; nothing where one of them is open, or where there is none.
_LAST_DAY = case((func.count() == func.count(_OWN.c.valid_to), func.max(_OWN.c.valid_to)))

permit: ScalarSelect[int] = _PERMIT.scalar("id")
state: ScalarSelect[str] = _STATE.scalar("state")
green: ScalarSelect[str] = _LEVEL.scalar("level")
ends: ScalarSelect[date] = (
    select(_LAST_DAY)
    .where(_OWN.c.right_id == RIGHT.c.id, _OWN.c.superseded_at.is_(None))
    .correlate(RIGHT)
    .scalar_subquery()
)
states_of_all = _STATE.of_all("state")
greens_of_all = _LEVEL.of_all("level")
