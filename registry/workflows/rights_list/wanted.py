"""What is asked of the list of rights: a search and filters, read from the texts of an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from registry.kernel.errors import Invalid
from registry.kernel.fields import SHORT, clean
from registry.kernel.vocabulary import GreenLevel, OperatingState, PermitStanding, ScaleClass, Word
from registry.minerals.rules import UNDETERMINED

PENDING = "pending"  # the scale class of a mine of which none can be derived
W = TypeVar("W", bound=Word)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rights wanted; None asks for all. `scale` is a class by its value, or pending."""

    text: str | None = None
    mineral: str | None = None
    township: str | None = None
    region: str | None = None
    state: OperatingState | None = None
    scale: str | None = None
    green: GreenLevel | None = None
    permit: PermitStanding | None = None

    @property
    def is_all(self) -> bool:
        """Tell whether nothing narrows the list."""
        return self == Wanted()


def read_wanted(given: Mapping[str, str]) -> Wanted:
    """Return what the texts of an address ask for; an empty one asks for all.

    Raises:
        Invalid: a word that the filter does not know, or a text that cannot be kept.
    """
    texts = {name: clean(given.get(name), name, SHORT) for name in ("q", "mineral", "township", "region")}
    return Wanted(
        text=texts["q"].strip() or None if texts["q"] else None,
        mineral=texts["mineral"],
        township=texts["township"],
        region=texts["region"],
        state=_word(given, "state", OperatingState),
        scale=_scale(given.get("scale", "").strip()),
        green=_word(given, "green", GreenLevel),
        permit=_word(given, "permit", PermitStanding),
    )


def _word(given: Mapping[str, str], name: str, kind: type[W]) -> W | None:
    text = given.get(name, "").strip()
    found = kind.read(text)
    if text and found is None:
        raise Invalid("word_unknown", name, text, accepted="、".join(word.label for word in kind))
    return found


def _scale(text: str) -> str | None:
    if text in (PENDING, UNDETERMINED):
        return PENDING
    found = ScaleClass.read(text)
    if text and found is None:
        accepted = "、".join([*(word.label for word in ScaleClass), UNDETERMINED])
        raise Invalid("word_unknown", "scale", text, accepted=accepted, called="scale_class")
    return found and found.value
