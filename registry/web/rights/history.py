"""How a right came to be what it is: acts, versions, permits and corrected returns, newest first."""

from dataclasses import dataclass
from datetime import date, datetime

from registry.documents.service import RightFile
from registry.kernel.vocabulary import GreenLevel, OperatingState, Word
from registry.platform import clock
from registry.platform.audit_trail import Act

# The acts whose facts name a word; what they say stands in the templates.
_WORDS: dict[str, tuple[str, type[Word]]] = {
    "right.state": ("state", OperatingState),
    "right.green": ("level", GreenLevel),
}
# States and levels that came with the right itself: the entry tells of them.
_ENTERED = ("import", "grant")
_ENTRIES = ("right.import", "right.grant", "right.name")


@dataclass(frozen=True, slots=True)
class Event:
    """One event: what happened to what, who did it, and why or by which document; None is not recorded."""

    at: datetime
    what: str
    about: str | None = None
    since: str | None = None
    actor: str | None = None
    ground: str | None = None
    returned: tuple[str, str] | None = None

    @property
    def day(self) -> date:
        """The local day."""
        return clock.local_day(self.at)


def events(found: RightFile) -> list[Event]:
    """Return the events of a right, newest first."""
    told = [_of_act(act) for act in found.acts if act.facts.get("reason") not in _ENTERED]
    entered = any(event.what in _ENTRIES for event in told)
    told += [
        Event(version.recorded_at, "version", str(version.version), ground=version.document)
        for version in found.versions
        if version.version > 1 or not entered
    ]
    told += [
        Event(permit.superseded_at, "permit.superseded", permit.number)
        for permit in found.permits
        if permit.superseded_at is not None
    ]
    told += [
        Event(
            row.recorded_at, "output.void" if row.voided else "output.correct", row.period,
            actor=row.actor, ground=row.reason, returned=(row.mineral, row.period),
        )
        for row in found.corrected
    ]  # fmt: skip
    return sorted(told, key=lambda event: event.at, reverse=True)


def _of_act(act: Act) -> Event:
    field, kind = _WORDS.get(act.act, ("", Word))
    word = kind.read(str(act.facts.get(field))) if field else None
    ground = act.facts.get("reason") or act.facts.get("document")
    since = act.facts.get("since")
    return Event(act.at, act.act, word.label if word else None, since, act.actor, ground)
