"""Checks of what the API takes, told as the framework tells its own: it adds where the value stands."""

import re
from typing import Any

from pydantic_core import PydanticCustomError

from registry.kernel.errors import Invalid
from registry.kernel.fields import SHORT, clean, shown
from registry.kernel.quantity import read_number
from registry.kernel.strict_json import Number

PLAIN = r"[0-9]{1,60}(\.[0-9]{1,30})?"
_LONGEST_COUNT = 9  # digits


def visible(text: str) -> str:
    """Return a text that is short, not empty, and has only visible signs."""
    try:
        if clean(text, "", SHORT) != text:
            raise Invalid("value_missing", "", shown(text), accepted=f"1–{SHORT} 个可见字符，首尾无空格")
    except Invalid as error:
        raise broken(error) from error
    return text


def no_number(value: Any) -> Any:
    """Return whatever is no JSON number: a figure has to come as a text."""
    if isinstance(value, Number):
        raise broken(Invalid("figure_not_text", "", shown(value), accepted=f'"{shown(value)}"'))
    return value


def plain_figure(text: str) -> str:
    """Return a figure of plain digits; a form may have them grouped or full-width, a program may not."""
    try:
        read_number(text)
        if not re.fullmatch(PLAIN, text):
            raise Invalid("not_a_number", "", shown(text), accepted="如 1200, 17.6")
    except Invalid as error:
        raise broken(error) from error
    return text


def broken(error: Invalid, **facts: str) -> PydanticCustomError:
    """Return our error as one of the framework; `key` names a field below the place where it stands."""
    told = {"rule": error.code, "value": error.value, "accepted": error.accepted}
    return PydanticCustomError("ours", "{rule}", error.facts | told | facts)


def whole_number(given: object) -> object:
    """Read a JSON number that counts something: from 1, without sign, fraction or exponent."""
    text = given.text if isinstance(given, Number) else ""
    if not text.isdecimal() or len(text) > _LONGEST_COUNT or not int(text):
        raise broken(Invalid("not_a_whole_number", "", shown(given), accepted="≥ 1"))
    return int(text)
