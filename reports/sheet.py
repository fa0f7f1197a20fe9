"""What every paper of the office carries beside its content."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from registry.kernel.shown import Shown


@dataclass(frozen=True, slots=True)
class Paper:
    """Title, issuing office, marks and foot of one paper.

    `tags` and `watermark` say what a paper is not: an example, a draft, and every print of a permit. A paper
    that is kept has a number, the address that tells whether it is genuine, and the newest link of the audit
    chain at the moment its data were read (`region:seq:hash`).
    """

    title: str
    subtitle: str
    office: str
    label: str
    printed_on: date
    data_through: date | None
    tags: tuple[str, ...] = ()
    watermark: str = ""
    number: str | None = None
    verify: str | None = None
    audit_head: str | None = None


class Sheet(Protocol):
    """Anything that can be printed: a frozen dataclass that carries its paper."""

    @property
    def paper(self) -> Paper:
        """Title, marks and foot."""


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
