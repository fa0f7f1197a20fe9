"""The words of the inspection form are data: the office may change them, and an error names its place."""

from datetime import date

import pytest

from registry.documents.service import words as module
from registry.documents.service.words import words
from registry.kernel.errors import Invalid
from registry.kernel.vocabulary import Confidence

OWN = module._FILE.read_text()


@pytest.fixture
def office(tmp_path):
    """Give a function that reads the office's own file with one text replaced."""

    def read(old, new):
        assert old in OWN
        file = tmp_path / "words.yaml"
        file.write_text(OWN.replace(old, new, 1))
        return words(file)

    return read


class TestOwnWords:
    def test_the_notices_eleven_items_and_the_plan_of_its_own(self):
        numbers = [one.extra for one in words().checklist]
        assert numbers == [*map(str, range(1, 12)), "另"]
        caps = [one for one in words().checklist if "规划总量调控指标" in one.item.what]
        assert [one.key for one in caps] == ["plan"]

    def test_what_no_public_text_says_is_marked_so(self):
        verdicts = {one.what: one.confidence for one in words().form.verdicts}
        assert verdicts["限期整改"] is Confidence.d
        assert {one.item.confidence for one in words().rates} == {Confidence.d}

    def test_the_disclosure_falls_into_the_next_year(self):
        assert [one.of(2024) for one in words().dates] == [
            date(2024, 12, 31),
            date(2025, 1, 31),
            date(2025, 3, 31),
        ]


class TestEditedWords:
    def test_another_title_verdict_and_item(self, office):
        assert (
            office("title: 采矿权年检报告书", "title: 采矿权人年度监督检查表").title
            == "采矿权人年度监督检查表"
        )
        assert office("text: 缓检", "text: 暂缓").form.verdicts[3].what == "暂缓"
        more = '- {key: own_item, number: "12", text: 本局补录, source: 本局, confidence: B}\n\ndisclosure:'
        assert office("\ndisclosure:", more).checklist[-1].key == "own_item"

    @pytest.mark.parametrize(
        ("old", "new", "code", "field"),
        [
            ("title: 采矿权年检报告书", "titel: 表", "key_unknown", "titel"),
            ("title: 采矿权年检报告书", "", "value_missing", "title"),
            ("officers: 2", "officers: zwei", "not_a_whole_number", "officers"),
            ("text: 合格, ", "", "value_missing", "verdicts[0].text"),
            ("confidence: D}", "confidence: E}", "word_unknown", "verdicts[1].confidence"),
            ("findings: [符合, 不符合, 不适用]", "findings: []", "value_missing", "findings"),
            ("findings: [符合", f"findings: [{'符' * 21}", "too_long", "findings[0]"),
            ("key: permit, ", "key: design, ", "wording_repeated", "checklist[1].key"),
            ('day: "12-31"', 'day: "02-30"', "not_a_date", "dates[0].day"),
            ("year: same", "year: last", "word_unknown", "dates[0].year"),
            ("title:", "title: [", "not_yaml", "file"),
        ],
    )
    def test_an_error_names_its_place(self, office, old, new, code, field):
        with pytest.raises(Invalid) as caught:
            office(old, new)
        assert (caught.value.code, caught.value.field) == (code, field)

    def test_a_missing_file_is_told_by_its_name(self, tmp_path):
        with pytest.raises(Invalid) as caught:
            words(tmp_path / "words.yaml")
        assert caught.value.code == "file_unreadable"
