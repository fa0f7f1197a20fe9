"""What stands behind one cap, line by line, in the words and units of an office."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from registry.caps.queries import Reading
from registry.kernel.display import office_unit, percent, trimmed
from registry.kernel.meter import FULL
from registry.kernel.quantity import of_kind, plain, quotient, share
from registry.kernel.vocabulary import CapPeriod, CommitmentKind
from registry.platform import clock
from registry.workflows.cap_status import CapStatus
from registry.workflows.one_cap import OneCap

_BAR = 1000


def _figure(one: CapStatus, base: int | None, per: CapPeriod | None = None) -> str | None:
    """Return an exact figure in the office's unit, without the unit."""
    if base is None:
        return None
    return plain(of_kind(one.cap.kind, base), office_unit(one.cap.kind, per or one.cap.period))


def _share(part: int, whole: int | None) -> str | None:
    return percent(share(part, whole)) if whole else None


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """One mark of the limit, and which meters have passed it; the cap itself is passed strictly above."""

    word: str
    share: str
    at: str | None
    licensed: bool
    output: bool
    is_cap: bool


def threshold_rows(one: CapStatus) -> list[ThresholdRow]:
    """Return the marks of a cap, lowest first; none is passed where the book knows only a part."""
    if one.limit is None:
        return []
    limit, judged = one.limit, not one.is_partial
    return [
        ThresholdRow(
            mark.code.label, f"{trimmed(quotient(mark.hundredths, 100, 2))}%",
            _figure(one, limit.base * mark.hundredths // FULL),
            judged and mark.is_passed(limit, one.licensed.total), judged and mark.is_passed(limit, one.used),
            mark.hundredths == FULL,
        )
        for mark in one.marks
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month of the table under the chart."""

    month: int
    dug: str | None
    cumulated: str | None
    share: str | None
    peak: str | None
    peak_day: str | None
    is_over: bool
    returns: int
    missing: int


def month_rows(found: OneCap) -> list[MonthRow]:
    """Return twelve months; the share is that of the running sum, under a daily cap of the highest day."""
    one = found.status
    limit = one.limit.base if one.limit and not one.is_partial else None
    is_daily = one.cap.period is CapPeriod.day
    rows = []
    for month in found.months:
        measured = (month.peak[1] if month.peak else 0) if is_daily else month.cumulated
        came = bool(month.returns)
        rows.append(
            MonthRow(
                month.month,
                _figure(one, month.dug, CapPeriod.year) if came else None,
                _figure(one, month.cumulated, CapPeriod.year) if came else None,
                _share(measured, limit) if came else None,
                _figure(one, month.peak[1]) if month.peak else None,
                month.peak[0] if month.peak else None,
                limit is not None and came and measured > limit,
                month.returns,
                month.missing,
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day under a daily cap."""

    day: str
    used: str | None
    share: str | None
    over: str | None
    returns: int


def day_rows(one: CapStatus) -> list[DayRow]:
    """Return every day that was told of, in order."""
    limit = one.limit.base if one.limit and not one.is_partial else None
    return [_day(one, reading, limit) for reading in one.readings]


def _day(one: CapStatus, reading: Reading, limit: int | None) -> DayRow:
    over = reading.used - limit if limit is not None and reading.used > limit else None
    return DayRow(
        reading.period, _figure(one, reading.used), _share(reading.used, limit), _figure(one, over),
        reading.returns,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RightRow:
    """One right under the cap: what it may take against what it dug, and the part of both that it has."""

    number: str
    mine: str
    region: str
    licensed: str | None
    dug: str | None
    share: str | None
    is_over: bool
    part: str | None
    bar: int
    uncovered: str | None
    peak: str | None
    peak_day: str | None
    returns: int


def right_rows(found: OneCap) -> list[RightRow]:
    """Return every right that is licensed for the mineral or dug it in the year, by number.

    The share of a yearly cap's right is that of its licensed scale; under a daily cap it is the highest day
    over the licensed maximum day. `bar` is its part of all that was dug, in thousandths.
    """
    one, is_daily = found.status, found.status.cap.period is CapPeriod.day
    whole = sum(right.dug for right in found.rights)
    rows = []
    for right in found.rights:
        measured = (right.peak[1] if right.peak else 0) if is_daily else right.dug
        rows.append(
            RightRow(
                right.number, right.mine, right.region, _figure(one, right.licensed),
                _figure(one, right.dug, CapPeriod.year) if right.returns else None,
                _share(measured, right.licensed) if right.returns else None,
                right.licensed is not None and measured > right.licensed,
                _share(right.dug, whole), right.dug * _BAR // whole if whole else 0,
                _figure(one, right.uncovered, CapPeriod.year) if right.uncovered else None,
                _figure(one, right.peak[1]) if right.peak else None, right.peak[0] if right.peak else None,
                right.returns,
            )
        )  # fmt: skip
    return rows


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """One commitment on the licensed side; `last` is the last day on which it holds."""

    right: str | None
    mine: str | None
    kind: str
    is_hold: bool
    amount: str | None
    starts: date
    last: date | None
    expires_on: date | None
    reference: str


def commitment_rows(found: OneCap) -> list[CommitmentRow]:
    """Return what is licensed or held in the year."""
    return [
        CommitmentRow(
            line.right, line.mine, line.kind.label, line.kind is CommitmentKind.hold,
            _figure(found.status, line.amount), line.starts,
            line.ends - timedelta(days=1) if line.ends else None, line.expires_on, line.reference,
        )
        for line in found.commitments
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One movement of the ledger; `raised` are the alarms of that very step."""

    meter: str
    seq: int
    at: datetime
    right: str
    mine: str
    mineral: str
    period: str
    revision: int
    amount: str | None
    is_back: bool
    uncovered: bool
    balance: str | None
    raised: tuple[str, ...]


def movement_rows(found: OneCap) -> list[MovementRow]:
    """Return the movements of one page, the newest first."""
    one = found.status
    return [
        MovementRow(
            line.meter, line.seq, line.recorded_at.astimezone(clock.LOCAL), line.right, line.mine,
            line.mineral, line.period, line.revision, _figure(one, line.amount), line.amount < 0,
            line.uncovered, _figure(one, line.balance_after),
            tuple(code.label for code in found.raised_by.get((line.cause, line.balance_after), [])),
        )
        for line in found.movements
    ]  # fmt: skip
