"""The words of notices, from the file beside their templates that the office may change."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from registry.kernel.errors import Invalid
from registry.kernel.strict_yaml import read_yaml
from registry.kernel.vocabulary import Confidence
from reports.confidence import Source
from reports.render import TEMPLATES

_FILE = TEMPLATES / "notices" / "words.yaml"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one kind of notice, each with places to be filled."""

    kind: str
    given: Mapping[str, Any]

    def one(self, name: str, **facts: object) -> str:
        """Return one sentence with its facts.

        Raises:
            Invalid: the file lacks it, or it asks for a fact that nobody gives.
        """
        return self._filled(name, self._of(name, str), facts)

    def several(self, name: str, **facts: object) -> tuple[str, ...]:
        """Return sentences with their facts.

        Raises:
            Invalid: see `one`.
        """
        return tuple(self._filled(name, str(text), facts) for text in self._of(name, list))

    def sources(self, name: str) -> tuple[Source, ...]:
        """Return what a notice rests on, each with how sure it is.

        Raises:
            Invalid: the file lacks it, or one has no text, source or known mark.
        """
        try:
            return tuple(
                Source(str(row["what"]), Confidence(row["confidence"]), str(row["text"]))
                for row in self._of(name, list)
            )
        except (KeyError, TypeError, ValueError) as error:
            raise self._unreadable(name) from error

    def _of(self, name: str, kind: type) -> Any:
        found = self.given.get(name)
        if not isinstance(found, kind):
            raise self._unreadable(name)
        return found

    def _filled(self, name: str, text: str, facts: Mapping[str, object]) -> str:
        try:
            return text.format_map(dict(facts))
        except (KeyError, ValueError, IndexError, AttributeError) as error:
            raise self._unreadable(name) from error

    def _unreadable(self, name: str) -> Invalid:
        return Invalid("file_unreadable", "words", _FILE.name, accepted=f"{self.kind}.{name}")


def words_of(kind: str) -> Words:
    """Return the words of a kind of notice.

    Raises:
        Invalid: the file cannot be read, or lacks them.
    """
    found = _all().get(kind)
    if not isinstance(found, dict):
        raise Invalid("file_unreadable", "words", _FILE.name, accepted=kind)
    return Words(kind, found)


def _all() -> Mapping[str, Any]:
    return _read(_FILE.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read(_changed: int) -> Mapping[str, Any]:
    """Read the file once for each state of it: a page lists the reminders of thirty mines."""
    found = read_yaml(_FILE.read_bytes())
    if not isinstance(found, dict):
        raise Invalid("file_unreadable", "words", _FILE.name, accepted="office, missing, alarm, renewal")
    return found
