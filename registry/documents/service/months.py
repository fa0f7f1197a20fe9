"""Twelve months of returns of one mineral against the permit's scale."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from registry.documents.service.facts import most_a_day, yearly_scale
from registry.kernel.display import office, office_unit, percent
from registry.kernel.quantity import Quantity, of_kind, plain, ratio
from registry.kernel.vocabulary import CapPeriod, Covered, Kind
from registry.output.models import OutputReturn
from registry.rights.models import Permit
from reports.inspection import MineralYear, MonthLine

_DAY = len("2025-07-14")


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What the months are held against: the permit's yearly scale and its recorded maximum day."""

    kind: Kind
    scale: Quantity | None = None
    max_day: Quantity | None = None
    written_scale: str | None = None
    written_day: str | None = None

    def share(self, total: int) -> str | None:
        """Return a running total as a share of the licensed scale; None where no scale compares."""
        if self.scale is None:
            return None
        found = ratio(of_kind(self.kind, total), self.scale)
        return None if found is None else percent(found)


def yardstick(permit: Permit | None, kind: Kind) -> Yardstick:
    """Return what a mineral measured by `kind` is held against under a permit."""
    if permit is None:
        return Yardstick(kind)
    compares = permit.kind is kind
    return Yardstick(
        kind,
        of_kind(kind, permit.scale) if compares and permit.scale is not None else None,
        of_kind(kind, permit.max_day) if compares and permit.max_day is not None else None,
        yearly_scale(permit),
        most_a_day(permit),
    )


def mineral_year(
    mineral: str,
    role: str,
    year: int,
    returns: Sequence[OutputReturn],
    missing: Collection[str],
    by: Yardstick,
) -> MineralYear:
    """Return a mineral's year: `returns` are its standing ones, `missing` the periods due and not come."""
    daily = any(len(period) == _DAY for period in [*missing, *(r.period for r in returns)])
    lines, running = [], 0
    for number in range(1, 13):
        month = f"{year:04d}-{number:02d}"
        came = [r for r in returns if r.period.startswith(month)]
        running += sum(r.quantity for r in came)
        lines.append(_month(number, came, [p for p in missing if p.startswith(month)], running, by, daily))
    excess = None if by.scale is None else of_kind(by.kind, running - by.scale.base)
    over = excess is not None and excess.base > 0
    return MineralYear(
        mineral=mineral, role=role, unit=office_unit(by.kind, CapPeriod.year),
        day_unit=office_unit(by.kind, CapPeriod.day) if daily else None, months=tuple(lines),
        total=_figure(by.kind, running) if returns else None, lost=_lost(by.kind, returns),
        scale=by.written_scale, share=by.share(running) if returns else None,
        excess=office(excess) if over else None, over=over, max_day=by.written_day,
    )  # fmt: skip


def _month(
    number: int,
    came: Sequence[OutputReturn],
    missing: Collection[str],
    running: int,
    by: Yardstick,
    daily: bool,
) -> MonthLine:
    peak = max((r.quantity for r in came), default=None) if daily else None
    return MonthLine(
        month=f"{number}月",
        output=_figure(by.kind, sum(r.quantity for r in came)) if came else None,
        cumulative=_figure(by.kind, running) if came else None,
        share=by.share(running) if came else None,
        lost=_lost(by.kind, came),
        peak=None if peak is None else _figure(by.kind, peak, CapPeriod.day),
        days=str(len(came)) if daily and came else None,
        marks=tuple(_marks(came, missing, peak, by)),
        missing=bool(missing) and not came,
    )


def _marks(
    came: Sequence[OutputReturn], missing: Collection[str], peak: int | None, by: Yardstick
) -> list[str]:
    dug = [r for r in came if r.quantity]
    marks = [
        word.label for word in Covered if word is not Covered.full and any(r.covered is word for r in dug)
    ]
    facts = {
        "非生产状态有产量": any(r.during_stop for r in dug),
        "零报": bool(came) and not dug,
        "有更正": any(r.revision > 1 for r in came),
        "超最大日开采量": peak is not None and by.max_day is not None and peak > by.max_day.base,
        "不计入总量": any(not r.counted for r in dug),
        f"缺报 {len(missing)} 日": bool(missing) and bool(came),
    }
    return marks + [word for word, holds in facts.items() if holds]


def _figure(kind: Kind, base: int, per: CapPeriod = CapPeriod.year) -> str:
    return plain(of_kind(kind, base), office_unit(kind, per))


def _lost(kind: Kind, returns: Sequence[OutputReturn]) -> str | None:
    known = [r.lost for r in returns if r.lost is not None]
    return _figure(kind, sum(known)) if known else None
