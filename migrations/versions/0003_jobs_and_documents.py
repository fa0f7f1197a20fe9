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
    op.create_table(
        "document_count",
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["office"], ["region.code"], name=op.f("fk_document_count_office")),
        sa.PrimaryKeyConstraint("office", "year", name=op.f("pk_document_count")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("data", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("data_through", sa.Date(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('permit', 'inspection', 'cap_table')", name=op.f("ck_document_document_kind")
        ),
        sa.CheckConstraint(
            "state IN ('current', 'replaced', 'revoked')", name=op.f("ck_document_document_state")
        ),
        sa.ForeignKeyConstraint(["office"], ["region.code"], name=op.f("fk_document_office")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_document_region")),
        sa.ForeignKeyConstraint(["replaces_id"], ["document.id"], name=op.f("fk_document_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("number", name=op.f("uq_document_number")),
    )
    for name in ("region", "replaces_id", "sha256", "subject"):
        op.create_index(op.f(f"ix_document_{name}"), "document", [name], unique=False)
    op.create_index(
        "uq_document_current", "document", ["key"], unique=True,
        sqlite_where=sa.text("state = 'current'"), postgresql_where=sa.text("state = 'current'"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("uq_document_current", table_name="document")
    for name in ("subject", "sha256", "replaces_id", "region"):
        op.drop_index(op.f(f"ix_document_{name}"), table_name="document")
    op.drop_table("document")
    op.drop_table("document_count")
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
