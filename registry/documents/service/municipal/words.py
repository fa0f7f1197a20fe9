"""The words of the yearly report, from the file beside its template that the office may change."""

from dataclasses import dataclass
from typing import Any

from registry.kernel.errors import Invalid
from registry.kernel.strict_yaml import read_yaml
from reports.render import TEMPLATES

_FILE = TEMPLATES / "municipal" / "words.yaml"


@dataclass(frozen=True, slots=True)
class Words:
    """Title of the report, what its edition is, and the sentences of its covering letter."""

    title: str
    edition: str
    letter_title: str
    opening: str
    closing: str
    annexes: tuple[str, ...]


def words(year: int, edition: str, place: str, above: str) -> Words:
    """Return the words of a report.

    Raises:
        Invalid: the file cannot be read, or lacks a word.
    """
    given: Any = read_yaml(_FILE.read_bytes())
    facts = {"year": year, "edition": edition, "place": place, "above": above}
    try:
        letter = given["letter"]
        told = [given["title"], given["editions"][edition]]
        told += [letter[name] for name in ("title", "opening", "closing")]
        title, about, *said = (str(text).format(**facts) for text in told)
        annexes = tuple(str(text).format(**facts) for text in letter["annexes"])
        head, opening, closing = said
        return Words(title, about, head, opening, closing, annexes)
    except (KeyError, TypeError, ValueError) as error:
        accepted = "title, editions, letter"
        raise Invalid("file_unreadable", "words", _FILE.name, accepted=accepted) from error
