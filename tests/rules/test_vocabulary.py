"""Every enumerated word has a value that databases hold and a label that people read."""

import re

import pytest

from registry.kernel import vocabulary
from registry.kernel.vocabulary import CapState, Kind, Role, Word

COLUMN = 24  # characters of a column of words (registry.platform.columns.word)


def families() -> list[type[Word]]:
    """Return every enumerated type of the registry."""
    found = [
        thing for thing in vars(vocabulary).values() if isinstance(thing, type) and issubclass(thing, Word)
    ]
    return [family for family in found if family is not Word]


MEMBERS = [member for family in families() for member in family]


class TestEveryWord:
    def test_there_are_some(self):
        assert {Kind, Role, CapState} <= set(families())
        assert all(len(family) >= 1 for family in families())

    @pytest.mark.parametrize("member", MEMBERS, ids=repr)
    def test_has_a_value_for_machines_and_a_chinese_label(self, member):
        assert re.fullmatch(r"[A-Z]|[a-z][a-z0-9_]*", member.value), member.value
        assert len(member.value) <= COLUMN
        assert re.search(r"[\u4e00-\u9fff]", member.label), f"{member!r} needs a Chinese label"
        assert member.label == member.label.strip()
        assert str(member) == member.value == f"{member}"

    @pytest.mark.parametrize("family", families())
    def test_a_family_says_what_it_is_and_no_word_means_two_things(self, family):
        assert family.__doc__
        words = [text for member in family for text in {member.value, member.label}]
        assert len(words) == len(set(words))

    @pytest.mark.parametrize("member", MEMBERS, ids=repr)
    def test_is_read_by_value_and_by_label(self, member):
        assert type(member).read(member.value) is member
        assert type(member).read(member.label) is member
        assert type(member)(member.value) is member

    @pytest.mark.parametrize("text", ["", " ", "mass ", "质", "MASS", "Kind.mass"])
    def test_anything_else_is_no_word(self, text):
        assert Kind.read(text) is None
