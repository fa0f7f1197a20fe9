"""Posts returns to every cap above them: the last writes of a transaction before its audit entries.

One upsert creates, locks and adds to all meters of a batch, lowest regions first; the movements are
numbered from what it returns, so the return that passes a mark is known (docs/structure.md).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from registry.alarms.rules import Cause
from registry.caps.models import Meter, Movement
from registry.caps.queries import marks_on, readings
from registry.caps.rules import Mark
from registry.caps.service.judging import Judge, missing_key
from registry.kernel.period import Day, Month, Year
from registry.kernel.quantity import Quantity, of_kind
from registry.kernel.vocabulary import CapPeriod
from registry.plans.models import Cap, CapLine, PlanDocument
from registry.plans.queries import figure, lines_of
from registry.platform import clock
from registry.platform.rows import insert_rows
from registry.platform.upsert import upsert
from registry.regions.queries import lineage

Marks = Mapping[int, Mapping[CapPeriod, Sequence[Mark]]]
Lines = Mapping[int, Sequence[tuple[CapLine, PlanDocument]]]
Meters = Mapping[tuple[int | None, str], dict[str, Any]]
LastDays = Callable[[Cap, int], Mapping[int, date]]  # by year, the last day of what stands under a cap


@dataclass(frozen=True, slots=True)
class Part:
    """One signed amount of a posting, and whether no permit covers it."""

    amount: Quantity
    uncovered: bool


@dataclass(frozen=True, slots=True)
class Posting:
    """What one return does to the meters: a correction brings its reversal and the new amount."""

    return_id: int
    public_id: str
    revision: int
    region: str
    mineral: str
    period: Day | Month
    parts: tuple[Part, ...]
    returns: int

    @property
    def cause(self) -> Cause:
        """What the alarms are told that it raises or lets go."""
        return Cause(self.public_id, self.revision)


@dataclass(frozen=True, slots=True)
class MeterChange:
    """One meter before and after one return."""

    return_id: int
    cause: Cause
    cap: Cap
    period: Day | Year
    before: Quantity
    after: Quantity
    is_new: bool


@dataclass(slots=True)
class _Account:
    """One meter of the batch with the postings that reach it, in row order."""

    cap: Cap
    depth: int
    period: Day | Year
    postings: list[Posting] = field(default_factory=list)

    def row(self, moment: datetime) -> dict[str, Any]:
        """Return what the upsert adds to the meter."""
        parts = [part for posting in self.postings for part in posting.parts]
        return {
            "cap_id": self.cap.id, "period": str(self.period), "used": sum(p.amount.base for p in parts),
            "uncovered": sum(p.amount.base for p in parts if p.uncovered),
            "returns": sum(p.returns for p in self.postings), "seq": len(parts),
            "through": max(_through(p) for p in self.postings), "recorded_at": moment,
        }  # fmt: skip


_ADDED = ("used", "uncovered", "returns", "seq")
_RETURNED = ("cap_id", "period", "id", *_ADDED, "through", "recorded_at")


def _through(posting: Posting) -> date:
    return posting.period.last if posting.returns >= 0 else date.min


def post(
    session: Session,
    actor: str,
    postings: Sequence[Posting],
    caps: Collection[Cap],
    last_days: LastDays | None = None,
) -> tuple[list[MeterChange], list[str]]:
    """Post returns to the meters of those of the caps that lie above them, and judge each step.

    The caller holds the rights, so that no limit changes meanwhile: limits are read before the meters
    are locked, since everybody below waits for the highest meter until this transaction commits.
    `last_days` is asked, under the lock, where returns are taken back. Returns the changes in order, and
    the keys of the alarms they raised.
    """
    accounts = _accounts(session, postings, caps)
    if not accounts:
        return [], []
    lines = lines_of(session, {a.cap.id: a.cap for a in accounts}.values())
    marks = {year: marks_on(session, date(year, 12, 31)) for year in {a.period.year for a in accounts}}
    moment = clock.now(session)
    merge: Any = {**dict.fromkeys(_ADDED, "add"), "through": "max", "recorded_at": "max"}
    rows = [account.row(moment) for account in accounts]
    returned = upsert(session, Meter, rows, ["cap_id", "period"], merge, _RETURNED)
    meters = {(row[0], row[1]): dict(zip(_RETURNED, row, strict=True)) for row in returned}
    if last_days is not None:
        _reach_back(session, accounts, meters, last_days)
    changes, movements = [], []
    for account in accounts:
        meter = meters[account.cap.id, str(account.period)]
        changed, moved = _walk(account, meter)
        changes += changed
        movements += moved
    insert_rows(session, Movement, movements)
    return changes, _judge(session, actor, changes, lines, marks)


def _reach_back(session: Session, accounts: Sequence[_Account], meters: Meters, last_days: LastDays) -> None:
    """Let a yearly meter say how far its data reach once a return was taken back: it may have been the last.

    A meter without any return says nothing, and nothing of what it said remains for the next one.
    """
    for account in accounts:
        if isinstance(account.period, Day) or all(posting.returns >= 0 for posting in account.postings):
            continue
        meter = meters[account.cap.id, str(account.period)]
        if max(p.period.last for p in account.postings if p.returns < 0) < meter["through"]:
            continue  # something later stands
        day = last_days(account.cap, account.period.year).get(account.period.year, date.min)
        if day < meter["through"]:
            meter["through"] = day
            session.execute(update(Meter).where(col(Meter.id) == meter["id"]).values(through=day))


def _accounts(session: Session, postings: Sequence[Posting], caps: Collection[Cap]) -> list[_Account]:
    """Return the meters that the postings reach, lowest regions first, in one order for everybody."""
    accounts: dict[tuple[int | None, str], _Account] = {}
    for posting in postings:
        codes = lineage(session, posting.region)
        for cap in caps:
            if cap.mineral == posting.mineral and cap.region in codes:
                period = posting.period if cap.period is CapPeriod.day else Year(posting.period.year)
                # A month under a daily cap has no day to stand on; the output service refuses it earlier.
                if isinstance(period, Month):
                    continue
                depth = len(codes) - codes.index(cap.region)
                account = accounts.setdefault((cap.id, str(period)), _Account(cap, depth, period))
                account.postings.append(posting)
    return sorted(accounts.values(), key=lambda a: (-a.depth, a.cap.id or 0, str(a.period)))


def _walk(account: _Account, meter: dict[str, Any]) -> tuple[list[MeterChange], list[dict[str, Any]]]:
    """Number the movements of one meter backwards from what the upsert returned."""
    added = account.row(meter["recorded_at"])
    at = {name: meter[name] - added[name] for name in _ADDED}
    changes, movements = [], []
    kind, is_new = account.cap.kind, at["seq"] == 0
    for posting in account.postings:
        before = at["used"]
        for number, part in enumerate(posting.parts):
            at["seq"] += 1
            at["used"] += part.amount.base
            at["uncovered"] += part.amount.base if part.uncovered else 0
            step = posting.returns if number == len(posting.parts) - 1 else 0
            at["returns"] += step
            movements.append(
                {
                    "meter_id": meter["id"], "seq": at["seq"], "return_id": posting.return_id,
                    "amount": part.amount.base, "uncovered": part.uncovered, "returns": step,
                    "balance_after": at["used"], "uncovered_after": at["uncovered"],
                    "returns_after": at["returns"], "through_after": meter["through"],
                    "recorded_at": meter["recorded_at"],
                }
            )  # fmt: skip
        ends = of_kind(kind, before), of_kind(kind, at["used"])
        changes.append(
            MeterChange(posting.return_id, posting.cause, account.cap, account.period, *ends, is_new)
        )
        is_new = False
    return changes, movements


def _judge(
    session: Session, actor: str, changes: Sequence[MeterChange], lines: Lines, marks: Marks
) -> list[str]:
    judge = Judge(session, actor)
    for change in changes:
        found = figure(change.cap, lines.get(change.cap.id or 0, []), change.period)
        if found.limit is None and found.line is not None and change.is_new:
            judge.missing_limit(found, change.period.year, change.after, change.cause)
        elif found.limit is None and found.line is not None:
            judge.readings[missing_key(found.cap, change.period.year)] = change.after
        lines_of_cap = marks[change.period.year][change.cap.period]
        judge.output(found, change.period, lines_of_cap, change.before, change.after, change.cause)
    return judge.finish()


def rejudge_output(
    session: Session, actor: str, caps: Sequence[Cap], lines: Lines, year: int, cause: str
) -> list[str]:
    """Judge the meters of a year anew, as they stand, after a limit or a meter has changed."""
    judge = Judge(session, actor)
    marks = marks_on(session, date(year, 12, 31))
    [standing] = readings(session, caps, year, None)
    for cap in caps:
        for reading in standing.get(cap.id or 0, []):
            is_day = cap.period is CapPeriod.day
            period = Day(date.fromisoformat(reading.period)) if is_day else Year(int(reading.period))
            found = figure(cap, lines.get(cap.id or 0, []), period)
            judge.standing(found, period, marks[cap.period], of_kind(cap.kind, reading.used), Cause(cause))
    return judge.finish()
