"""JSON from outside: what is read, what is refused, and that no digit is lost."""

import pytest

from registry.kernel.errors import Invalid
from registry.kernel.strict_json import DEEPEST, Number, read_json


def test_values_are_read_as_they_are():
    assert read_json('{"a": ["石", true, null], "b": {}}'.encode()) == {"a": ["石", True, None], "b": {}}


@pytest.mark.parametrize(
    "text", ["0", "-1", "22.40", "1e400", "12345678901234567890.123456789", "9" * 10_000]
)
def test_a_number_is_its_digits(text):
    assert read_json(text.encode()) == Number(text)
    assert str(read_json(text.encode())) == text


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-Infinity", "01", "+1", "1.", ".5", "'a'", "{a: 1}", "", "[1 2]"]
)
def test_what_is_no_json_is_told_with_its_place(text):
    with pytest.raises(Invalid) as refused:
        read_json(text.encode())
    assert refused.value.code == "not_json"


def test_the_second_of_two_keys_is_not_taken_in_silence():
    with pytest.raises(Invalid) as refused:
        read_json(b'{"a": {"value": 1, "value": 2}}')
    assert (refused.value.code, refused.value.field) == ("json_key_twice", "value")


def test_so_deep_and_no_deeper():
    assert read_json(b"[" * DEEPEST + b"]" * DEEPEST)
    for levels in (DEEPEST + 1, 500, 1_000_000):
        with pytest.raises(Invalid) as refused:
            read_json(b"[" * levels + b"]" * levels)
        assert refused.value.code == "json_too_deep"
