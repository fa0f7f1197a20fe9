"""Reads the project's own source for the tests about its architecture."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def files(*folders: str) -> list[Path]:
    """Return the Python files below these folders of the project."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def found(paths: list[Path], judge: Callable[[ast.AST], str | None]) -> Iterator[str]:
    """Yield `file:line: what` for every node of the source that the judge has a word for."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
            if what := judge(node):
                yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}: {what}"


def dotted(node: ast.AST) -> str:
    """Return a name as it is written, `datetime.datetime.now`; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
