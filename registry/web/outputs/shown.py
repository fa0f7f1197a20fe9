"""What returns and their effects look like on a page: figures as an office writes them, states as signs."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from registry.kernel.display import office_unit, percent, trimmed
from registry.kernel.meter import FULL, Load, Meter, lay_out
from registry.kernel.quantity import Quantity, of_kind, ratio
from registry.kernel.shown import Shown, short, state_shown
from registry.kernel.vocabulary import AlarmAct, CapPeriod, ReturnStanding, Severity
from registry.output.rules import standing_of
from registry.web.alarms.rows import AlarmRow, as_read, row_of
from registry.wording.marks import _
from registry.workflows.preview_return import Outcome, PermitStep
from registry.workflows.return_effects import AlarmEffect, MeterStep
from registry.workflows.return_history import Revision


def figure(quantity: Quantity | None, per: CapPeriod) -> str:
    """Return figure and unit short enough for a column; an unknown one is a dash."""
    if quantity is None:
        return "—"
    unit = office_unit(quantity.kind, per)
    return f"{short(quantity, unit)} {unit}"


def change(before: Quantity, after: Quantity, per: CapPeriod) -> str:
    """Return what was added, or taken off, with its sign."""
    moved = after.base - before.base
    return f"{'−' if moved < 0 else '+'}{figure(of_kind(after.kind, abs(moved)), per)}"


def grain_of(period: str) -> CapPeriod:
    """Return whether a period is a day, or a month that counts to its year."""
    return CapPeriod.day if len(period) > len("2025-07") else CapPeriod.year


@dataclass(frozen=True, slots=True)
class StepRow:
    """One meter before and after; the drawing has what was on its upper track and what will be below."""

    step: MeterStep
    limit: str
    before: str
    after: str
    change: str
    share_before: str | None
    share_after: str | None
    state_before: Shown
    state_after: Shown
    passes: tuple[str, ...]
    leaves: tuple[str, ...]
    meter: Meter | None


def step_row(step: MeterStep) -> StepRow:
    """Return one meter before and after as a row."""
    per, is_planned = step.cap.period, step.figure.line is not None
    return StepRow(
        step=step,
        limit=figure(step.limit, per),
        before=figure(step.before, per),
        after=figure(step.after, per),
        change=change(step.before, step.after, per),
        share_before=None if step.share_before is None else percent(step.share_before),
        share_after=None if step.share_after is None else percent(step.share_after),
        state_before=state_shown(step.state_before, is_planned=is_planned),
        state_after=state_shown(step.state_after, is_planned=is_planned),
        passes=tuple(mark_name(mark.hundredths) for mark in step.passes),
        leaves=tuple(mark_name(mark.hundredths) for mark in step.leaves),
        meter=_meter(step),
    )


def _meter(step: MeterStep) -> Meter | None:
    if step.limit is None:
        return None
    load = Load(step.limit.base, step.before.base, 0, step.after.base)
    return lay_out(load, [mark.hundredths for mark in step.marks], step.state_before, step.state_after)


def mark_name(hundredths: int) -> str:
    """Return what a mark of a cap is called: its share, or the cap itself."""
    return _("指标") if hundredths == FULL else f"{trimmed(Decimal(hundredths).scaleb(-2))}%"


@dataclass(frozen=True, slots=True)
class PermitRow:
    """The year of a right before and after against its permit."""

    step: PermitStep
    scale: str
    before: str
    after: str
    share: str | None
    over: str | None
    max_day: str | None


def permit_row(step: PermitStep) -> PermitRow:
    """Return the year against its permit as a row."""
    per = CapPeriod.year
    share = None if not step.scale or not step.scale.base else percent(ratio(step.after, step.scale))
    excess = None if not step.scale or not step.exceeds else step.after - step.scale
    return PermitRow(
        step=step,
        scale=figure(step.scale, per),
        before=figure(step.before, per),
        after=figure(step.after, per),
        share=share,
        over=None if excess is None else figure(excess, per),
        max_day=None if step.max_day is None else figure(step.max_day, CapPeriod.day),
    )


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One thing done to an alarm."""

    effect: AlarmEffect
    alarm: AlarmRow
    is_bad: bool


def effect_row(effect: AlarmEffect) -> EffectRow:
    """Return what was done to an alarm as a row, with what it read then and not what it reads today."""
    alarm = row_of(as_read(effect.told, effect.reading), None)
    return EffectRow(effect, alarm, effect.act is not AlarmAct.receded)


@dataclass(frozen=True, slots=True)
class OutcomeShown:
    """Everything that a return will do, as the page tells it."""

    outcome: Outcome
    quantity: str
    usual: str | None
    year_before: str
    year_after: str
    meters: tuple[StepRow, ...]
    permit: PermitRow | None
    alarms: tuple[EffectRow, ...]

    @property
    def is_quiet(self) -> bool:
        """Whether no alarm would be raised."""
        return not any(row.is_bad for row in self.alarms)


def outcome_shown(outcome: Outcome) -> OutcomeShown:
    """Return what a return will do as the page tells it."""
    return OutcomeShown(
        outcome=outcome,
        quantity=figure(outcome.quantity, grain_of(outcome.period)),
        usual=None if outcome.usual is None else figure(outcome.usual, grain_of(outcome.period)),
        year_before=figure(outcome.year_before, CapPeriod.year),
        year_after=figure(outcome.year_after, CapPeriod.year),
        meters=tuple(step_row(step) for step in outcome.meters),
        permit=None if outcome.permit is None else permit_row(outcome.permit),
        alarms=effect_rows(outcome.alarms),
    )


def effect_rows(effects: Iterable[AlarmEffect]) -> tuple[EffectRow, ...]:
    """Return what was done to alarms as rows, what was raised first and the most urgent of it."""
    rows = [effect_row(effect) for effect in effects]
    urgency = list(reversed(Severity))
    return tuple(sorted(rows, key=lambda row: (not row.is_bad, urgency.index(row.alarm.severity))))


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One revision of a return."""

    revision: Revision
    quantity: str
    lost: str | None
    standing: ReturnStanding
    meters: tuple[StepRow, ...]


def revision_row(revision: Revision) -> RevisionRow:
    """Return one revision as a row."""
    row = revision.row
    per = grain_of(row.period)
    lost = None if row.lost is None else figure(of_kind(row.kind, row.lost), per)
    return RevisionRow(
        revision=revision,
        quantity=figure(of_kind(row.kind, row.quantity), per),
        lost=lost,
        standing=standing_of(row.revision, voided=row.voided),
        meters=tuple(step_row(step) for step in revision.meters),
    )
