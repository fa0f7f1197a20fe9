"""What is asked of the audit trail: read from the texts of an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from registry.kernel.errors import Invalid
from registry.kernel.fields import SHORT, clean
from registry.kernel.period import parse_day
from registry.wording.acts import GROUPS

FILTERS = ("actor", "group", "record", "region", "from", "to")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The entries wanted; None asks for all. `since` and `until` are local days, both included."""

    actor: str | None = None
    group: str | None = None
    record: str | None = None
    region: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def is_all(self) -> bool:
        """Tell whether nothing narrows the trail."""
        return self == Wanted()


def read_wanted(given: Mapping[str, str]) -> Wanted:
    """Return what the texts of an address ask for; an empty one asks for all.

    Raises:
        Invalid: no such group of acts, no day, days the wrong way round, or a text that cannot be kept.
    """
    texts = {name: clean(given.get(name), name, SHORT) for name in FILTERS}
    if texts["group"] is not None and texts["group"] not in GROUPS:
        raise Invalid("word_unknown", "group", texts["group"], accepted="、".join(GROUPS.values()))
    since, until = (parse_day(text, name) if (text := texts[name]) else None for name in ("from", "to"))
    if since is not None and until is not None and until < since:
        raise Invalid("dates_reversed", "to", until, accepted=f"≥ {since}")
    return Wanted(texts["actor"], texts["group"], texts["record"], texts["region"], since, until)
