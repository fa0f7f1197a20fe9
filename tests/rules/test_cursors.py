"""Cursors: they come back as they were given, and anything else is refused."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.cursors import cursor_of, key_of
from registry.kernel.errors import Invalid
from registry.kernel.quantity import LARGEST

texts = st.from_regex(r"[A-Z\u4e00-\u9fff0-9-]{1,30}", fullmatch=True)


@given(texts, st.integers(-LARGEST, LARGEST))
def test_a_key_comes_back(text, number):
    cursor = cursor_of("rights", text, number)
    assert cursor.isascii()
    assert "=" not in cursor
    assert key_of(cursor, "rights", str, int) == (text, number)


def raw(text: str) -> str:
    """Return any text as a cursor would carry it."""
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "", "x", "石", "A" * 5000, raw(""), raw("[]"), raw("{}"), raw('"rights"'), raw('["alarms", "a", 1]'),
        raw('["rights", "a"]'), raw('["rights", "a", 1, 2]'), raw('["rights", 1, "a"]'),
        raw('["rights", "a", true]'), raw('["rights", "a", 1.5]'), raw(f'["rights", "a", {2**63}]'),
        raw('["rights", "a\\u0000", 1]'), raw('["rights", "\\ud800", 1]'), raw('["rights", " a", 1]'),
        raw('["rights", "", 1]'), raw(f'["rights", "{"a" * 300}", 1]'), raw("[" * 300), raw(f"[{'9' * 700}]"),
    ],
)  # fmt: skip
def test_anything_else_is_refused(cursor):
    with pytest.raises(Invalid) as refused:
        key_of(cursor, "rights", str, int)
    assert (refused.value.code, refused.value.field) == ("cursor_unreadable", "cursor")
