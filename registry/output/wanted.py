"""Which standing returns a list shows, as an address asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from registry.kernel.errors import Invalid
from registry.kernel.fields import SHORT, clean
from registry.kernel.period import parse_period, parse_year
from registry.kernel.vocabulary import Covered, ReturnStanding, Word

W = TypeVar("W", bound=Word)
FILTERS = ("year", "mineral", "right", "period", "standing", "covered")
EVERY_YEAR = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which standing returns a list shows; what is empty narrows nothing."""

    year: int | None = None
    right: str = ""
    mineral: str = ""
    period: str = ""
    standing: ReturnStanding | None = None
    covered: Covered | None = None


def read_wanted(given: Mapping[str, str], newest: int | None) -> Wanted:
    """Return what the texts of an address ask for.

    Without a year it is the newest with returns; of one right or one period it is every year.

    Raises:
        Invalid: no year, no period, a word that the filter does not know, or a text that cannot be kept.
    """
    text = {name: clean(given.get(name), name, SHORT) or "" for name in FILTERS}
    narrowed = bool(text["right"] or text["period"])
    year = None if narrowed else newest
    if text["year"]:
        year = None if text["year"] == EVERY_YEAR else parse_year(text["year"]).year
    return Wanted(
        year=year,
        right=text["right"],
        mineral=text["mineral"],
        period=str(parse_period(text["period"])) if text["period"] else "",
        standing=_word(ReturnStanding, text["standing"], "standing"),
        covered=_word(Covered, text["covered"], "covered"),
    )


def _word(kind: type[W], text: str, field: str) -> W | None:
    found = kind.read(text) if text else None
    if text and found is None:
        raise Invalid("word_unknown", field, text, accepted="、".join(word.label for word in kind))
    return found
