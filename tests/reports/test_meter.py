"""The meter in print is the meter of the pages: one layout, one drawing, readable without colour."""

import re
from dataclasses import replace

import pytest

from registry.kernel.meter import Load, Meter, lay_out
from registry.kernel.vocabulary import CapState
from registry.web.templates import _environment as of_pages
from reports.cap_table import cap_table_pdf
from reports.render import TEMPLATES
from reports.render import _environment as of_papers
from tests.reports.papers import text_of
from tests.reports.samples import FONTS
from tests.reports.samples_caps import LIMESTONE, TABLE

MARKS = (8000, 9000)
CALM = lay_out(Load(100, 50, 0, 30), MARKS, CapState.ok, CapState.ok)
OVER = lay_out(Load(100, 95, 20, 104, 120), MARKS, CapState.warning, CapState.exceeded)


def drawn(environment, meter: Meter, label: str = "示例") -> str:
    macros = environment.get_template("components/meter.html").module
    return str(macros.meter(meter, label, "meter-1"))


@pytest.mark.parametrize("meter", [CALM, OVER], ids=["calm", "over"])
def test_page_and_paper_draw_the_same(meter):
    assert drawn(of_pages(), meter) == drawn(of_papers(TEMPLATES), meter)


def test_it_reads_aloud_and_what_it_says_is_never_markup():
    drawing = drawn(of_pages(), CALM, "<b>示例")
    assert 'role="img" aria-labelledby="meter-1"' in drawing
    assert '<title id="meter-1">&lt;b&gt;示例</title>' in drawing


def test_it_needs_no_stylesheet_and_no_other_drawing_on_the_page():
    drawing = drawn(of_pages(), OVER)
    assert "style=" not in drawing
    assert "url(" not in drawing
    for tag in re.findall(r"<(?:rect|line|path)[^>]*>", drawing):
        assert "stroke=" in tag or "fill=" in tag, tag


def test_without_colour_the_parts_still_differ():
    calm, over = drawn(of_pages(), CALM), drawn(of_pages(), OVER)
    assert "meter-over" in over  # what lies beyond the cap is hatched, not only red
    assert "meter-over" not in calm
    assert "meter-held" in over
    assert "meter-held" not in calm
    assert "meter-expected" in over
    assert "meter-expected" not in calm
    [licensed] = re.findall(r'<rect class="meter-licensed"[^>]*>', calm)
    assert 'fill="none"' in licensed  # an outline over a filled track


def test_the_print_holds_the_drawing_and_the_words_of_the_year_end():
    assert cap_table_pdf(TABLE, FONTS) != cap_table_pdf(
        replace(TABLE, rows=(replace(LIMESTONE, meter=None), *TABLE.rows[1:])), FONTS
    )
    text = text_of(cap_table_pdf(TABLE, FONTS))
    assert "细点线为提示界限，粗线为指标" in text
    assert "年末推算14.8486万吨（按已报9个月的月均推算，仅供参考）" in text


def test_a_table_without_any_figure_explains_no_drawing():
    bare = replace(TABLE, rows=tuple(replace(row, meter=None) for row in TABLE.rows))
    assert "细点线" not in text_of(cap_table_pdf(bare, FONTS))
