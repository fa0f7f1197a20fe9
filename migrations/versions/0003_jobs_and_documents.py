"""jobs and documents.

Why: long work can be left, found again and cancelled, and is done once by however many workers; what is
printed keeps its number, its bytes and what it replaces.

Revision: 0003, after 0002
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WIDER = "state IN ('queued', 'running', 'done', 'failed', 'cancelled')"
_NARROWER = "state IN ('queued', 'running', 'done', 'failed')"


def upgrade() -> None:
    op.add_column("job", sa.Column("region", sa.String(), nullable=True))
    op.add_column("job", sa.Column("key", sa.String(), nullable=True))
    op.add_column("job", sa.Column("done", sa.BigInteger(), nullable=True))
    op.add_column("job", sa.Column("total", sa.BigInteger(), nullable=True))
    op.add_column("job", sa.Column("label", sa.String(), nullable=True))
    op.add_column("job", sa.Column("worker", sa.String(), nullable=True))
    op.add_column("job", sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("job", sa.Column("attempts", sa.BigInteger(), nullable=True))
    op.add_column("job", sa.Column("cancel_asked", sa.Boolean(), nullable=True))
    op.add_column("job", sa.Column("error_code", sa.String(), nullable=True))
    op.add_column("job", sa.Column("error_facts", sa.String(), nullable=True))
    op.execute("UPDATE job SET done = 0, attempts = 0, cancel_asked = false")
    # What was running when the program was replaced was done by a command that is gone: anybody may take it.
    op.execute("UPDATE job SET state = 'queued' WHERE state = 'running'")
    with op.batch_alter_table("job") as batch_op:
        batch_op.drop_constraint(op.f("ck_job_job_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_job_job_state"), _WIDER)
        batch_op.alter_column("done", existing_type=sa.BigInteger(), nullable=False)
        batch_op.alter_column("attempts", existing_type=sa.BigInteger(), nullable=False)
        batch_op.alter_column("cancel_asked", existing_type=sa.Boolean(), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_job_actor_kind_key"), ["actor", "kind", "key"])
        batch_op.create_index(op.f("ix_job_actor"), ["actor"], unique=False)
        batch_op.create_index("ix_job_state_id", ["state", "id"], unique=False)
    op.create_table(
        "worker_seen",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_seen")),
    )


def downgrade() -> None:
    op.drop_table("worker_seen")
    op.execute("UPDATE job SET state = 'failed' WHERE state = 'cancelled'")
    with op.batch_alter_table("job") as batch_op:
        batch_op.drop_index("ix_job_state_id")
        batch_op.drop_index(op.f("ix_job_actor"))
        batch_op.drop_constraint(op.f("uq_job_actor_kind_key"), type_="unique")
        batch_op.drop_constraint(op.f("ck_job_job_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_job_job_state"), _NARROWER)
        for name in (
            "region", "key", "done", "total", "label", "worker", "leased_until", "attempts", "cancel_asked",
            "error_code", "error_facts",
        ):  # fmt: skip
            batch_op.drop_column(name)
