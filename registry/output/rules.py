"""Pure rules of returns: what a return must say, what covers it, and what its figures pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from registry.kernel.errors import Invalid, Refused
from registry.kernel.fields import clean
from registry.kernel.period import Day, Month, Term, parse_period
from registry.kernel.quantity import Written, digits, read
from registry.kernel.vocabulary import Covered, MineralRole, OperatingState, ReturnStanding

_LONGEST = 2000
_YES = {"1", "true", "yes", "nil", "是", "零报"}
_NO = {"", "0", "false", "no", "否"}
# 10 billion tonnes, more than the whole world digs in a period: a slip, and a thousand such returns
# would pass what a meter can hold.
MOST = 10**16
FIELDS = ("right_no", "mineral", "period", "quantity", "unit", "lost", "lost_unit", "nil", "note")


class Mineral(Protocol):
    """A mineral of a right, as far as a rule needs it."""

    @property
    def mineral(self) -> str:
        """Its name."""

    @property
    def role(self) -> MineralRole:
        """Main or associated."""

    @property
    def counted(self) -> bool:
        """Whether its output moves the caps."""


class Licence(Protocol):
    """The term of a permit, as far as a rule needs it."""

    @property
    def valid_from(self) -> date | None:
        """The first day."""

    @property
    def valid_to(self) -> date | None:
        """The last day."""


class Spell(Protocol):
    """What a mine has been doing since a day, as far as a rule needs it."""

    @property
    def state(self) -> OperatingState:
        """What it does."""

    @property
    def since(self) -> date:
        """The first day of it."""


P = TypeVar("P", bound=Licence)


class AlreadyReturned(Refused):
    """That period has a return with other figures; send a correction with a reason instead."""

    code = "already_returned"


class NotReturned(Refused):
    """There is no standing return to take back."""

    code = "not_returned"


@dataclass(frozen=True, slots=True)
class RecordOutput:
    """What one right reports of one mineral in one period; the only judge of its fields."""

    right: str
    period: Day | Month
    written: Written | None
    mineral: str | None = None
    lost: Written | None = None
    nil: bool = False
    note: str | None = None
    correct: bool = False
    reason: str | None = None
    source: str | None = None


def read_output(
    fields: Mapping[str, str], *, correct: bool = False, reason: str | None = None, source: str | None = None
) -> RecordOutput:
    """Return a command from the texts of a row, a form or a request.

    A quantity of zero is a nil return. Raises Invalid naming the field, the value and what is accepted.
    """
    text = {name: _read_text(fields.get(name), name) or "" for name in FIELDS}
    if not text["right_no"]:
        raise Invalid("field_missing", "right_no", "", accepted="SZ-2025-0007")
    nil = _read_flag(text["nil"])
    written = _read_pair(text["quantity"], text["unit"], "quantity", may_be_empty=nil)
    if nil and written is not None and written.quantity.base:
        raise Invalid("nil_with_quantity", "nil", text["quantity"], accepted="0")
    return RecordOutput(
        right=text["right_no"], period=parse_period(text["period"]), written=written,
        mineral=text["mineral"] or None,
        lost=_read_pair(text["lost"], text["lost_unit"] or text["unit"], "lost", may_be_empty=True),
        nil=nil or (written is not None and written.quantity.base == 0),
        note=text["note"] or None, correct=correct, source=source,
        reason=read_reason(reason, "更正须写明理由") if correct else _read_text(reason, "reason"),
    )  # fmt: skip


def _read_pair(value: str, unit: str, field: str, *, may_be_empty: bool) -> Written | None:
    if not value and may_be_empty:
        return None
    if not value:
        raise Invalid("field_missing", field, "", accepted="120.5")
    if not unit:
        raise Invalid("field_missing", "unit", "", accepted="t, kt, 万吨, m³, 万m³")
    written = read(value, unit, field)
    if written.unit.per is not None:
        raise Invalid("rate_not_expected", field, f"{value} {unit}", accepted=written.unit.stem)
    if written.quantity.base > MOST:
        most = digits(Decimal(MOST).scaleb(-written.unit.places))
        raise Invalid(
            "more_than_any_mine", field, f"{value} {unit}", accepted=f"≤ {most} {written.unit.stem}"
        )
    return written


def _read_flag(text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise Invalid("not_a_flag", "nil", text, accepted="true, false, 是, 否")


def _read_text(text: str | None, field: str) -> str | None:
    return clean((text or "").replace("\r\n", "\n"), field, _LONGEST)


def read_reason(reason: str | None, accepted: str) -> str:
    """Return why something that was kept is changed: it has to be said."""
    told = _read_text(reason, "reason")
    if told is None:
        raise Invalid("field_missing", "reason", "", accepted=accepted)
    return told


def covered(
    permits: Sequence[Licence], minerals: Sequence[Mineral], mineral: str, period: Day | Month
) -> Covered:
    """Return whether right and permit cover a period: wholly, in part, no longer, or not at all.

    A permit whose first or last day is unknown is taken as open at that end.
    """
    if mineral not in {line.mineral for line in minerals}:
        return Covered.unlicensed
    terms = [Term(permit.valid_from or date.min, permit.valid_to) for permit in permits]
    if _joined_cover(terms, period):
        return Covered.full
    if any(term.touches(period) for term in terms):
        return Covered.partly
    return Covered.expired if any(t.end is not None and t.end < period.first for t in terms) else Covered.none


def _joined_cover(terms: Sequence[Term], period: Day | Month) -> bool:
    """Tell whether terms one after another leave no day of the period open."""
    reached = period.first
    for term in sorted(terms, key=lambda t: t.start):
        if term.start <= reached and (term.end is None or term.end >= reached):
            if term.end is None or term.end >= period.last:
                return True
            reached = date.fromordinal(term.end.toordinal() + 1)
    return False


def permit_for(permits: Sequence[P], period: Day | Month) -> P | None:
    """Return the permit a period is held against: the latest that touches it, else the latest before."""
    begun = [p for p in permits if (p.valid_from or date.min) <= period.last]
    running = [p for p in begun if p.valid_to is None or p.valid_to >= period.first]
    return next(reversed(running or begun), None)


def states_in(spells: Sequence[Spell], first: date, last: date) -> set[OperatingState]:
    """Return every operating state a right was in on some day of a span; empty when none is recorded."""
    before = [spell for spell in spells if spell.since <= first]
    within = {spell.state for spell in spells if first < spell.since <= last}
    return within | ({before[-1].state} if before else set())


def is_stopped(spells: Sequence[Spell], period: Day | Month) -> bool:
    """Tell whether a right was known not to be producing on any day of the period."""
    states = states_in(spells, period.first, period.last)
    return bool(states) and OperatingState.producing not in states


def is_counted(minerals: Sequence[Mineral], mineral: str) -> bool:
    """Tell whether output of a mineral moves the caps: main and unlicensed yes, associated by its rule."""
    line = next((line for line in minerals if line.mineral == mineral), None)
    return True if line is None else line.counted


def standing_of(revision: int, *, voided: bool) -> ReturnStanding:
    """Return how a standing return came to stand."""
    if voided:
        return ReturnStanding.voided
    return ReturnStanding.first if revision == 1 else ReturnStanding.corrected


def main_mineral(minerals: Sequence[Mineral]) -> str | None:
    """Return the main mineral of a right."""
    return next((line.mineral for line in minerals if line.role is MineralRole.main), None)


def due_on(month: Month, day: int) -> date:
    """Return the day a month's return is due: `day` of the month after it."""
    return date(month.next().year, month.next().month, day)
