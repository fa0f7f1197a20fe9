"""turns of papers.

Why: two papers of one office that are laid out at once must not show the same number, or one of them is laid
out again; each takes its turn first.

Revision: 0005, after 0004
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "document_turn",
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("running", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office"], ["region.code"], name=op.f("fk_document_turn_office")),
        sa.PrimaryKeyConstraint("office", "year", "running", name=op.f("pk_document_turn")),
    )


def downgrade() -> None:
    op.drop_table("document_turn")
