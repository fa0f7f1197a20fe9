"""docs/papers.md tells the schema of every paper as it is."""

import re

from registry.documents.service import printing
from tests.reports.schemas import KINDS, PAGE, page_now


def test_the_schemas_are_those_of_the_code():
    assert PAGE.read_text(encoding="utf-8") == page_now(), "run python -m tests.reports.schemas"


def test_every_sheet_has_its_kind_and_every_part_is_explained():
    assert {sheet.__name__ for sheet in printing._PDF} <= set(KINDS)
    told = PAGE.read_text(encoding="utf-8")
    silent = re.findall(r"^\*\*(\w+)\*\*: *$", told, re.MULTILINE)
    assert not silent, "give these dataclasses a docstring"
