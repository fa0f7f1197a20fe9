"""What is known when figures are sent: whatever has come to stand since then is not written over unseen."""

from dataclasses import dataclass
from typing import Protocol

from registry.kernel.errors import Refused


class ChangedSince(Refused):
    """Somebody has changed that return since the figures were sent or seen; look at it and send again."""

    code = "changed_since"


class Standing(Protocol):
    """A standing revision, as far as a rule needs it."""

    @property
    def id(self) -> int | None:
        """Its number in the order in which revisions were recorded; None for a row of the same batch."""

    @property
    def revision(self) -> int:
        """Its number among the revisions of its return, from 1."""

    @property
    def job_id(self) -> int | None:
        """The import that recorded it."""


@dataclass(frozen=True, slots=True)
class OnRevision:
    """Figures sent by somebody who has seen this revision of the return; 0 where none stood."""

    revision: int
    job: int | None = None

    def knew(self, standing: Standing | None) -> bool:
        """Tell whether what stands now is what was seen."""
        return self.revision == (standing.revision if standing else 0)


@dataclass(frozen=True, slots=True)
class OnBook:
    """Figures of a table, uploaded when the newest revision of the book was `newest`, imported by `job`.

    The order of recording decides, not the time: the clock of a demonstration stands still.
    """

    newest: int
    job: int | None

    def knew(self, standing: Standing | None) -> bool:
        """Tell whether what stands now stood at the upload, or was recorded by this very import."""
        if standing is None or standing.id is None or standing.id <= self.newest:
            return True
        return self.job is not None and standing.job_id == self.job


Basis = OnRevision | OnBook


def on_revision(revision: int | None) -> OnRevision | None:
    """Return the basis of an act that names the revision it was made from; None where it names none."""
    return None if revision is None else OnRevision(revision)
