"""Turns readings that pass or leave the marks of a cap into alarms."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlmodel import Session, select

from registry.alarms import daily
from registry.alarms import service as alarms
from registry.alarms.models import Alarm
from registry.alarms.rules import Cause, Condition
from registry.caps.rules import Mark, passed, severity
from registry.kernel.period import Day, Year
from registry.kernel.quantity import Quantity
from registry.kernel.vocabulary import AlarmCode, MeterSide, Severity
from registry.plans.models import Cap
from registry.plans.queries import CapFigure
from registry.platform.db import locked

CARRIED = "（沿用）"


@dataclass(slots=True)
class Judge:
    """Judges one reading after another in one transaction and gathers what standing alarms must show."""

    session: Session
    actor: str
    readings: dict[str, Quantity] = field(default_factory=dict)
    raised: list[str] = field(default_factory=list)

    def output(
        self,
        figure: CapFigure,
        period: Day | Year,
        marks: Iterable[Mark],
        before: Quantity,
        after: Quantity,
        cause: Cause,
    ) -> None:
        """Raise what the step from `before` to `after` has passed and recede what it has left."""
        was, now = passed(figure.limit, before, marks), passed(figure.limit, after, marks)
        for mark in sorted(now - was, key=lambda m: m.hundredths):
            self._pass(figure, period, mark, after, cause)
        for mark in was - now:
            self._leave(figure, period, mark, after, cause)
        for mark in now & was:
            self._follow(figure, period, mark, after, cause)

    def standing(
        self, figure: CapFigure, period: Day | Year, marks: Iterable[Mark], reading: Quantity, cause: Cause
    ) -> None:
        """Judge a reading whose limit has changed: every mark is raised or recedes as it stands now."""
        now = passed(figure.limit, reading, marks)
        for mark in marks:
            self._pass(figure, period, mark, reading, cause) if mark in now else self._leave(
                figure, period, mark, reading, cause
            )
        if figure.limit is not None:
            key = missing_key(figure.cap, period.year)
            alarms.recede(self.session, self.actor, [key], {key: reading}, cause.told, cause.revision)

    def _pass(
        self, figure: CapFigure, period: Day | Year, mark: Mark, reading: Quantity, cause: Cause
    ) -> None:
        told = condition(figure, mark, MeterSide.output, period, reading, cause)
        if isinstance(period, Year):
            self.raised.append(alarms.raise_(self.session, self.actor, told).key)
        else:
            self.raised.append(self._day_over(figure, period, told, reading).key)

    def _follow(
        self, figure: CapFigure, period: Day | Year, mark: Mark, reading: Quantity, cause: Cause
    ) -> None:
        if isinstance(period, Year):
            self.readings[alarm_key(mark, figure.cap, period)] = reading
        else:
            told = condition(figure, mark, MeterSide.output, period, reading, cause)
            self._day_over(figure, period, told, reading)

    def _day_over(self, figure: CapFigure, day: Day, told: Condition, reading: Quantity) -> Alarm:
        # Neighbouring days live on different meters: the cap's row keeps their alarm one.
        locked(self.session, select(Cap).where(Cap.id == figure.cap.id))
        return daily.over(self.session, self.actor, told, day.first, reading)

    def _leave(
        self, figure: CapFigure, period: Day | Year, mark: Mark, reading: Quantity, cause: Cause
    ) -> None:
        now = condition(figure, mark, MeterSide.output, period, reading, cause)
        if isinstance(period, Year):
            self.readings.pop(now.key, None)  # of an earlier step
            alarms.recede_to(self.session, self.actor, now)
        else:
            locked(self.session, select(Cap).where(Cap.id == figure.cap.id))
            daily.back(self.session, self.actor, now, period.first, reading)

    def missing_limit(self, figure: CapFigure, year: int, reading: Quantity | None, cause: Cause) -> None:
        """Tell that a controlled mineral is dug or licensed although no plan prints a figure for it."""
        told = Condition(
            AlarmCode.cap_missing, missing_key(figure.cap, year), Severity.info, figure.cap.region,
            mineral=figure.cap.mineral, period=str(year), reading=reading, caused_by=cause.told,
            document=document_of(figure), clause=figure.line.clause if figure.line else None,
            revision=cause.revision,
        )  # fmt: skip
        self.raised.append(alarms.raise_(self.session, self.actor, told).key)

    def finish(self) -> list[str]:
        """Write the newest readings to the standing alarms; return the keys of what was raised."""
        alarms.refresh(self.session, self.readings)
        return self.raised


def alarm_key(mark: Mark, cap: Cap, period: Day | Year, side: MeterSide = MeterSide.output) -> str:
    """Return the key of one alarm per cap, meter, mark and period; a day's run begins with its first day."""
    subject = f"{mark.name}:{cap.name}:{side}"
    return f"{subject}:{period}" if isinstance(period, Year) else subject


def missing_key(cap: Cap, year: int) -> str:
    """Return the key of the one alarm a year that a cap has no figure."""
    return f"{AlarmCode.cap_missing}:{cap.name}:{year}"


def document_of(figure: CapFigure) -> str | None:
    """Return the plan a figure rests on, with its number, and 沿用 when it is carried forward."""
    if figure.document is None:
        return None
    return figure.document.cited + (CARRIED if figure.carried_forward else "")


def condition(
    figure: CapFigure, mark: Mark, side: MeterSide, period: Day | Year, reading: Quantity, cause: Cause
) -> Condition:
    """Return the condition of a passed mark: limit, reading, what caused it, plan and clause."""
    return Condition(
        code=mark.code, key=alarm_key(mark, figure.cap, period, side),
        severity=severity(mark.code, figure.binding),
        region=figure.cap.region, mineral=figure.cap.mineral, side=side, period=str(period),
        limit=figure.limit, reading=reading, caused_by=cause.told, document=document_of(figure),
        clause=figure.line.clause if figure.line else None, revision=cause.revision,
    )  # fmt: skip
