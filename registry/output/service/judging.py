"""Alarms about one right: over its permit, after expiry, without a permit, during a stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session

from registry.alarms import daily
from registry.alarms import service as alarms
from registry.alarms.rules import Condition
from registry.identity.rules import Actor
from registry.kernel.quantity import Quantity, of_kind
from registry.kernel.vocabulary import AlarmCode, Covered, MeterSide, Severity
from registry.output.queries import year_totals
from registry.output.rules import main_mineral, permit_for
from registry.output.service.facts import Facts
from registry.rights.models import MineralRight
from registry.rights.standing import Licence

if TYPE_CHECKING:
    from registry.output.service.preparing import Recorded

LAW = "《中华人民共和国矿产资源法》（2024年修订）"
# What each mark of coverage is called, how urgent it is, and the article that speaks of it.
_UNCOVERED: dict[Covered, tuple[AlarmCode, Severity, str]] = {
    Covered.expired: (AlarmCode.after_expiry, Severity.critical, "第六十四条、第六十七条"),
    Covered.partly: (AlarmCode.after_expiry, Severity.warning, "第六十四条、第六十七条"),
    Covered.none: (AlarmCode.no_permit, Severity.critical, "第六十七条"),
    Covered.unlicensed: (AlarmCode.no_permit, Severity.critical, "第六十四条"),
}
_MARKS = (AlarmCode.after_expiry, AlarmCode.no_permit, AlarmCode.during_stop)


def judge_permits(session: Session, actor: Actor, facts: Facts, new: Sequence["Recorded"]) -> None:
    """Judge new returns against the permits of their rights; the rights are locked, so sums are exact."""
    rights = {right.id: right for right in facts.rights.values()}
    after = year_totals(session, {r.row["right_id"] for r in new}, {r.row["year"] for r in new})
    before = dict(after)
    for result in new:
        at = (result.row["right_id"], result.row["mineral"], result.row["year"])
        before[at] = before.get(at, 0) - _delta(result)
    judge = _RightJudge(session, actor.name, facts)
    for result in new:
        at = (result.row["right_id"], result.row["mineral"], result.row["year"])
        right = rights[result.row["right_id"]]
        judge.marks(right, result)
        if result.row["mineral"] == main_mineral(facts.minerals.get(right.id or 0, [])):
            judge.scale(right, result, before[at], before[at] + _delta(result))
        before[at] += _delta(result)
    alarms.refresh(session, judge.readings)


def _delta(result: "Recorded") -> int:
    quantity: int = result.row["quantity"]
    return quantity - (result.replaced.quantity if result.replaced else 0)


@dataclass(slots=True)
class _RightJudge:
    session: Session
    actor: str
    facts: Facts
    readings: dict[str, Quantity]

    def __init__(self, session: Session, actor: str, facts: Facts) -> None:
        self.session, self.actor, self.facts, self.readings = session, actor, facts, {}

    def marks(self, right: MineralRight, result: "Recorded") -> None:
        """Raise what is marked on a return; a correction lets go what no longer holds."""
        row, wanted = result.row, set()
        dug = row["quantity"] > 0
        if dug and row["covered"] in _UNCOVERED:
            wanted.add(_UNCOVERED[row["covered"]])
        if row["during_stop"]:
            wanted.add((AlarmCode.during_stop, Severity.warning, "第六十八条"))
        for code, severity, clause in sorted(wanted):
            told = self._condition(right, result, code, severity, clause)
            result.alarms.append(alarms.raise_(self.session, self.actor, told).key)
        if result.replaced is not None:
            gone = [f"{code}:{result.public_id}" for code in _MARKS if code not in {w[0] for w in wanted}]
            now = dict.fromkeys(gone, of_kind(row["kind"], row["quantity"]))
            alarms.recede(self.session, self.actor, gone, now, result.public_id, result.revision)

    def _condition(
        self, right: MineralRight, result: "Recorded", code: AlarmCode, severity: Severity, clause: str
    ) -> Condition:
        permit = permit_for(self.facts.permits.get(right.id or 0, []), result.command.period)
        return Condition(
            code=code,
            key=f"{code}:{result.public_id}",
            severity=severity,
            region=right.region,
            mineral=result.row["mineral"],
            right=right.number,
            side=MeterSide.output,
            period=str(result.command.period),
            reading=of_kind(result.row["kind"], result.row["quantity"]),
            caused_by=result.public_id,
            revision=result.revision,
            document=LAW,
            clause=clause,
            note=f"许可证 {permit.number} 有效期至 {permit.valid_to}" if permit else "无许可证记录",
        )

    def scale(self, right: MineralRight, result: "Recorded", before: int, after: int) -> None:
        """Hold the year's sum against the permit's scale, and a day against its maximum day."""
        permit = permit_for(self.facts.permits.get(right.id or 0, []), result.command.period)
        if permit is None:
            return
        scale = self._limit(right, permit, permit.scale, result)
        if scale is not None:
            self._year(right, result, permit, scale, before, after)
        most = self._limit(right, permit, permit.max_day, result)
        if most is not None and self.facts.is_daily(right, result.row["mineral"]):
            self._day(right, result, permit, most)

    def _limit(
        self, right: MineralRight, permit: Licence, base: int | None, result: "Recorded"
    ) -> int | None:
        """Return a figure of a permit in the kind of the return; None where it cannot be compared."""
        if base is None or permit.kind is None:
            return None
        found = self.facts.converted(right, of_kind(permit.kind, base), result.row["kind"])
        return None if found is None else found.base

    def _year(
        self, right: MineralRight, result: "Recorded", permit: Licence, scale: int, before: int, after: int
    ) -> None:
        told = self._over(right, result, permit, str(result.row["year"]), scale, after)
        reading = of_kind(result.row["kind"], after)
        self.readings.pop(told.key, None)  # of an earlier row
        if after > scale >= before:
            result.alarms.append(alarms.raise_(self.session, self.actor, told).key)
        elif after > scale:
            self.readings[told.key] = reading
        elif before > scale:
            now = {told.key: reading}
            alarms.recede(self.session, self.actor, [told.key], now, result.public_id, result.revision)

    def _day(self, right: MineralRight, result: "Recorded", permit: Licence, most: int) -> None:
        quantity = result.row["quantity"]
        told = self._over(right, result, permit, "day", most, quantity)
        was_over = result.replaced is not None and result.replaced.quantity > most
        reading, day = of_kind(result.row["kind"], quantity), result.command.period.first
        if quantity > most:
            result.alarms.append(daily.over(self.session, self.actor, told, day, reading).key)
        elif was_over:
            daily.back(self.session, self.actor, told, day, reading)

    def _over(
        self, right: MineralRight, result: "Recorded", permit: Licence, period: str, limit: int, reading: int
    ) -> Condition:
        kind = result.row["kind"]
        return Condition(
            code=AlarmCode.permit_exceeded,
            key=f"permit_exceeded:{right.number}/{result.row['mineral']}:{period}",
            severity=Severity.warning,
            region=right.region,
            mineral=result.row["mineral"],
            right=right.number,
            side=MeterSide.output,
            period=period,
            limit=of_kind(kind, limit),
            reading=of_kind(kind, reading),
            caused_by=result.public_id,
            revision=result.revision,
            document=f"采矿许可证 {permit.number}；{LAW}",
            clause="第六十八条第一项",
        )
