"""A figure whose source is marked C or D shows mark and source; one from a text that was read does not."""

import re
from dataclasses import replace

import pytest

from registry.kernel.vocabulary import Confidence
from reports.confidence import Source
from reports.render import TEMPLATES, _environment
from tests.reports.samples import PERMIT

SHAKY, GUESSED, FIRM, FULL = (
    Source(f"界限{mark.value}", mark, f"出处{mark.value}")
    for mark in (Confidence.c, Confidence.d, Confidence.b, Confidence.a)
)


def macros():
    return _environment(TEMPLATES).get_template("layouts/confidence.html").module


def plain(markup):
    return re.sub(r"<[^>]+>", "", str(markup)).split()


class TestMark:
    def test_c_and_d_are_marked_and_a_and_b_are_not(self):
        marks = [str(macros().mark(one)) for one in (SHAKY, GUESSED, FIRM, FULL, None)]
        assert marks[0] == '<sup class="mark">〔C〕</sup>'
        assert marks[1] == '<sup class="mark">〔D〕</sup>'
        assert marks[2:] == ["", "", ""]

    def test_the_note_tells_what_the_mark_means_and_where_the_figure_comes_from(self):
        assert plain(macros().notes([FIRM, GUESSED, None, SHAKY, FULL])) == [
            "〔C〕公开软件或数据：界限C，来源：出处C",
            "〔D〕背景知识，待核实：界限D，来源：出处D",
        ]

    def test_figures_of_one_source_share_one_note(self):
        other = replace(GUESSED, what="另一界限")
        assert plain(macros().notes([GUESSED, other, GUESSED])) == [
            "〔D〕背景知识，待核实：界限D、另一界限，来源：出处D"
        ]

    def test_nothing_doubtful_leaves_no_note(self):
        assert plain(macros().notes([FIRM, None])) == []


class TestScaleClass:
    @pytest.mark.parametrize(
        ("source", "told"),
        [(GUESSED, ["〔D〕", "界限D，来源：出处D"]), (SHAKY, ["〔C〕", "出处C"]), (FIRM, []), (None, [])],
    )
    def test_a_class_by_a_limit_not_verified_is_marked_wherever_a_paper_states_it(self, source, told):
        template = _environment(TEMPLATES).get_template("permit/facts.html")
        facts = template.make_module().__dict__["facts"]
        text = facts(replace(PERMIT.facts, scale_source=source), caller=str)
        assert all(part in text for part in told)
        assert ("来源" in text) is bool(told)
