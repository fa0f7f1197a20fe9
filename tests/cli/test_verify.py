"""`registry verify`: each verdict has its exit code; what was printed is genuine until something else is."""

import json
from typing import Any

from tests.cli.conftest import Shell

PERMIT, INSPECTION = ("permit", "示例-SZ-2015-0001"), ("inspection", "SZ-2015-0001", "2025")


def test_each_verdict_has_its_code(demo: Shell, tmp_path):
    paper, other = tmp_path / "a.pdf", tmp_path / "b.pdf"
    assert demo("report", *INSPECTION, "-o", paper).code == 0
    code, told = verified(demo, paper)
    assert (code, told["verdict"]) == (0, "genuine")
    number = told["number"]

    other.write_bytes(paper.read_bytes().replace(b"%%EOF", b"%%EOF "))
    code, told = verified(demo, other)
    assert (code, told["verdict"], told["number"]) == (12, "altered", number)
    other.write_bytes(b"%PDF-1.7")
    assert demo("verify", other).code == 13
    missing = demo("verify", tmp_path / "none.pdf", "--json")
    assert (missing.code, missing.problem["code"]) == (1, "file_unreadable")

    assert demo("output", "record", "SZ-2015-0001", "2025-12", "1 t", "--correct", "--reason", "错").code == 0
    assert demo("report", *INSPECTION, "-o", other).code == 0
    code, newer = verified(demo, other)
    assert code == 0
    code, told = verified(demo, paper)
    assert (code, told["number"], told["replaced_by"]) == (10, number, newer["number"])


def verified(demo: Shell, paper) -> tuple[int, dict[str, Any]]:
    """Return the exit code and what was told of a file."""
    told = demo("verify", paper, "--json")
    return told.code, json.loads(told.out)


def test_the_same_register_gives_the_same_paper(demo: Shell, tmp_path):
    first, second = tmp_path / "a.pdf", tmp_path / "b.pdf"
    for target in (first, second):
        assert demo("report", *PERMIT, "-o", target).code == 0
    assert first.read_bytes() == second.read_bytes()
