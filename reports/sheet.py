"""What every paper of the office carries beside its content."""

from dataclasses import dataclass
from datetime import date

from registry.kernel.shown import Shown


@dataclass(frozen=True, slots=True)
class Paper:
    """Title, issuing office, marks and foot of one paper.

    `tags` and `watermark` say what a paper is not: an example, a draft, and every print of a permit.
    """

    title: str
    subtitle: str
    office: str
    label: str
    printed_on: date
    data_through: date | None
    tags: tuple[str, ...] = ()
    watermark: str = ""


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """One alarm as a paper lists it: figures already with their unit, None where it has none."""

    severity: Shown
    what: str
    about: str
    period: str | None
    limit: str | None
    reading: str | None
    excess: str | None
    basis: str | None
    state: str
    raised_on: date


@dataclass(frozen=True, slots=True)
class AlarmCount:
    """How many alarms of one kind the rights of a region have raised, and how many still wait."""

    what: str
    raised: int
    waiting: int
    receded: int
