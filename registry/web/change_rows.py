"""What changed, line by line, in the words and units of an office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from registry.alarms.rules import risen_from
from registry.kernel.display import office_unit, percent
from registry.kernel.quantity import Quantity, of_kind
from registry.kernel.shown import Shown, severity_shown, short, state_shown
from registry.kernel.vocabulary import CapPeriod
from registry.platform import clock
from registry.web.caps import cap_address
from registry.wording.marks import _
from registry.workflows.cap_status import CapStatus
from registry.workflows.changes import CapChange, ReturnChanged, RightChanged, StepTaken

_DAY = len("2025-07-14")
_CORRECTED, _VOIDED, _ANEW = _("更正"), _("作废"), _("重新报送")
_RIGHTS = {
    "added": _("新入册"),
    "version": _("登记内容变更"),
    "state": _("运行状态"),
    "green": _("绿色矿山"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure then and now; `more` tells with its sign how far it moved."""

    then: str
    now: str
    more: str | None = None

    @property
    def differs(self) -> bool:
        """Whether it moved."""
        return self.then != self.now or self.more is not None


@dataclass(frozen=True, slots=True)
class CapChangeRow:
    """One cap then and now; no state then where the book knew no such cap."""

    name: str
    mineral: str
    region: str
    address: str
    limit: Pair
    licensed: Pair
    output: Pair
    share: Pair
    uncovered: Pair
    through: Pair
    missing: Pair
    then: Shown | None
    now: Shown


def cap_change(change: CapChange) -> CapChangeRow:
    """Return one cap's meters then and now."""
    then, now = change.then, change.now
    return CapChangeRow(
        now.cap.name, now.cap.mineral, now.cap.region, cap_address(now.cap, now.year.year, None),
        _pair(now, then.limit if then else None, now.limit, rate=True),
        _pair(now, then.licensed.total if then else None, now.licensed.total, rate=True),
        _pair(now, then.used if then and then.readings else None, now.used if now.readings else None),
        Pair(_share(then), _share(now)),
        _pair(now, then.uncovered if then else None, now.uncovered),
        Pair(_through(then), _through(now)),
        Pair(str(len(then.missing_returns)) if then else "—", str(len(now.missing_returns))),
        _shown(then) if then else None, _shown(now),
    )  # fmt: skip


def _pair(one: CapStatus, then: Quantity | None, now: Quantity | None, *, rate: bool = False) -> Pair:
    unit = office_unit(one.cap.kind, one.cap.period)
    per = f"/{one.cap.period.label}" if rate else ""

    def figure(quantity: Quantity | None) -> str:
        return "—" if quantity is None else f"{short(quantity, unit)} {unit}{per}"

    moved = (now.base if now else 0) - (then.base if then else 0)
    sign = "+" if moved > 0 else "−"
    return Pair(
        figure(then), figure(now), f"{sign}{figure(of_kind(one.cap.kind, abs(moved)))}" if moved else None
    )


def _share(one: CapStatus | None) -> str:
    return percent(one.ratio(one.used)) if one is not None and one.readings else "—"


def _through(one: CapStatus | None) -> str:
    return str(one.data_through) if one is not None and one.data_through else "—"


def _shown(one: CapStatus) -> Shown:
    has_data = bool(one.readings) or one.licensed.total.base > 0
    return state_shown(one.state, is_planned=one.figure.line is not None, has_data=has_data)


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One return that was corrected, taken back, or told anew after that."""

    number: str
    mine: str
    mineral: str
    period: str
    revision: int
    what: str
    before: str | None
    now: str | None
    reason: str | None
    actor: str
    at: datetime


def return_change(one: ReturnChanged) -> ReturnRow:
    """Return one correction with the figure before it."""
    unit = office_unit(one.kind, CapPeriod.day if len(one.period) == _DAY else CapPeriod.year)

    def figure(base: int | None) -> str | None:
        return None if base is None else f"{short(of_kind(one.kind, base), unit)} {unit}"

    what = _VOIDED if one.voided else _ANEW if one.was_voided else _CORRECTED
    return ReturnRow(
        one.number, one.mine, one.mineral, one.period, one.revision, what,
        None if one.was_voided else figure(one.before), None if one.voided else figure(one.quantity),
        one.reason, one.actor, one.recorded_at.astimezone(clock.LOCAL),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RightRow:
    """Something new about a right."""

    number: str
    mine: str
    what: str
    word: str
    begins: date | None
    stands: bool
    on: date


def right_change(one: RightChanged) -> RightRow:
    """Return what became new about a right; of a new version the act is not a word of the office."""
    word = "" if one.what == "version" else one.word
    return RightRow(
        one.number, one.mine, _RIGHTS[one.what], word, one.begins, one.stands,
        clock.local_day(one.recorded_at),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of an alarm; `shown` is its level then, `risen` the level from which the step raised it."""

    id: int
    shown: Shown | None
    risen: str | None
    what: str
    about: str
    period: str | None
    act: str
    at: datetime
    actor: str
    note: str | None


def step_taken(step: StepTaken, names: Mapping[str, str]) -> StepRow:
    """Return one step of an alarm."""
    alarm = step.alarm
    about = step.mine or alarm.right or alarm.mineral or names.get(alarm.region, alarm.region)
    side = f"（{alarm.side.label}）" if alarm.side and not step.mine else ""
    period = (alarm.period or "").replace("/", "—") or None
    risen = risen_from(step.act, step.before, step.severity)
    return StepRow(
        alarm.id or 0, None if step.severity is None else severity_shown(step.severity),
        None if risen is None else risen.label, alarm.code.label, f"{about}{side}", period,
        step.act.label, step.at.astimezone(clock.LOCAL), step.actor, step.note,
    )  # fmt: skip
