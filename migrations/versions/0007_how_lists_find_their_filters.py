"""how lists find their filters.

Why: every page of the list of rights says which minerals, townships and counties its filters can be set to;
without an index the database reads every right and every mineral of one for it.

Revision: 0007, after 0006
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_mineral_right_place", "mineral_right", ["region", "township"])
    op.drop_index("ix_mineral_right_region", table_name="mineral_right")  # the new one begins with it
    op.create_index("ix_right_mineral_mineral", "right_mineral", ["mineral", "right_id"])


def downgrade() -> None:
    op.drop_index("ix_right_mineral_mineral", table_name="right_mineral")
    op.create_index("ix_mineral_right_region", "mineral_right", ["region"])
    op.drop_index("ix_mineral_right_place", table_name="mineral_right")
