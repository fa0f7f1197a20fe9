"""more kinds of papers.

Why: reports, notices and the sheet of a right are kept like the first prints; a report has versions
(快报, 定报) and a progress sheet its month, each a paper of its own.

Revision: 0004, after 0003
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_FIRST = "kind IN ('permit', 'inspection', 'cap_table')"
_ALL = (
    "kind IN ('permit', 'registration', 'inspection', 'cap_table', 'municipal', 'progress', 'alarm_notice', "
    "'missing_notice', 'renewal_notice')"
)


def upgrade() -> None:
    with op.batch_alter_table("document") as batch_op:
        batch_op.add_column(sa.Column("edition", sa.String(), nullable=True))
        batch_op.drop_constraint(op.f("ck_document_document_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_document_document_kind"), _ALL)


def downgrade() -> None:
    # What the narrower book has no word for leaves it; the files stay under their hash.
    paper = sa.table("document", sa.column("kind"), sa.column("replaces_id"))
    others = paper.c.kind.notin_(["permit", "inspection", "cap_table"])
    op.execute(paper.update().where(others).values(replaces_id=None))
    op.execute(paper.delete().where(others))
    with op.batch_alter_table("document") as batch_op:
        batch_op.drop_constraint(op.f("ck_document_document_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_document_document_kind"), _FIRST)
        batch_op.drop_column("edition")
