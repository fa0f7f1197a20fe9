"""No quantity is ever a float: 0.1 + 0.2 grams must be 0.3 grams."""

import ast

import pytest

from tests.architecture.source import ROOT, dotted, files, found

# A file may use floats for a reason that has nothing to do with quantities: "path": "reason".
ALLOWED: dict[str, str] = {}
COLUMNS = {"Double", "DOUBLE", "DOUBLE_PRECISION", "Float", "FLOAT", "Numeric", "NUMERIC", "REAL"}


def floats(node: ast.AST) -> str | None:
    """Name a float: a literal, the type as call or annotation, or a column that is one on SQLite."""
    if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
        return f"the literal {node.value}"
    annotation = getattr(node, "annotation", None) or getattr(node, "returns", None)
    if annotation is not None and any(dotted(part) == "float" for part in ast.walk(annotation)):
        return "float in an annotation"
    if isinstance(node, ast.Call) and dotted(node.func) == "float":
        return "float(...)"
    name = dotted(node).split(".")[-1]
    return f"a column of type {name}" if name in COLUMNS else None


def test_there_is_no_float():
    scanned = files("registry", "reports", "seed", "migrations/versions")
    outside = list(found([path for path in scanned if str(path.relative_to(ROOT)) not in ALLOWED], floats))
    assert not outside, (
        "\n".join(outside) + "\nQuantities are whole grams, litres, pieces or 分 (registry.kernel.quantity); "
        "ratios are Fraction or Decimal, columns BIGINT. Where no quantity is meant, add the file to ALLOWED."
    )


def test_no_exception_has_outlived_its_file():
    gone = [path for path in ALLOWED if not (ROOT / path).exists()]
    assert not gone, f"remove from ALLOWED: {gone}"


@pytest.mark.parametrize(
    "line",
    [
        "x = 0.5",
        "x = float('1')",
        "x: float",
        "def f(x: list[float]): ...",
        "def f() -> float: ...",
        "sa.Numeric(12, 3)",
    ],
)
def test_the_scan_sees(line):
    assert any(map(floats, ast.walk(ast.parse(line))))


@pytest.mark.parametrize("line", ["x = 5 // 2", "x = '0.5'", "isinstance(cell, float)", "x: Decimal"])
def test_the_scan_leaves_alone(line):
    assert not any(map(floats, ast.walk(ast.parse(line))))
