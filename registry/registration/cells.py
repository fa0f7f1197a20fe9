"""Readers of single cells of a list of rights: a text in, an exact value out, or `Invalid`."""

import re
from datetime import date
from typing import TypeVar

from registry.kernel.errors import Invalid
from registry.kernel.period import parse_day
from registry.kernel.quantity import Written, of_a_mine, read, split
from registry.kernel.vocabulary import CapPeriod, OperatingState, ReserveCategory, Word
from registry.reserves.rules import OpeningLine

LONGEST_NAME = 200
_DAY = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?(?: 00:00:00)?")
_SEPARATORS = re.compile(r"[;；\n]+")
_FIGURE = re.compile(r"[-+\d.,]+")
W = TypeVar("W", bound=Word)
Spells = tuple[tuple[OperatingState, date | None], ...]


def name(text: str, field: str) -> str:
    """Return a name: one line of at most 200 characters."""
    if len(text) > LONGEST_NAME:
        raise Invalid("too_long", field, f"{text[:20]}…", accepted=f"≤ {LONGEST_NAME}", length=len(text))
    if not text.isprintable():
        raise Invalid("control_character", field, repr(text), accepted="一行可见文字")
    return text


def day(text: str, field: str) -> date:
    """Return a day as offices write it: 2025-07-14, 2025/7/14, 2025.7.14 or 2025年7月14日."""
    matched = _DAY.fullmatch(text.strip())
    if matched is None:
        raise Invalid("not_a_date", field, text, accepted="如 2025-07-14")
    year, month, number = matched.groups()
    return parse_day(f"{year}-{int(month):02d}-{int(number):02d}", field)


def word(kind: type[W], text: str, field: str) -> W:
    """Return an enumerated word, written as value or Chinese label; 大型 may be written 大."""
    found = kind.read(text) or next(
        (m for m in kind if text and m.label in (f"{text}型", f"{text}开采")), None
    )
    if found is None:
        raise Invalid("word_unknown", field, text, accepted="、".join(f"{m.label}({m.value})" for m in kind))
    return found


def rate(text: str, unit: str, field: str) -> Written:
    """Return a figure per year or per day, with its unit in the same cell or in one of its own."""
    written = of_a_mine(read(text, unit, field) if unit else read(*split(text, field), field), field)
    if written.unit.per is None:
        accepted = "、".join(f"{written.unit.stem}/{per.label}" for per in CapPeriod)
        raise Invalid("rate_expected", field, f"{text} {unit}".strip(), accepted=accepted)
    return written


def several(text: str) -> tuple[str, ...]:
    """Return names written with 、 or commas or semicolons between them."""
    return tuple(part.strip() for part in re.split(r"[、,，;；\n]", text) if part.strip())


def spells(text: str, field: str = "state") -> Spells:
    """Return operating states in the order of their first days: `生产@2019-05-01;停产@2025-07-01`.

    A single state may stand without a day.
    """
    parts = [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
    found = []
    for part in parts:
        label, _, since = part.partition("@")
        first = day(since, field) if since else None
        found.append((word(OperatingState, label.strip(), field), first))
    days = [first for _, first in found if first is not None]
    undated = len(found) - len(days)
    if (undated and len(found) > 1) or days != sorted(set(days)):
        raise Invalid("states_unordered", field, text, accepted="如 生产@2019-05-01;停产@2025-07-01")
    return tuple(found)


def reserves(text: str, field: str = "reserves") -> tuple[OpeningLine, ...]:
    """Return opening reserves: `探明:888.6 万吨;控制:1071.5 万吨`, each category once."""
    lines: list[OpeningLine] = []
    for part in (part.strip() for part in _SEPARATORS.split(text)):
        if not part:
            continue
        label, _, amount = part.replace("：", ":").partition(":")
        category = _category(label.strip())
        if category is None:
            raise Invalid("word_unknown", field, label, accepted="、".join(c.label for c in ReserveCategory))
        if category in {line.category for line in lines}:
            raise Invalid("category_repeated", field, label, accepted="每个类别一次")
        written = read(*split(amount, field), field)
        if written.unit.per is not None:
            raise Invalid("rate_not_expected", field, amount, accepted=written.unit.stem)
        lines.append(OpeningLine(category, written.quantity, written.unit.name))
    return tuple(lines)


def _category(text: str) -> ReserveCategory | None:
    """Return the category written in full or by its first word: 探明资源量, 探明, measured."""
    short = {c.label.removesuffix("资源量").removesuffix("储量"): c for c in ReserveCategory}
    return ReserveCategory.read(text) or short.get(text)
