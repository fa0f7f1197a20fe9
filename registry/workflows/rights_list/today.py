"""What a right is on a day, asked of the database: its permit, the end of all its permits, state and level.

`permit`, `ends`, `state` and `green` are scalars for the right of the statement around them, quick for the
fifty rights of a page; `permits` and `rights_…` are tables, quick where all are judged. `day` is a value that
the statement is given. A test holds them against the rules that say the same.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    tuple_,
)

from registry.greenmine.models import GreenSpell
from registry.platform.rows import table_of
from registry.rights.models import MineralRight, OperatingSpell, Permit

RIGHT = table_of(MineralRight)
day: Any = bindparam("today")


@dataclass(frozen=True, slots=True)
class _Dated:
    """Records of rights that begin on a day, open at that side where it is unknown."""

    table: Any
    begins: str

    def live(self, row: Any) -> ColumnElement[bool]:
        holds: ColumnElement[bool] = row.c.superseded_at.is_(None)
        return holds

    def begun(self, row: Any) -> ColumnElement[bool]:
        return or_(row.c[self.begins].is_(None), row.c[self.begins] <= day)

    def place(self, row: Any) -> Any:
        return tuple_(func.coalesce(row.c[self.begins], date.min), row.c.id)

    def newest(self, name: str) -> ScalarSelect[Any]:
        """Return a column of the newest begun record of the right of the statement around."""
        own = self.table.alias()
        holds = own.c.right_id == RIGHT.c.id, self.live(own), self.begun(own)
        order = [one.desc() for one in self.place(own).clauses]
        return select(own.c[name]).where(*holds).order_by(*order).limit(1).correlate(RIGHT).scalar_subquery()

    def rights(self, holds: Any) -> Select[Any]:
        """Return the rights whose newest begun record is as a function of its row asks."""
        own, other = self.table.alias(), self.table.alias()
        newer = exists().where(
            other.c.right_id == own.c.right_id,
            self.live(other),
            self.begun(other),
            self.place(other) > self.place(own),
        )
        return select(own.c.right_id).where(self.live(own), self.begun(own), holds(own), ~newer)


_PERMIT = _Dated(table_of(Permit), "valid_from")
_STATE = _Dated(table_of(OperatingSpell), "since")
_LEVEL = _Dated(table_of(GreenSpell), "since")
_ANY = table_of(Permit).alias()
_COMING = table_of(Permit).alias()

state: ScalarSelect[str] = _STATE.newest("state")
green: ScalarSelect[str] = _LEVEL.newest("level")
# The same choice as rights.rules.current_permit: the newest that has begun, else the first to come.
permit: ColumnElement[int] = func.coalesce(
    _PERMIT.newest("id"),
    select(_COMING.c.id)
    .where(_COMING.c.right_id == RIGHT.c.id, _PERMIT.live(_COMING))
    .order_by(_COMING.c.valid_from, _COMING.c.id)
    .limit(1)
    .correlate(RIGHT)
    .scalar_subquery(),
)
# The last day of all live permits; nothing where one of them is open, or where there is none.
ends: ScalarSelect[date] = (
    select(case((func.count() == func.count(_ANY.c.valid_to), func.max(_ANY.c.valid_to))))
    .where(_ANY.c.right_id == RIGHT.c.id, _PERMIT.live(_ANY))
    .correlate(RIGHT)
    .scalar_subquery()
)


# Tables of rights: those in a state, at a level, and by the permit of the day or by any of their permits.
rights_in_state = _STATE.rights(lambda row: row.c.state == bindparam("state"))
rights_at_level = _LEVEL.rights(lambda row: row.c.level == bindparam("level"))
rights_running = _PERMIT.rights(lambda row: or_(row.c.valid_to.is_(None), row.c.valid_to >= day))
rights_expired = _PERMIT.rights(lambda row: row.c.valid_to < day)
rights_permitted = select(_ANY.c.right_id).where(_PERMIT.live(_ANY))
rights_begun = rights_permitted.where(_PERMIT.begun(_ANY))


def rights_beyond(last: Any) -> Select[Any]:
    """Return the rights with a permit that ends after a day, or never."""
    return rights_permitted.where(or_(_ANY.c.valid_to.is_(None), _ANY.c.valid_to > last))


def _permits() -> Any:
    """Return the permit of the day of every right that has one."""
    own, other = table_of(Permit).alias(), table_of(Permit).alias()
    is_begun, others = _PERMIT.begun(own), _PERMIT.begun(other)
    own_place, other_place = _PERMIT.place(own), _PERMIT.place(other)
    newer = and_(others, or_(~is_begun, other_place > own_place))
    sooner = and_(~others, ~is_begun, other_place < own_place)
    chosen = ~exists().where(other.c.right_id == own.c.right_id, _PERMIT.live(other), or_(newer, sooner))
    columns = (own.c[name] for name in ("right_id", "kind", "scale", "method"))
    return select(*columns).where(_PERMIT.live(own), chosen).subquery()


permits = _permits()
