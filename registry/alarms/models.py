"""Tables of alarms, their steps and the days a daily alarm lists."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from registry.kernel.vocabulary import AlarmAct, AlarmCode, AlarmState, Kind, MeterSide, Severity
from registry.platform.columns import key, refers, whole, word


class Alarm(SQLModel, table=True):
    """One condition; the same condition passing again re-opens the same row."""

    __tablename__ = "alarm"

    id: int | None = key()
    key: str = Field(unique=True, description="what the alarm is about: code, subject, period")
    code: AlarmCode = word(AlarmCode)
    severity: Severity = word(Severity)
    state: AlarmState = word(AlarmState, default=AlarmState.open)
    receded: bool = False
    region: str = Field(foreign_key="region.code", index=True)
    mineral: str | None = None
    right: str | None = Field(default=None, index=True, description="public number of the right")
    side: MeterSide | None = word(MeterSide, nullable=True)
    period: str | None = Field(default=None, description="2025, 2025-07, a day, or first/last day of a run")
    kind: Kind | None = word(Kind, nullable=True)
    limit: int | None = whole(nullable=True)
    reading: int | None = whole(nullable=True)
    caused_by: str | None = Field(default=None, description="public id of the return or act")
    document: str | None = Field(default=None, description="plan, permit or rule it rests on")
    clause: str | None = None
    note: str | None = Field(default=None, description="what no other column says, in the office's words")
    raised_at: datetime


class AlarmStep(SQLModel, table=True):
    """One step in the life of an alarm: what happened, who did it, what they wrote, and how it stood then.

    The book did not keep `severity` and `revision` before migration 0008: of older steps they are unknown.
    """

    __tablename__ = "alarm_step"

    id: int | None = key()
    alarm_id: int = refers("alarm.id", index=True)
    act: AlarmAct = word(AlarmAct)
    at: datetime
    actor: str
    note: str | None = None
    reading: int | None = whole(nullable=True)
    caused_by: str | None = None
    severity: Severity | None = word(Severity, nullable=True)
    revision: int | None = Field(default=None, description="which revision of the return that caused it")


class AlarmDay(SQLModel, table=True):
    """One day of an alarm under a daily limit; consecutive days share an alarm."""

    __tablename__ = "alarm_day"
    __table_args__ = (UniqueConstraint("subject", "day"),)

    id: int | None = key()
    alarm_id: int = refers("alarm.id", index=True)
    subject: str = Field(description="alarm key without the day")
    day: date
    reading: int = whole()
    over: bool = True
