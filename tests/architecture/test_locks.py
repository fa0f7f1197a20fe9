"""Rows are locked in one place."""

import ast

from tests.architecture.source import ROOT, files, found

DOOR = ROOT / "registry" / "platform" / "db.py"


def locks(node: ast.AST) -> str | None:
    """Name a lock that is taken by hand."""
    by_call = isinstance(node, ast.Attribute) and node.attr == "with_for_update"
    by_keyword = isinstance(node, ast.keyword) and node.arg == "with_for_update"
    return "with_for_update" if by_call or by_keyword else None


def test_rows_are_locked_only_by_platform_db():
    outside = list(found([path for path in files("registry", "seed") if path != DOOR], locks))
    assert not outside, (
        "\n".join(outside)
        + "\nUse registry.platform.db.locked(session, statement): without its populate_existing "
        "an object read earlier in the session keeps its old figures under the lock, and a cap is passed."
    )
