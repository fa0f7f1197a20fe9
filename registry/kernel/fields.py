"""Mappings from outside, read field by field: every error names the path, the value and what is accepted."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from registry.kernel.errors import Invalid
from registry.kernel.period import parse_day, parse_year
from registry.kernel.vocabulary import Word

W = TypeVar("W", bound=Word)
SHORT, LONG = 200, 20_000
_SHOWN = 120
_YES, _NO = ("true", "是"), ("false", "否")
_FIRST, _LAST = date(1900, 1, 1), date(2999, 12, 31)
_MOST_ROWS = 2000
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters by name, but nothing is printed
# Marks that turn the reading direction: a name with one is printed otherwise than it is stored.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Fields:
    """One mapping of an input, and where in it the mapping stands."""

    values: Mapping[str, object]
    path: str = ""

    def at(self, key: str) -> str:
        """Return the path of a field, such as `caps[3].value`."""
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, code: str, key: str, accepted: str, **facts: object) -> Invalid:
        """Return the error for what stands in a field."""
        return Invalid(code, self.at(key), shown(self.values.get(key)), accepted=accepted, **facts)

    def text(self, key: str, longest: int = SHORT, accepted: str = "非空文字") -> str:
        """Return a text that has to be there; `accepted` says what is missing."""
        found = self.maybe_text(key, longest)
        if found is None:
            raise self.wrong("value_missing", key, accepted=accepted)
        return found

    def maybe_text(self, key: str, longest: int = SHORT) -> str | None:
        """Return a text, or None where it is missing, null or blank."""
        return clean(self.values.get(key), self.at(key), longest)

    def flag(self, key: str, yes: str = "是", no: str = "否") -> bool | None:
        """Return true or false, written so or as one of two words; None where nothing is written."""
        value = self.values.get(key)
        if value is None or isinstance(value, bool):
            return value
        if value in (*_YES, yes):
            return True
        if value in (*_NO, no):
            return False
        raise self.wrong("not_a_flag", key, accepted=f"true（{yes}）, false（{no}）, null")

    def day(self, key: str, default: date | None = None) -> date:
        """Return a day; without a default it has to be there."""
        if self.values.get(key) is None and default is not None:
            return default
        day = parse_day(self.text(key, accepted="如 2025-07-14"), self.at(key))
        if not _FIRST <= day <= _LAST:
            raise self.wrong("not_a_date", key, accepted=f"{_FIRST} – {_LAST}")
        return day

    def year(self, key: str) -> int | None:
        """Return a calendar year, or None where nothing is written."""
        text = self.maybe_text(key)
        return None if text is None else parse_year(text, self.at(key)).year

    def whole(self, key: str, most: int) -> int:
        """Return a whole number from 0 to `most`."""
        accepted = f"0–{most}"
        text = self.text(key, accepted=accepted)
        if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) > most:
            raise self.wrong("not_a_whole_number", key, accepted=accepted)
        return int(text)

    def word(self, key: str, kind: type[W]) -> W:
        """Return an enumerated word, written as its value or its Chinese label."""
        accepted = ", ".join(f"{word.value}（{word.label}）" for word in kind)
        found = kind.read(self.text(key, accepted=accepted))
        if found is None:
            raise self.wrong("word_unknown", key, accepted=accepted)
        return found

    def rows(self, key: str, allowed: Collection[str]) -> list["Fields"]:
        """Return the mappings of a list with their paths; a missing list has none."""
        values = self._list(key)
        return [fields(value, f"{self.at(key)}[{number}]", allowed) for number, value in enumerate(values)]

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts of a list; a missing list has none."""
        values = {str(number): value for number, value in enumerate(self._list(key))}
        inner = Fields(values, self.at(key))
        return tuple(inner.text(number) for number in values)

    def _list(self, key: str) -> list[object]:
        value = self.values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong("not_a_list", key, accepted="[…]")
        if len(value) > _MOST_ROWS:
            raise Invalid("too_many_rows", self.at(key), len(value), accepted=f"≤ {_MOST_ROWS}")
        return value


def fields(value: object, path: str, allowed: Collection[str]) -> Fields:
    """Return a mapping as fields; keys that nobody reads are refused, so that no typing error gets lost."""
    if not isinstance(value, Mapping):
        raise Invalid("not_a_mapping", path or "file", shown(value), accepted=", ".join(allowed))
    known = Fields({str(key): inner for key, inner in value.items()}, path)
    for key in known.values:
        if key not in allowed:
            raise known.wrong("key_unknown", shown(key), accepted=", ".join(allowed))
    return known


def clean(value: object, path: str, longest: int, **facts: object) -> str | None:
    """Return a text without surrounding blanks, or None when it is empty or nothing of it can be seen.

    `facts` go with a refusal.

    Raises:
        Invalid: no text, longer than `longest`, or with characters that no database or page takes.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | date):
        raise Invalid("not_text", path, shown(value), accepted="文字", **facts)
    text = str(value).strip()
    if len(text) > longest:
        raise Invalid("too_long", path, shown(text), accepted=f"≤ {longest}", length=len(text), **facts)
    if any(_unseen(sign) for sign in text):
        raise Invalid("control_character", path, shown(text), accepted="可见文字", **facts)
    return None if all(_blank(sign) for sign in text) else text


def _blank(sign: str) -> bool:
    return sign.isspace() or sign in _BLANK or unicodedata.category(sign) == "Cf"


def _unseen(sign: str) -> bool:
    return sign in _TURNING or (unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t")


def shown(value: object) -> str:
    """Return a value as an error may show it: short, and only what can be printed."""
    text = "" if value is None else str(value)
    plain = "".join(sign if sign.isprintable() else "·" for sign in text[:_SHOWN])
    return plain + ("…" if len(text) > _SHOWN else "")
