"""What the annual inspection asks, and what the register answers; what it does not hold is left to the hand.

Each wording is data of the office (`templates/pdf/inspection/words.yaml`) and carries its source: `what` is
the wording itself.
"""

from dataclasses import dataclass

from reports.caps import CapReading
from reports.confidence import Source


@dataclass(frozen=True, slots=True)
class Answer:
    """What the register says to an item, and on which of its records that rests."""

    text: str
    basis: str


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One item of the checklist under its number; without answers the register holds nothing about it."""

    number: str
    item: Source
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """One of the three rates (三率): its formula, its value in percent, and what that rests on.

    None is not recorded; a rate that does not apply says so in `remark`. Neither is ever 0 or 100.
    """

    item: Source
    formula: str
    value: str | None
    remark: str


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One item of the yearly disclosure (年度信息公示), with what the register holds of it."""

    item: Source
    value: str | None
    basis: str | None


@dataclass(frozen=True, slots=True)
class DatedDuty:
    """A duty of the calendar and its last day, in words: 2026年3月31日, or 次月 10 日 for each month."""

    day: str
    duty: Source


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A cap above the right, and the right's own part of it with its share of the cap."""

    cap: CapReading
    own: str | None
    share: str | None


@dataclass(frozen=True, slots=True)
class Form:
    """The words of the form as the office has them: what is ticked, filled in and signed by hand.

    `restoration` and `fees` name what the register does not hold; `fee_states` are ticked for each fee.
    """

    verdicts: tuple[Source, ...]
    findings: tuple[str, ...]
    opinions: tuple[str, ...]
    restoration: tuple[Source, ...]
    fees: tuple[Source, ...]
    fee_states: tuple[str, ...]
    officers: int
