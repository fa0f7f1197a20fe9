"""The demonstration sends only inputs: it knows services, never a table."""

import ast
from pathlib import Path

import pytest

SEED = Path(__file__).resolve().parents[2] / "seed"
FORBIDDEN_CALLS = {"add", "add_all", "merge", "insert", "raise_", "recede", "upsert", "insert_once"}


@pytest.mark.parametrize("path", sorted(SEED.rglob("*.py")), ids=lambda path: path.name)
def test_seed_touches_no_table(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    tables = [
        m for m in modules if (m.startswith("registry") and m.endswith(".models")) or m == "registry.schema"
    ]
    assert not tables, f"{path.name} imports {tables}: the seed enters everything through services"
    calls = [
        n.func.attr for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
    ]
    assert not FORBIDDEN_CALLS & set(calls), f"{path.name} writes rows itself: {FORBIDDEN_CALLS & set(calls)}"
    alarms = [m for m in modules if m.startswith("registry.alarms")]
    assert not alarms, f"{path.name} imports {alarms}: alarms come out of the returns, the seed raises none"
