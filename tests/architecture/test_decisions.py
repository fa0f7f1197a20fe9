"""Every decision record is whole, and what it says enforces it is really there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

FOLDER = ROOT / "docs" / "decisions"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))
HEADINGS = ["Context", "Decision", "Consequences", "Enforced by"]
TAUGHT = "the code has moved on: name what enforces it now, or say `not yet: it comes with ...`"


def sections(text: str) -> dict[str, str]:
    """Return the text under each second-level heading, in order."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def named(text: str) -> Iterator[tuple[str, str]]:
    """Yield each `path` or `path::name` in backticks; what has no slash and no file ending is no path."""
    for quoted in re.findall(r"`([^`]+)`", text):
        path, _, name = quoted.partition("::")
        if re.fullmatch(r"[\w./-]+", path) and ("/" in path or re.search(r"\.[a-z]+$", path)):
            yield path, name.rpartition("::")[2]


def defines(path: Path, name: str) -> bool:
    """Tell whether a Python file defines a function, class or constant of that name."""
    definition = rf"^\s*(?:async def|def|class) {name}\b|^{name}\b.*="
    return re.search(definition, path.read_text(encoding="utf-8"), re.MULTILINE) is not None


def test_records_are_numbered_without_a_gap():
    numbers = [int(path.name[:4]) for path in RECORDS]
    assert numbers == list(range(1, len(RECORDS) + 1))


def test_the_index_lists_every_record_once():
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^- \[\d{4}\]\((.+?)\)", index, re.MULTILINE) == [path.name for path in RECORDS]


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
class TestRecord:
    def test_it_has_title_and_headings(self, record):
        text = record.read_text(encoding="utf-8")
        assert re.match(rf"# {record.name[:4]}\. \S", text), f"{record.name}: begin with `# NNNN. Title`"
        found = sections(text)
        assert list(found) == HEADINGS
        assert all(body.strip() for body in found.values()), f"{record.name}: a heading without text"

    def test_what_enforces_it_exists(self, record):
        paths = list(named(sections(record.read_text(encoding="utf-8"))["Enforced by"]))
        assert paths, f"{record.name}: name the code or the test that enforces it, in backticks"
        gone = [path for path, _ in paths if not (ROOT / path).exists()]
        assert not gone, f"{record.name}: {gone}: {TAUGHT}"
        missing = [f"{path}::{name}" for path, name in paths if name and not defines(ROOT / path, name)]
        assert not missing, f"{record.name}: {missing}: {TAUGHT}"

    def test_its_links_lead_somewhere(self, record):
        links = re.findall(r"\]\(([^)#:]+)\)", record.read_text(encoding="utf-8"))
        gone = [link for link in links if not (record.parent / link).exists()]
        assert not gone, f"{record.name}: {gone}"
