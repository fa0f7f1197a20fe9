"""What one return does: to the meters of the caps above it, to the year of its permit, to alarms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlmodel import Session

from registry.alarms.queries import figure_of, public, steps_caused_by
from registry.caps.models import Meter, Movement
from registry.caps.queries import coverage, marks_on
from registry.caps.rules import Mark, passed, state
from registry.kernel.period import Day, Year
from registry.kernel.quantity import Quantity, of_kind, ratio
from registry.kernel.vocabulary import AlarmAct, CapPeriod, CapState
from registry.plans.models import Cap
from registry.plans.queries import CapFigure, figure, lines_of


@dataclass(frozen=True, slots=True)
class MeterStep:
    """One meter before and after one return, held against what its cap is in that period."""

    figure: CapFigure
    period: Day | Year
    before: Quantity
    after: Quantity
    marks: tuple[Mark, ...]
    is_partial: bool

    @property
    def cap(self) -> Cap:
        """The account."""
        return self.figure.cap

    @property
    def limit(self) -> Quantity | None:
        """The limit in that period."""
        return self.figure.limit

    @property
    def state_before(self) -> CapState:
        """The state of the meter before."""
        return self._state(self.before)

    @property
    def state_after(self) -> CapState:
        """The state of the meter after."""
        return self._state(self.after)

    @property
    def share_before(self) -> Decimal | None:
        """What was taken of the limit before."""
        return self._share(self.before)

    @property
    def share_after(self) -> Decimal | None:
        """What is taken of the limit after."""
        return self._share(self.after)

    @property
    def passes(self) -> list[Mark]:
        """The marks that the step passes, lowest first."""
        return self._marks(self.after, self.before)

    @property
    def leaves(self) -> list[Mark]:
        """The marks that the step comes back below, lowest first."""
        return self._marks(self.before, self.after)

    def _marks(self, one: Quantity, other: Quantity) -> list[Mark]:
        found = passed(self.limit, one, self.marks) - passed(self.limit, other, self.marks)
        return sorted(found, key=lambda mark: mark.hundredths)

    def _state(self, reading: Quantity) -> CapState:
        if self.limit is not None and self.is_partial:
            return CapState.partial
        return state(self.limit, reading, self.marks)

    def _share(self, reading: Quantity) -> Decimal | None:
        return None if self.limit is None or self.is_partial else ratio(reading, self.limit)


@dataclass(frozen=True, slots=True)
class AlarmEffect:
    """What a return did to an alarm; `told` is the alarm's public form as it stands now.

    `reading` is what it read at this very step, in t or m³; None where the step tells none.
    """

    act: AlarmAct
    told: dict[str, Any]
    at: datetime
    reading: str | None


Change = tuple[Cap, Day | Year, Quantity, Quantity]


def meter_steps(
    session: Session, changes: Sequence[Change], as_of: datetime | None = None
) -> tuple[MeterStep, ...]:
    """Return changes of meters with what their caps were, now or `as_of` a moment."""
    caps = list({cap.id: cap for cap, *_ in changes}.values())
    if not caps:
        return ()
    lines = lines_of(session, caps, as_of)
    cover = coverage(session, {cap.region for cap in caps})
    marks = {year: marks_on(session, date(year, 12, 31)) for year in {at.year for _, at, *_ in changes}}
    return tuple(
        MeterStep(
            figure(cap, lines.get(cap.id or 0, []), period), period, before, after,
            tuple(marks[period.year][cap.period]), bool(cover[cap.region].missing),
        )
        for cap, period, before, after in changes
    )  # fmt: skip


def changes_of(moves: Iterable[tuple[Movement, Meter, Cap]]) -> list[Change]:
    """Return what the movements of one revision changed, meter by meter, as kept."""
    found: list[Change] = []
    for _, group in groupby(moves, key=lambda move: move[1].id):
        steps = list(group)
        (first, meter, cap), (last, _, _) = steps[0], steps[-1]
        before, after = first.balance_after - first.amount, last.balance_after
        period = _period(cap, meter.period)
        found.append((cap, period, of_kind(cap.kind, before), of_kind(cap.kind, after)))
    return found


def _period(cap: Cap, text: str) -> Day | Year:
    return Day(date.fromisoformat(text)) if cap.period is CapPeriod.day else Year(int(text))


def alarm_effects(session: Session, causes: Sequence[str], after: int = 0) -> tuple[AlarmEffect, ...]:
    """Return what acts did to alarms, in order; of one alarm handed from step to step only the last."""
    session.flush()
    found = steps_caused_by(session, causes, after)
    told = {one["id"]: one for one in public(session, list({a.id: a for _, a in found}.values()))}
    return tuple(
        AlarmEffect(step.act, told[step.alarm_id], step.at, figure_of(alarm, step.reading))
        for step, alarm in found
    )


def causes_of(right: str, mineral: str, period: str) -> list[str]:
    """Return the names under which a return causes things: its own, and its month's for what was missing."""
    return sorted({f"{right}/{mineral}/{period}", f"{right}/{mineral}/{period[:7]}"})
