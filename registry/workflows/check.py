"""Checks the whole book: meters against movements and returns, balances, the audit chains."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, case, or_, true
from sqlalchemy import func as sql
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from registry.caps.models import Meter, Movement
from registry.caps.service import rejudge
from registry.identity.queries import require
from registry.identity.rules import Actor
from registry.kernel.errors import Invalid
from registry.kernel.vocabulary import CapPeriod
from registry.output.models import OutputReturn
from registry.output.queries import last_days
from registry.plans.models import Cap
from registry.platform import audit
from registry.platform.db import locked
from registry.regions.queries import all_regions, below, gate
from registry.reserves.queries import count as count_balances
from registry.reserves.queries import differences as reserve_differences
from registry.rights.models import MineralRight
from registry.rights.queries import locked_in

Difference = dict[str, Any]
_SUMS = ("used", "uncovered", "returns", "seq")
_ALONG = ("seq", "balance", "uncovered", "returns")
_MOST_TOLD = 1000


def check(session: Session, head: str | None = None) -> dict[str, Any]:
    """Recompute meters, balances and audit chains and tell every difference.

    `head` is a printed REGION:SEQ:HASH; a chain whose tail was cut no longer holds it.
    """
    found = [*_meters(session), *_balances_along(session), *_returns(session)]
    found += [*_balances(session), *_chains(session), *_printed_head(session, head)]
    return {
        "ok": not found,
        "meters": int(session.exec(select(sql.count()).select_from(Meter)).one()),
        "balances": count_balances(session),
        "chain": [{"region": h.region, "seq": h.seq, "hash": h.hash} for h in audit.heads(session)],
        "differences": found,
    }


def _meters(session: Session) -> Iterator[Difference]:
    """Compare each meter with the sum of its movements, and how far it reaches with what stands below it."""
    for meter, cap, sums, reach in _summed(session):
        stored = {name: getattr(meter, name) for name in _SUMS}
        if stored != sums:
            yield {"kind": "meter", "key": f"{cap.name}:{meter.period}", "stored": stored, "computed": sums}
        if meter.through != reach:
            yield _difference(cap, meter.period, str(meter.through), str(reach))


def _summed(session: Session) -> Iterator[tuple[Meter, Cap, dict[str, int], date]]:
    """Yield every meter with its cap, the sums of its movements and the last day that its data reach.

    Of a day that is the day itself; a year without returns reaches nowhere.
    """
    uncovered = sql.sum(Movement.amount).filter(col(Movement.uncovered).is_(True))
    columns: tuple[Any, ...] = (
        Movement.meter_id, sql.sum(Movement.amount), uncovered, sql.sum(Movement.returns), sql.count(),
    )  # fmt: skip
    sums = {
        row[0]: dict(zip(_SUMS, (int(value or 0) for value in row[1:]), strict=True))
        for row in session.execute(select_columns(*columns).group_by(col(Movement.meter_id))).all()
    }
    reaches: dict[int | None, Mapping[int, date]] = {}
    statement = select(Meter, Cap).join(Cap, col(Cap.id) == col(Meter.cap_id)).order_by(col(Meter.id))
    for meter, cap in session.exec(statement).all():
        reach = meter.through
        if cap.period is CapPeriod.year:
            if cap.id not in reaches:
                reaches[cap.id] = last_days(session, cap)
            reach = reaches[cap.id].get(int(meter.period), date.min)
        yield meter, cap, sums.get(meter.id, dict.fromkeys(_SUMS, 0)), reach


def _balances_along(session: Session) -> Iterator[Difference]:
    """Compare what each movement left behind with the running sums up to it."""
    for row in session.execute(_walked()).all():
        key, stored, computed = f"{row[0]}:{row[1]}", row[1:5], (int(value) for value in row[5:])
        yield {
            "kind": "movement", "key": key, "stored": dict(zip(_ALONG, stored, strict=True)),
            "computed": dict(zip(_ALONG, computed, strict=True)),
        }  # fmt: skip


def _walked() -> Select[Any]:
    """Return the movements whose place or balances differ from those of a walk along their meter."""
    along: dict[str, Any] = {"partition_by": col(Movement.meter_id), "order_by": col(Movement.seq)}
    uncovered = case((col(Movement.uncovered).is_(True), Movement.amount), else_=0)
    stored: tuple[Any, ...] = (
        Movement.seq, Movement.balance_after, Movement.uncovered_after, Movement.returns_after,
    )  # fmt: skip
    computed: tuple[Any, ...] = (
        sql.row_number().over(**along).label("place"),
        sql.sum(Movement.amount).over(**along).label("balance"),
        sql.sum(uncovered).over(**along).label("uncovered"),
        sql.sum(Movement.returns).over(**along).label("returns"),
    )
    columns: tuple[Any, ...] = (Movement.meter_id, *stored, *computed)
    walked = select_columns(*columns).subquery()
    pairs = zip(stored, computed, strict=True)
    off = or_(*(walked.c[before.key] != walked.c[after.name] for before, after in pairs))
    return select_columns(walked).where(off).limit(_MOST_TOLD)


def _returns(session: Session) -> Iterator[Difference]:
    """Compare each meter with the standing returns below its cap."""
    for cap in session.exec(select(Cap).order_by(col(Cap.id))).all():
        stored = {m.period: m.used for m in session.exec(select(Meter).where(Meter.cap_id == cap.id)).all()}
        computed = _returned(session, cap)
        for period in sorted(stored.keys() | computed.keys()):
            if stored.get(period, 0) != computed.get(period, 0):
                yield _difference(cap, period, stored.get(period, 0), computed.get(period, 0))


def _difference(cap: Cap, period: str, stored: int | str, computed: int | str) -> Difference:
    return {"kind": "returns", "key": f"{cap.name}:{period}", "stored": stored, "computed": computed}


def _returned(session: Session, cap: Cap) -> dict[str, int]:
    """Return what stands below a cap by year or day; a month under a daily cap stands on none of its days."""
    is_daily = cap.period is CapPeriod.day
    by: Any = OutputReturn.period if is_daily else OutputReturn.year
    reaches = col(OutputReturn.first_day) == OutputReturn.last_day if is_daily else true()
    statement = (
        select_columns(by, sql.sum(OutputReturn.quantity))
        .join(MineralRight, col(MineralRight.id) == col(OutputReturn.right_id))
        .where(
            col(OutputReturn.mineral) == cap.mineral,
            col(OutputReturn.superseded_at).is_(None),
            col(OutputReturn.counted).is_(True),
            col(MineralRight.region).in_(below(session, cap.region)),
            reaches,
        )
        .group_by(by)
    )
    return {str(period): int(total) for period, total in session.execute(statement).all()}


def _balances(session: Session) -> Iterator[Difference]:
    yield from reserve_differences(session)


def _chains(session: Session) -> Iterator[Difference]:
    for found in audit.verify(session):
        key = f"{found.region}:{found.seq}"
        yield {"kind": "chain", "key": key, "stored": found.stored, "computed": found.computed}


def _printed_head(session: Session, head: str | None) -> Iterator[Difference]:
    if head is None:
        return
    region, number, digest = audit.read_head(head)
    if not audit.holds_link(session, region, number, digest):
        yield {"kind": "head", "key": f"{region}:{number}", "stored": None, "computed": digest}


def repair(session: Session, actor: Actor, reason: str) -> list[Difference]:
    """Set every differing meter to the sum of its movements, under its lock, and judge its alarms anew.

    How far its data reach is set by the standing returns. Movements are never touched: they are the
    truth. Returns what was repaired.
    """
    if not reason.strip():
        raise Invalid("field_missing", "reason", "", accepted="修复须写明理由")
    for region in {r.code for r in all_regions(session) if r.parent is None}:
        require(session, actor, "book.repair", region)
    # The licensed side is judged too; and rights come before meters here, as they do in a return.
    gate(session)
    locked_in(session, [region.code for region in all_regions(session)])
    locked(session, select(Meter).order_by(col(Meter.id)))
    repaired, caps = [], {}
    for meter, cap, sums, reach in _summed(session):
        before: dict[str, Any] = {name: getattr(meter, name) for name in _SUMS}
        after: dict[str, Any] = dict(sums)
        if meter.through != reach:
            before["through"], after["through"] = str(meter.through), str(reach)
        if before == after:
            continue
        for name, value in sums.items():
            setattr(meter, name, value)
        meter.through = reach
        key = f"{cap.name}:{meter.period}"
        audit.note(
            session, cap.region, actor.name, "meter.repair", key, before=before, after=after, reason=reason
        )
        repaired.append({"kind": "meter", "key": key, "stored": before, "computed": after})
        caps[cap.id] = cap
    session.flush()
    if caps:
        rejudge(session, actor, caps.values(), f"repair: {reason}")
    return repaired
