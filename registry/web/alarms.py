"""Alarms as a page lists them: what stands comes first, the most urgent before the newest."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from registry.alarms.queries import alarms, public
from registry.kernel.display import trimmed
from registry.kernel.shown import Shown, severity_shown
from registry.kernel.vocabulary import AlarmCode, AlarmState, MeterSide, Severity
from registry.platform import clock
from registry.rights.models import MineralRight
from registry.rights.queries import rights_by_number

# The unit an office uses for a figure in t or m³ by the year, and how many places lie between them.
_OFFICE_UNIT = {"t": ("万吨", 4), "m3": ("万m³", 4)}
_DAILY_UNIT = {"t": ("吨", 0), "m3": ("m³", 0)}
_DAY_OR_RUN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:/\d{4}-\d{2}-\d{2})?")
_URGENCY = {Severity.critical: 0, Severity.warning: 1, Severity.info: 2}


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
    days: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether the condition holds and nobody has settled it."""
        return self.state is not AlarmState.closed and not self.told["receded"]


def about(session: Session, year: int, as_of: date | None) -> list[AlarmRow]:
    """Return the alarms about a year or raised in it, and every one that still stands.

    With `as_of` those raised later are left out; the steps taken since are shown as they are today.
    """
    found = public(session, alarms(session))
    rights = rights_by_number(session, {one["right"] for one in found if one["right"]})
    rows = [_row(one, rights.get(one["right"])) for one in found]
    return sorted((row for row in rows if _is_wanted(row, year, as_of)), key=_order)


def _is_wanted(row: AlarmRow, year: int, as_of: date | None) -> bool:
    if as_of is not None and row.raised > as_of:
        return False
    return row.stands or str(row.told["period"]).startswith(str(year)) or row.raised.year == year


def _order(row: AlarmRow) -> tuple[bool, int, int, int]:
    return (not row.stands, _URGENCY[row.severity], -row.raised.toordinal(), -row.told["id"])


def _row(told: Mapping[str, Any], right: MineralRight | None) -> AlarmRow:
    is_daily = _DAY_OR_RUN.fullmatch(told["period"] or "") is not None
    unit, places = (_DAILY_UNIT if is_daily else _OFFICE_UNIT).get(told["unit"], (told["unit"] or "", 0))
    excess = None if told["excess"] is None else Decimal(told["excess"])
    return AlarmRow(
        told=told,
        code=AlarmCode(told["code"]),
        severity=Severity(told["severity"]),
        shown=severity_shown(Severity(told["severity"])),
        state=AlarmState(told["state"]),
        side=MeterSide(told["meter"]) if told["meter"] else None,
        raised=clock.local_day(datetime.fromisoformat(told["raised_at"])),
        mine=right.mine if right else None,
        unit=unit,
        reading=_figure(told["reading"], places),
        limit=_figure(told["limit"], places),
        over=_figure(excess, places) if excess is not None and excess > 0 else None,
        under=_figure(-excess, places) if excess is not None and excess <= 0 else None,
        days=tuple(day["day"] for day in told["days"] if day["over"]),
    )


def _figure(value: str | Decimal | None, places: int) -> str | None:
    return None if value is None else trimmed(Decimal(value).scaleb(-places))


def standing(rows: Sequence[AlarmRow]) -> int:
    """Count the alarms that somebody still has to settle."""
    return sum(row.stands for row in rows)
