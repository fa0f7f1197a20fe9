"""The base of every enumerated word."""

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """An enumerated value that knows its Chinese label."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Make a member of a value and its label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the member written as value or label, or None."""
        return next((m for m in cls if text in (m.value, m.label)), None)
