"""What a right is on a day, asked of the database: its permit, the end of all its permits, state and level.

Each is a scalar for the right of the statement around it; `day` is a value that the statement is given.
A test holds them against the rules that say the same of rows.
"""

from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, bindparam, case, func, or_, select

from registry.greenmine.models import GreenSpell
from registry.platform.rows import table_of
from registry.rights.models import MineralRight, OperatingSpell, Permit

RIGHT = table_of(MineralRight)
day: Any = bindparam("today")
_OWN, _SPELL, _GREEN = (table_of(model).alias() for model in (Permit, OperatingSpell, GreenSpell))

# The same choice as rights.rules.current_permit: the newest that has begun, else the first to come.
_BEGUN = or_(_OWN.c.valid_from.is_(None), _OWN.c.valid_from <= day)
permit: ScalarSelect[int] = (
    select(_OWN.c.id)
    .where(_OWN.c.right_id == RIGHT.c.id, _OWN.c.superseded_at.is_(None))
    .order_by(
        case((_BEGUN, 0), else_=1),
        case((_BEGUN, func.coalesce(_OWN.c.valid_from, date.min))).desc(),
        case((_BEGUN, _OWN.c.id)).desc(),
        _OWN.c.valid_from,
        _OWN.c.id,
    )
    .limit(1)
    .correlate(RIGHT)
    .scalar_subquery()
)
# The last day of all live permits; nothing where one of them is open, or where there is none.
ends: ScalarSelect[date] = (
    select(case((func.count() == func.count(_OWN.c.valid_to), func.max(_OWN.c.valid_to))))
    .where(_OWN.c.right_id == RIGHT.c.id, _OWN.c.superseded_at.is_(None))
    .correlate(RIGHT)
    .scalar_subquery()
)
state: ScalarSelect[str] = (
    select(_SPELL.c.state)
    .where(_SPELL.c.right_id == RIGHT.c.id, _SPELL.c.superseded_at.is_(None), _SPELL.c.since <= day)
    .order_by(_SPELL.c.since.desc(), _SPELL.c.id.desc())
    .limit(1)
    .correlate(RIGHT)
    .scalar_subquery()
)
green: ScalarSelect[str] = (
    select(_GREEN.c.level)
    .where(
        _GREEN.c.right_id == RIGHT.c.id,
        _GREEN.c.superseded_at.is_(None),
        or_(_GREEN.c.since.is_(None), _GREEN.c.since <= day),
    )
    .order_by(func.coalesce(_GREEN.c.since, date.min).desc(), _GREEN.c.id.desc())
    .limit(1)
    .correlate(RIGHT)
    .scalar_subquery()
)
