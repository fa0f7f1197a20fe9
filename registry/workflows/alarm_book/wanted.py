"""What is asked of the list of alarms: a search and filters, read from the texts of an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from registry.kernel.errors import Invalid
from registry.kernel.fields import SHORT, clean
from registry.kernel.period import parse_year
from registry.kernel.vocabulary import AlarmCode, AlarmSight, Severity, Word

W = TypeVar("W", bound=Word)
_EVERY = ("0", "no", "false")  # `open=0` in an address asks for settled alarms too


@dataclass(frozen=True, slots=True)
class Wanted:
    """The alarms wanted; None asks for all, and without a word only what stands is shown."""

    sight: AlarmSight = AlarmSight.standing
    text: str | None = None
    code: AlarmCode | None = None
    severity: Severity | None = None
    mineral: str | None = None
    region: str | None = None
    year: int | None = None

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing but the default narrows the list."""
        return self == Wanted()


def read_wanted(given: Mapping[str, str]) -> Wanted:
    """Return what the texts of an address ask for.

    Raises:
        Invalid: a word that the filter does not know, no year, or a text that cannot be kept.
    """
    texts = {name: clean(given.get(name), name, SHORT) for name in ("q", "mineral", "region", "year")}
    every = AlarmSight.all if given.get("open", "") in _EVERY else AlarmSight.standing
    return Wanted(
        sight=_word(given, "state", AlarmSight, "handling") or every,
        text=texts["q"],
        code=_word(given, "code", AlarmCode),
        severity=_word(given, "severity", Severity),
        mineral=texts["mineral"],
        region=texts["region"],
        year=parse_year(texts["year"]).year if texts["year"] else None,
    )


def _word(given: Mapping[str, str], name: str, kind: type[W], called: str = "") -> W | None:
    text = given.get(name, "").strip()
    found = kind.read(text)
    if text and found is None:
        accepted = "、".join(word.label for word in kind)
        raise Invalid("word_unknown", name, text[:SHORT], accepted=accepted, called=called)
    return found
