"""The time is read in one place, so that the demonstration and the tests can set it."""

import ast

from tests.architecture.source import ROOT, dotted, files, found

CLOCK = ROOT / "registry" / "platform" / "clock.py"
READS = {
    "datetime.now", "datetime.today", "datetime.utcnow", "date.today", "time.time", "time.time_ns",
    "time.localtime", "time.gmtime", "func.now", "func.current_timestamp", "func.current_date",
}  # fmt: skip


def reads(node: ast.AST) -> str | None:
    """Name a look at the clock."""
    if isinstance(node, ast.ImportFrom) and node.module == "time":
        return next(
            (f"from time import {name.name}" for name in node.names if f"time.{name.name}" in READS), None
        )
    name = ".".join(dotted(node).split(".")[-2:])
    return name if name in READS else None


def test_the_time_is_read_only_by_the_clock():
    outside = list(found([path for path in files("registry", "reports", "seed") if path != CLOCK], reads))
    assert not outside, (
        "\n".join(outside)
        + "\nUse registry.platform.clock in a service and hand the day to rules and reports: "
        "a database of the demonstration stores its own clock."
    )
