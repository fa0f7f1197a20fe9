"""Alarms as a page lists them: what stands comes first, the most urgent before the newest."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from registry.alarms.rules import is_other_limit, risen_from
from registry.kernel.display import percent, trimmed
from registry.kernel.shown import Shown, severity_shown
from registry.kernel.vocabulary import AlarmAct, AlarmCode, AlarmState, MeterSide, Severity
from registry.platform import clock
from registry.web.alarms.basis import joint

# The unit an office uses for a figure in t or m³ by the year, and how many places lie between them.
_OFFICE_UNIT = {"t": ("万吨", 4), "m3": ("万m³", 4)}
_DAILY_UNIT = {"t": ("吨", 0), "m3": ("m³", 0)}
_DAY_OR_RUN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:/\d{4}-\d{2}-\d{2})?")
_RAISED = (AlarmAct.raised, AlarmAct.reopened)
_HANDLED = (AlarmAct.acknowledged, AlarmAct.closed)


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One alarm's row; `told` is its public form."""

    told: Mapping[str, Any]
    code: AlarmCode
    severity: Severity
    shown: Shown
    state: AlarmState
    side: MeterSide | None
    raised: date
    mine: str | None
    unit: str
    reading: str | None
    limit: str | None
    over: str | None
    under: str | None
    share: str | None
    days: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether the condition holds and nobody has settled it."""
        return self.state is not AlarmState.closed and not self.told["receded"]

    @property
    def is_daily(self) -> bool:
        """Whether it is about a day or a run of days."""
        return _DAY_OR_RUN.fullmatch(self.told["period"] or "") is not None

    @property
    def joint(self) -> str:
        """What stands between its document and its clause."""
        return joint(self.code)

    @property
    def handled(self) -> Mapping[str, Any] | None:
        """The last step that somebody took about it, unless it was raised anew since."""
        last = next(
            (s for s in reversed(self.told["steps"]) if s["act"] in (*_HANDLED, AlarmAct.reopened)), None
        )
        return last if last and last["act"] in _HANDLED else None

    @property
    def when_raised(self) -> "AlarmRow":
        """The same alarm as it was raised last, on the highest day of a run, as far as its steps tell.

        A limit that was changed before it receded is not what it was raised against: it is left out.
        """
        steps = self.told["steps"]
        last = max((n for n, step in enumerate(steps) if step["act"] in _RAISED), default=0)
        acts = (*_RAISED, AlarmAct.extended)
        read = [Decimal(s["reading"]) for s in steps[last:] if s["act"] in acts and s["reading"] is not None]
        told = as_read(self.told, trimmed(max(read)) if read else None)
        if any(is_other_limit(step["note"]) for step in steps[last:]):
            told |= {"limit": None, "excess": None}
        return row_of(told, self.mine)

    @property
    def levels(self) -> list[tuple[Shown | None, str | None]]:
        """How each step is shown, and from which level it raised the alarm, both where they are known."""
        known = [None if s["severity"] is None else Severity(s["severity"]) for s in self.told["steps"]]
        found: list[tuple[Shown | None, str | None]] = []
        for step, before, now in zip(self.told["steps"], [None, *known], known, strict=False):
            risen = risen_from(AlarmAct(step["act"]), before, now)
            found.append((severity_shown(now) if now else None, risen.label if risen else None))
        return found

    def figure(self, base: str | None) -> str | None:
        """Return an exact figure in t or m³ in the unit of this row."""
        return _figure(base, _unit(self.told)[1])


def row_of(told: Mapping[str, Any], mine: str | None) -> AlarmRow:
    """Return an alarm in its public form as a row, with the name of its mine."""
    unit, places = _unit(told)
    excess = None if told["excess"] is None else Decimal(told["excess"])
    return AlarmRow(
        told=told,
        code=AlarmCode(told["code"]),
        severity=Severity(told["severity"]),
        shown=severity_shown(Severity(told["severity"])),
        state=AlarmState(told["state"]),
        side=MeterSide(told["meter"]) if told["meter"] else None,
        raised=clock.local_day(datetime.fromisoformat(told["raised_at"])),
        mine=mine,
        unit=unit,
        reading=_figure(told["reading"], places),
        limit=_figure(told["limit"], places),
        over=_figure(excess, places) if excess is not None and excess > 0 else None,
        under=_figure(-excess, places) if excess is not None and excess <= 0 else None,
        share=_share(told),
        days=tuple(day["day"] for day in told["days"] if day["over"]),
    )


def as_read(told: Mapping[str, Any], reading: str | None) -> dict[str, Any]:
    """Return an alarm in its public form as at another reading, in t or m³, and with what exceeded then."""
    known = reading is not None and told["limit"] is not None
    excess = str(Decimal(reading or 0) - Decimal(told["limit"])) if known else None
    return {**told, "reading": reading, "excess": excess}


def _unit(told: Mapping[str, Any]) -> tuple[str, int]:
    """Return the office's unit of an alarm's figures, and how many places lie between it and t or m³."""
    is_daily = _DAY_OR_RUN.fullmatch(told["period"] or "") is not None
    return (_DAILY_UNIT if is_daily else _OFFICE_UNIT).get(told["unit"], (told["unit"] or "", 0))


def _share(told: Mapping[str, Any]) -> str | None:
    """Return the reading as a share of the limit; None where either is unknown."""
    if told["reading"] is None or told["limit"] is None or not Decimal(told["limit"]):
        return None
    return percent(Decimal(told["reading"]) / Decimal(told["limit"]))


def _figure(value: str | Decimal | None, places: int) -> str | None:
    return None if value is None else trimmed(Decimal(value).scaleb(-places))
