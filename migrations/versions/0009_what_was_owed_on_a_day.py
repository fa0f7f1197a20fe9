"""what was owed on a day.

Why: what was missing at the end of a day must not be rewritten by a stop or a restart that is told later. A
duty keeps the moment it was opened at, and one that is no longer owed the moment it was dropped at, instead
of being deleted.

What can be known of the duties that are there: one after a return taken back was opened when that was done,
the last time before it was settled. Any other was opened, at the earliest, when the right was entered, when
the state by which the mine produced in its month was told (for one that was settled: first told), and at the
beginning of the year before its own. The latest of these stands; where a plan brought a daily cap later, its
days look older than they are. What was dropped before is gone, and is not made up.

Revision: 0009, after 0008
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENT = sa.DateTime(timezone=True)
_KEY = ["right_id", "mineral", "period", "opened"]
_UNIQUE = "uq_return_duty_right_id_mineral_period_opened"


def _table(name: str, plain: str, *moments: str) -> Any:
    return sa.table(name, *map(sa.column, plain.split()), *(sa.column(one, _MOMENT) for one in moments))


_DUTY = _table(
    "return_duty", "right_id mineral period year opened", "opened_at", "fulfilled_at", "dropped_at"
)
_RIGHT = _table("mineral_right", "id", "recorded_at")
_RETURN = _table("output_return", "right_id mineral period voided", "recorded_at")
_SPELL = _table("operating_spell", "id right_id state since", "recorded_at", "superseded_at")


def upgrade() -> None:
    op.add_column("return_duty", sa.Column("opened_at", _MOMENT, nullable=True))
    op.add_column("return_duty", sa.Column("dropped_at", _MOMENT, nullable=True))
    _say_when_opened()
    _drop_indexes()
    with op.batch_alter_table("return_duty") as batch_op:
        batch_op.alter_column("opened_at", existing_type=_MOMENT, nullable=False)
        batch_op.drop_constraint(op.f(_UNIQUE), type_="unique")
    _create_indexes("fulfilled_at IS NULL AND dropped_at IS NULL")
    op.create_index("uq_return_duty_live", "return_duty", _KEY, unique=True, **_where("dropped_at IS NULL"))
    dropped = ["year", "dropped_at", "due_on"]
    op.create_index("ix_return_duty_dropped", "return_duty", dropped, **_where("dropped_at IS NOT NULL"))


def _say_when_opened() -> None:
    duty, spell, told = _DUTY.c, _SPELL.c, _RETURN.c
    entered = sa.select(_RIGHT.c.recorded_at).where(_RIGHT.c.id == duty.right_id).scalar_subquery()
    _fill(entered)
    _raise(_told(spell.superseded_at.is_(None), ~_ended()), duty.fulfilled_at.is_(None))
    _raise(_told(), duty.fulfilled_at.is_not(None))
    for year in op.get_bind().execute(sa.select(duty.year).distinct()).scalars().all():
        begun = datetime(year - 1, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
        _raise(sa.literal(begun, _MOMENT), duty.year == year)
    taken_back = sa.select(sa.func.max(told.recorded_at)).where(
        told.right_id == duty.right_id,
        told.mineral == duty.mineral,
        told.period == duty.period,
        told.voided == sa.true(),
        sa.or_(duty.fulfilled_at.is_(None), told.recorded_at <= duty.fulfilled_at),
    )
    _fill(sa.func.coalesce(taken_back.scalar_subquery(), duty.opened_at), duty.opened > 1)


def _told(*which: Any) -> Any:
    """Return when it was first told that the mine produced in a duty's month; days are owed by months."""
    duty, spell = _DUTY.c, _SPELL.c
    found = sa.select(sa.func.min(spell.recorded_at)).where(
        spell.right_id == duty.right_id,
        spell.state == "producing",
        sa.func.substr(sa.cast(spell.since, sa.String), 1, 7) <= sa.func.substr(duty.period, 1, 7),
        *which,
    )
    return found.correlate(_DUTY).scalar_subquery()


def _ended() -> Any:
    """Tell whether another state had begun by the first day of a duty's month."""
    spell, later = _SPELL.c, _SPELL.alias("later")
    first = sa.func.substr(_DUTY.c.period, 1, 7).op("||")("-01")
    found = sa.exists().where(
        later.c.right_id == spell.right_id,
        later.c.superseded_at.is_(None),
        later.c.since > spell.since,
        sa.cast(later.c.since, sa.String) <= first,
    )
    return found.correlate(_SPELL, _DUTY)


def _fill(moment: Any, *which: Any) -> None:
    op.execute(_DUTY.update().where(*which).values(opened_at=moment))


def _raise(moment: Any, *which: Any) -> None:
    _fill(moment, moment > _DUTY.c.opened_at, *which)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _create_indexes(is_open: str) -> None:
    """Create what finds the open and the late duties; SQLite rebuilds the table without them."""
    columns = ["year", "region", "mineral", "due_on"]
    op.create_index("ix_return_duty_open", "return_duty", columns, **_where(is_open))
    op.create_index(
        "ix_return_duty_late",
        "return_duty",
        ["year", "fulfilled_at", "due_on"],
        sqlite_where=sa.text("in_time = 0 AND fulfilled_at IS NOT NULL"),
        postgresql_where=sa.text("NOT in_time AND fulfilled_at IS NOT NULL"),
    )


def _drop_indexes() -> None:
    for name in ("ix_return_duty_open", "ix_return_duty_late"):
        op.drop_index(name, table_name="return_duty")


def downgrade() -> None:
    op.execute(_DUTY.delete().where(_DUTY.c.dropped_at.is_not(None)))  # the book of before deletes them
    op.drop_index("ix_return_duty_dropped", table_name="return_duty")
    op.drop_index("uq_return_duty_live", table_name="return_duty")
    _drop_indexes()
    with op.batch_alter_table("return_duty") as batch_op:
        batch_op.create_unique_constraint(op.f(_UNIQUE), _KEY)
        batch_op.drop_column("dropped_at")
        batch_op.drop_column("opened_at")
    _create_indexes("fulfilled_at IS NULL")
