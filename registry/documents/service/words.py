"""The words of the annual inspection form, from the file beside its template that the office may change."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from registry.kernel.errors import Invalid
from registry.kernel.fields import Fields, fields
from registry.kernel.strict_yaml import read_yaml
from registry.kernel.vocabulary import Confidence
from reports.checklist import Form
from reports.confidence import Source
from reports.render import TEMPLATES

_FILE = TEMPLATES / "inspection" / "words.yaml"
_KEYS = (
    "title", "officers", "verdicts", "findings", "opinions", "rates", "quarry_classes", "restoration",
    "fees", "fee_states", "checklist", "disclosure", "returns_due", "dates",
)  # fmt: skip
_SOURCED = ("text", "source", "confidence")
_MOST_OFFICERS, _LONGEST = 6, 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Keyed:
    """A wording that the register may have an answer to; `extra` is its number, or its formula."""

    key: str
    item: Source
    extra: str = ""


@dataclass(frozen=True, slots=True)
class YearDay:
    """The last day of a yearly duty: in the year inspected, or in the one after it."""

    month: int
    day: int
    next_year: bool
    duty: Source

    def of(self, year: int) -> date:
        """Return the day for the year inspected."""
        return date(year + self.next_year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Words:
    """Everything on the form that the office may word otherwise."""

    title: str
    form: Form
    rates: tuple[Keyed, ...]
    quarry_classes: tuple[str, ...]
    checklist: tuple[Keyed, ...]
    disclosure: tuple[Keyed, ...]
    returns_due: Source
    dates: tuple[YearDay, ...]


def words(file: Path = _FILE) -> Words:
    """Return the words of the form.

    Raises:
        Invalid: the file cannot be read, lacks a wording, or has one that nobody reads; it names the place.
    """
    given = fields(_content(file), "", _KEYS)
    return Words(
        title=given.text("title"),
        form=Form(
            verdicts=_some(given, "verdicts", _SOURCED, _source),
            findings=_texts(given, "findings"),
            opinions=_texts(given, "opinions"),
            restoration=_some(given, "restoration", _SOURCED, _source),
            fees=_some(given, "fees", _SOURCED, _source),
            fee_states=_texts(given, "fee_states"),
            officers=given.whole("officers", _MOST_OFFICERS),
        ),
        rates=_keyed(given, "rates", "formula"),
        quarry_classes=given.texts("quarry_classes"),
        checklist=_keyed(given, "checklist", "number"),
        disclosure=_keyed(given, "disclosure"),
        returns_due=_one(given, "returns_due"),
        dates=_some(given, "dates", ("day", "year", *_SOURCED), _year_day),
    )


def _content(file: Path) -> object:
    try:
        return read_yaml(file.read_bytes())
    except OSError as error:
        raise Invalid("file_unreadable", file.name, file.name, accepted="YAML 文件") from error


def _some(given: Fields, key: str, allowed: Collection[str], read: Callable[[Fields], T]) -> tuple[T, ...]:
    rows = given.rows(key, allowed)
    if not rows:
        raise given.wrong("value_missing", key, accepted="至少一项")
    return tuple(read(row) for row in rows)


def _texts(given: Fields, key: str) -> tuple[str, ...]:
    found = given.texts(key)
    if not found:
        raise given.wrong("value_missing", key, accepted="至少一项")
    for number, text in enumerate(found):
        if len(text) > _LONGEST:
            raise Invalid("too_long", f"{key}[{number}]", text, accepted=f"≤ {_LONGEST}", length=len(text))
    return found


def _one(given: Fields, key: str) -> Source:
    return _source(fields(given.values.get(key), given.at(key), _SOURCED))


def _source(row: Fields) -> Source:
    return Source(row.text("text"), row.word("confidence", Confidence), row.text("source"))


def _keyed(given: Fields, key: str, *extra: str) -> tuple[Keyed, ...]:
    """Return the wordings of a list; one key stands once, or one answer would be given twice."""

    def read(row: Fields) -> Keyed:
        name = row.text("key")
        if name in seen:
            raise row.wrong("wording_repeated", "key", accepted="各不相同的 key")
        seen.add(name)
        return Keyed(name, _source(row), *(row.text(one) for one in extra))

    seen: set[str] = set()
    return _some(given, key, ("key", *extra, *_SOURCED), read)


def _year_day(row: Fields) -> YearDay:
    found = re.fullmatch(r"(\d{2})-(\d{2})", row.text("day"), re.ASCII)
    if row.text("year") not in ("same", "next"):
        raise row.wrong("word_unknown", "year", accepted="same, next")
    try:
        month, day = (int(part) for part in found.groups()) if found else (0, 0)
        date(2001, month, day)
    except ValueError as error:
        raise row.wrong("not_a_date", "day", accepted="月-日，如 03-31") from error
    return YearDay(month, day, row.text("year") == "next", _source(row))
