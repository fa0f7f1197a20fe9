"""what an import knew.

Why: an import that goes on after its worker was killed must not write over what others have corrected since
it was uploaded, so it keeps how far the book had come then, and each return the import that recorded it; and
a job is shown by the regions that it is about, of which it may have several.

Revision: 0006, after 0005
"""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_JOB = sa.table(
    "job",
    *(sa.column(name) for name in ("id", "kind", "input", "actor", "region", "mark")),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
_ABOUT = sa.table("job_region", sa.column("job_id"), sa.column("region"))
_ROLE = sa.table("user_role", sa.column("user"), sa.column("region"))
_RETURN = sa.table("output_return", sa.column("id"), sa.column("recorded_at", sa.DateTime(timezone=True)))


def upgrade() -> None:
    op.add_column("output_return", sa.Column("job_id", sa.BigInteger(), nullable=True))
    op.add_column("job", sa.Column("mark", sa.BigInteger(), nullable=True))
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "job_region",
        sa.Column("job_id", key, nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_region_job_id")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_job_region_region")),
        sa.PrimaryKeyConstraint("job_id", "region", name=op.f("pk_job_region")),
    )
    newest = sa.select(sa.func.coalesce(sa.func.max(_RETURN.c.id), 0))
    known = newest.where(_RETURN.c.recorded_at <= _JOB.c.created_at).scalar_subquery()
    op.execute(_JOB.update().where(_JOB.c.kind == "import_returns").values(mark=known))
    _place()


def _place() -> None:
    """Say of each job that is there what it is about; an import of before, wherever its actor has a role."""
    connection = op.get_bind()
    roles: dict[str, set[str]] = {}
    for user, region in connection.execute(sa.select(_ROLE.c.user, _ROLE.c.region)):
        roles.setdefault(user, set()).add(region)
    rows = []
    for job in connection.execute(sa.select(_JOB)).all():
        regions = {job.region} if job.region else set()
        if job.kind == "batch":
            regions |= set(json.loads(job.input)["regions"])
        elif job.kind.startswith("import_"):
            regions |= roles.get(job.actor, set())
        rows += [{"job_id": job.id, "region": region} for region in sorted(regions)]
    if rows:
        op.bulk_insert(_ABOUT, rows)


def downgrade() -> None:
    op.drop_table("job_region")
    with op.batch_alter_table("job") as batch_op:
        batch_op.drop_column("mark")
    with op.batch_alter_table("output_return") as batch_op:
        batch_op.drop_column("job_id")
