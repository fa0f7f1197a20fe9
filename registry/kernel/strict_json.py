"""JSON from outside, read strictly: UTF-8, no key twice, few levels, no digit of a number lost."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from registry.kernel.errors import Invalid
from registry.kernel.fields import shown

DEEPEST = 16  # levels; nothing that we read has more than three
_FIELD, _ACCEPTED = "body", "JSON（RFC 8259）"


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number by the digits it was written with; whoever wants a figure asks for a text instead."""

    text: str

    def __str__(self) -> str:
        """Return the digits."""
        return self.text


def read_json(content: bytes) -> Any:
    """Return the value of a JSON text; its numbers are `Number`.

    Raises:
        Invalid: not UTF-8, no JSON, a key that stands twice in one object, or too many levels.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise Invalid("not_utf8", _FIELD, error.start, accepted="UTF-8") from error
    try:
        found = json.loads(
            text, parse_float=Number, parse_int=Number, parse_constant=_constant, object_pairs_hook=_object
        )
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise _no_json(getattr(error, "pos", 0), text) from error
    _check_depth(found)
    return found


def _no_json(place: int, text: str) -> Invalid:
    found = shown(text[place : place + 20])
    return Invalid("not_json", _FIELD, found, accepted=_ACCEPTED, place=place)


def _too_deep() -> Invalid:
    return Invalid("json_too_deep", _FIELD, f"> {DEEPEST}", accepted=f"≤ {DEEPEST}")


def _constant(name: str) -> NoReturn:
    raise Invalid("not_json", _FIELD, name, accepted=_ACCEPTED, place=name)


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Invalid("json_key_twice", shown(key), shown(key), accepted="1")
        found[key] = value
    return found


def _check_depth(value: object) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return
    raise _too_deep()


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
