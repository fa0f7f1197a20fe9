"""Every text of a page is marked for the catalogue, and no template reaches for what is not ours."""

import re

import pytest
from jinja2.nodes import TemplateData

from registry.web.templates import FOLDER, SHARED, grouped
from registry.web.templates import _environment as environment

LIBRARY = """<script src="{{ lib('htmx.min.js') }}" defer></script>"""  # the only script, in the frame alone
PAGES = sorted([*FOLDER.rglob("*.html"), *SHARED.rglob("*.html")])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(FOLDER.parent)))
def test_every_chinese_word_is_marked(path):
    tree = environment().parse(path.read_text(encoding="utf-8"))
    bare = [data.data for data in tree.find_all(TemplateData) if re.search("[\u4e00-\u9fff]", data.data)]
    assert not bare, 'write {{ _("…") }} or {% trans %}…{% endtrans %}'


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(FOLDER.parent)))
def test_no_template_switches_escaping_off_or_loads_from_elsewhere(path):
    source = path.read_text(encoding="utf-8").replace(LIBRARY, "")
    assert not re.search(r"\|\s*safe|autoescape false|<script|style=|//[a-z]", source)


def test_grouping_keeps_every_digit():
    assert grouped("12000000") == "12,000,000"
    assert grouped("1234567.000001") == "1,234,567.000001"
