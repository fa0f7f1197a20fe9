"""What a return will do, exactly: the act itself is done in a part of the transaction that is undone.

Whatever decides about a return decides here too: no rule is written a second time.
"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from registry.alarms.queries import newest_step
from registry.identity.rules import Actor
from registry.kernel.quantity import Quantity, of_kind
from registry.kernel.vocabulary import Covered, Kind
from registry.output.models import OutputReturn
from registry.output.queries import duty_of, figures_before, year_totals
from registry.output.rules import RecordOutput, main_mineral, permit_for, usual_if_far
from registry.output.service import Recorded, record, take_back
from registry.output.service.facts import Facts, gather
from registry.platform.db import undone
from registry.rights.models import MineralRight
from registry.workflows.return_effects import AlarmEffect, MeterStep, alarm_effects, causes_of, meter_steps


@dataclass(frozen=True, slots=True)
class PermitStep:
    """The year of a right's mineral before and after, held against the permit that covers the period."""

    number: str
    valid_from: date | None
    valid_to: date | None
    year: int
    before: Quantity
    after: Quantity
    scale: Quantity | None
    max_day: Quantity | None

    @property
    def exceeds(self) -> bool:
        """Whether the year's sum is above the scale after."""
        return self.scale is not None and self.after > self.scale

    @property
    def exceeded(self) -> bool:
        """Whether it was so before."""
        return self.scale is not None and self.before > self.scale


@dataclass(frozen=True, slots=True)
class Had:
    """The standing return that is corrected or taken back, as it was written."""

    revision: int
    value: str
    unit: str
    nil: bool
    lost: str | None
    voided: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that a return will do; `usual` is known only where its figure is far from the usual one."""

    return_id: str
    right: str
    mine: str
    mineral: str
    period: str
    quantity: Quantity
    lost: str | None
    revision: int
    unchanged: bool
    voided: bool
    counted: bool
    covered: Covered
    during_stop: bool
    due_on: date | None
    today: date
    had: Had | None
    year_before: Quantity
    year_after: Quantity
    permit: PermitStep | None
    meters: tuple[MeterStep, ...]
    alarms: tuple[AlarmEffect, ...]
    usual: Quantity | None

    @property
    def stood(self) -> int:
        """The revision that stands now, before the act; 0 where none does."""
        return self.revision if self.unchanged else self.revision - 1

    @property
    def days_late(self) -> int:
        """How many days after its due day a return comes that had not come before; 0 in time."""
        stood = self.unchanged or (self.had is not None and not self.had.voided)
        return 0 if self.due_on is None or stood else max((self.today - self.due_on).days, 0)


def preview(session: Session, actor: Actor, command: RecordOutput) -> Outcome:
    """Return what recording this command now would do; nothing of it stays.

    Raises:
        RegistryError: what `record` would refuse is refused here.
    """
    with undone(session):
        newest = newest_step(session)
        return _outcome(session, record(session, actor, command), newest)


def preview_void(session: Session, actor: Actor, public_id: str, reason: str) -> Outcome:
    """Return what taking this return back now would do; nothing of it stays.

    Raises:
        RegistryError: what `take_back` would refuse is refused here.
    """
    with undone(session):
        newest = newest_step(session)
        return _outcome(session, take_back(session, actor, public_id, reason), newest)


def _outcome(session: Session, done: Recorded, newest: int) -> Outcome:
    facts = gather(session, [done.command.right])
    [right] = facts.rights.values()
    row, kind = done.row, done.row["kind"]
    key = (row["right_id"], row["mineral"], row["year"])
    after = year_totals(session, [key[0]], [key[2]]).get(key, 0)
    before = after - _added(done)
    causes = causes_of(right.number, row["mineral"], row["period"])
    changes = [(c.cap, c.period, c.before, c.after) for c in done.changes]
    duty = duty_of(session, row["right_id"], row["mineral"], row["period"])
    return Outcome(
        return_id=done.public_id, right=right.number, mine=right.mine, mineral=row["mineral"],
        period=row["period"], quantity=of_kind(kind, row["quantity"]),
        lost=_lost(row.get("lost_value"), row.get("lost_unit")), revision=done.revision,
        unchanged=done.unchanged, voided=bool(row["voided"]), counted=row["counted"], covered=row["covered"],
        during_stop=row["during_stop"], due_on=duty.due_on if duty else None, today=facts.today,
        had=_had(done.replaced), year_before=of_kind(kind, before), year_after=of_kind(kind, after),
        permit=_permit(facts, right, done, (before, after)), meters=meter_steps(session, changes),
        alarms=alarm_effects(session, causes, newest), usual=_usual(session, done),
    )  # fmt: skip


def _usual(session: Session, done: Recorded) -> Quantity | None:
    row, period = done.row, done.command.period
    if row["voided"]:
        return None
    of_days = period.first == period.last
    before = figures_before(session, row["right_id"], row["mineral"], period.first, of_days=of_days)
    usual = usual_if_far(row["quantity"], before)
    return None if usual is None else of_kind(row["kind"], usual)


def _added(done: Recorded) -> int:
    if done.unchanged:
        return 0
    quantity: int = done.row["quantity"]
    return quantity - (done.replaced.quantity if done.replaced else 0)


def _had(old: OutputReturn | None) -> Had | None:
    if old is None:
        return None
    return Had(old.revision, old.value, old.unit, old.nil, _lost(old.lost_value, old.lost_unit), old.voided)


def _lost(value: str | None, unit: str | None) -> str | None:
    return None if value is None else f"{value} {unit}"


def _permit(facts: Facts, right: MineralRight, done: Recorded, year: tuple[int, int]) -> PermitStep | None:
    """Return the year against the permit; only what is mined under the main mineral is held against it."""
    kind: Kind = done.row["kind"]
    permit = permit_for(facts.permits.get(right.id or 0, []), done.command.period)
    if permit is None or done.row["mineral"] != main_mineral(facts.minerals.get(right.id or 0, [])):
        return None

    def known(base: int | None) -> Quantity | None:
        if base is None or permit.kind is None:
            return None
        return facts.converted(right, of_kind(permit.kind, base), kind)

    before, after = year
    daily = facts.is_daily(right, done.row["mineral"])
    return PermitStep(
        permit.number, permit.valid_from, permit.valid_to, done.row["year"], of_kind(kind, before),
        of_kind(kind, after), known(permit.scale), known(permit.max_day) if daily else None,
    )  # fmt: skip
