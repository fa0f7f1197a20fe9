"""What migrations/env.py promises on SQLite, where a changed table is dropped and written again."""

import shutil
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from registry.platform.db import connect
from tests.databases import ROOT, alembic

HEAD = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = {}

def upgrade():
"""
FAMILY = (
    HEAD.format('"0001", None')
    + """
    op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("child", sa.Column("up", sa.Integer, sa.ForeignKey("parent.id", ondelete="CASCADE")))
    op.execute("INSERT INTO parent VALUES (1)")
    op.execute("INSERT INTO child VALUES (1)")
"""
)
REBUILT = (
    HEAD.format('"0002", "0001"')
    + """
    with op.batch_alter_table("parent", recreate="always") as batch:
        batch.add_column(sa.Column("name", sa.String))
"""
)
ORPHANED = (
    HEAD.format('"0002", "0001"')
    + """
    op.execute("DELETE FROM parent")
"""
)


@pytest.fixture
def upgrade(tmp_path):
    """Run migrations of the test's own through the project's env.py, on a new SQLite file."""
    (tmp_path / "versions").mkdir()
    shutil.copy(ROOT / "migrations" / "env.py", tmp_path)

    def run(*migrations: str) -> list[int]:
        for number, migration in enumerate(migrations, start=1):
            Path(tmp_path / "versions" / f"{number:04d}.py").write_text(migration)
        with alembic(f"sqlite:///{tmp_path / 'x.db'}") as config:
            config.set_main_option("script_location", str(tmp_path))
            command.upgrade(config, "head")
        return rows(tmp_path, "child")

    return run


def rows(folder: Path, table: str) -> list[int]:
    """Return the only column of a table."""
    engine = connect(f"sqlite:///{folder / 'x.db'}")
    with engine.connect() as connection:
        found = list(connection.execute(text(f"SELECT * FROM {table}")).scalars())
    engine.dispose()
    return found


def test_children_survive_when_their_parent_table_is_rebuilt(upgrade):
    assert upgrade(FAMILY, REBUILT) == [1], "env.py must switch foreign keys off before its transaction"


def test_a_migration_that_leaves_orphans_is_taken_back_whole(upgrade, tmp_path):
    upgrade(FAMILY)
    with pytest.raises(RuntimeError, match="child 1 > parent"):
        upgrade(FAMILY, ORPHANED)
    assert rows(tmp_path, "parent") == rows(tmp_path, "child") == [1]
