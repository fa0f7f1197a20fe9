"""what a step knew.

Why: an alarm is one row that always shows today's level and figures; what a step showed then was lost. So
each step keeps the level of its day and the revision of the return behind it. Of earlier steps neither is
known: they stay empty.

Revision: 0008, after 0007
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_LEVELS = "severity IN ('info', 'warning', 'critical')"


def upgrade() -> None:
    with op.batch_alter_table("alarm_step") as batch_op:
        batch_op.add_column(sa.Column("severity", sa.String(24), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_alarm_step_severity"), _LEVELS)


def downgrade() -> None:
    with op.batch_alter_table("alarm_step") as batch_op:
        batch_op.drop_constraint(op.f("ck_alarm_step_severity"), type_="check")
        batch_op.drop_column("revision")
        batch_op.drop_column("severity")
