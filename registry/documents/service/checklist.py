"""What the register answers to the items of the annual inspection, each answer with the record it rests on.

Pure: everything told here is printed elsewhere on the sheet too. Nothing is judged, and an item about which
the register holds nothing has no answer.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from registry.documents.service.rates import NOT_RECORDED
from registry.documents.service.words import Keyed
from reports.checklist import Answer, CheckItem, Disclosed, PlanLine, Rate
from reports.inspection import MineralYear, Spell
from reports.permit import PermitFacts


@dataclass(frozen=True, slots=True)
class Known:
    """What the register holds of a right and year, as far as the checklist and the disclosure ask for it.

    `came` and `owed` are the returns of the year that have and have not come; `consumed` is 开采 + 损失 of
    the year's survey; `entry` is the right's present version with its document.
    """

    year: int
    facts: PermitFacts
    entry: str | None
    minerals: tuple[MineralYear, ...]
    came: int
    owed: tuple[str, ...]
    rates: tuple[Rate, ...]
    consumed: str | None
    states: tuple[Spell, ...]
    plan: tuple[PlanLine, ...]

    @property
    def returns(self) -> str:
        """The record that output rests on, such as 产量报表 11/12 期."""
        return f"产量报表 {self.came}/{self.came + len(self.owed)} 期"


def checked(items: Sequence[Keyed], known: Known) -> tuple[CheckItem, ...]:
    """Return the items of the checklist with what the register answers to each."""
    return tuple(
        CheckItem(one.extra, one.item, tuple(_ANSWERS[one.key](known)) if one.key in _ANSWERS else ())
        for one in items
    )


def _permit(known: Known) -> Iterator[Answer]:
    record = f"许可证 {known.facts.number}" if known.facts.number else "许可证未登记"
    for mineral in known.minerals:
        if mineral.total is None:
            continue
        told = f"{mineral.mineral}已报 {mineral.total} {mineral.unit}"
        if mineral.scale:
            told += f"，许可生产规模 {mineral.scale}"
        if mineral.share:
            told += f"，占 {mineral.share}"
        yield Answer(
            told + (f"，超出 {mineral.excess}" if mineral.over else ""), f"{known.returns}，{record}"
        )
        marks = Counter(mark for month in mineral.months for mark in month.marks if mark in _BREACHES)
        if marks:
            told = "、".join(f"{mark} {count} 个月" for mark, count in marks.items())
            yield Answer(f"{mineral.mineral}：{told}", "产量报表标记")


_BREACHES = ("期内部分到期", "许可到期后", "无有效许可", "非许可矿种", "非生产状态有产量", "超最大日开采量")


def _changes(known: Known) -> Iterator[Answer]:
    if known.facts.term:
        against = f"；{known.facts.standing}" if known.facts.standing else ""
        yield Answer(f"有效期限 {known.facts.term}{against}", "许可证" if known.facts.number else "登记簿")
    if known.entry:
        yield Answer(known.entry, "登记簿")


def _rates(known: Known) -> Iterator[Answer]:
    for rate in known.rates:
        if rate.value:
            yield Answer(f"{rate.item.what} {rate.value}", rate.remark)


def _reserves(known: Known) -> Iterator[Answer]:
    if known.consumed:
        yield Answer(f"{known.year}年储量年报已入账，动用 {known.consumed}", "储量台账")
    else:
        yield Answer(f"{known.year}年储量年报尚未入账", "储量台账")


def _statistics(known: Known) -> Iterator[Answer]:
    if not known.came and not known.owed:
        return
    lacking = f"，缺 {'、'.join(known.owed[:6])}{' 等' * (len(known.owed) > 6)}" if known.owed else ""
    told = f"产量报表应报 {known.came + len(known.owed)} 期，已报 {known.came} 期{lacking}"
    yield Answer(told, known.returns)


def _plan(known: Known) -> Iterator[Answer]:
    for line in known.plan:
        cap = line.cap
        told = f"{cap.region}{cap.mineral} {cap.printed or '规划未列数值'}：全地区已开采 {cap.used or '—'}"
        if cap.ratio and cap.ratio != "—":
            told += f"（{cap.ratio}）"
        if line.own:
            told += f"，本矿 {line.own}" + (f"（{line.share}）" if line.share else "")
        yield Answer(f"{told}，{cap.state.word}", f"规划{cap.clause or '未列条款'}，产量报表")


_ANSWERS: Mapping[str, Callable[[Known], Iterator[Answer]]] = {
    "permit": _permit,
    "changes": _changes,
    "rates": _rates,
    "reserves": _reserves,
    "statistics": _statistics,
    "plan": _plan,
}


def disclosed(items: Sequence[Keyed], known: Known) -> tuple[Disclosed, ...]:
    """Return the items of the yearly disclosure with what the register holds beside the holder's own word."""
    told = [mineral for mineral in known.minerals if mineral.total is not None]
    held: dict[str, tuple[str | None, str]] = {
        "state": ("、".join(spell.what for spell in known.states), "运行状态登记"),
        "minerals": ("、".join(mineral.mineral for mineral in told), known.returns),
        "output": ("；".join(f"{one.mineral} {one.total} {one.unit}" for one in told), known.returns),
        "consumed": (known.consumed, "储量台账"),
        "associated": (
            "；".join(f"{m.mineral} {m.total} {m.unit}" for m in told if m.mineral in known.facts.associated),
            known.returns,
        ),
    }
    found = []
    for one in items:
        value, basis = held.get(one.key, (None, NOT_RECORDED))
        found.append(Disclosed(one.item, value or None, basis if value else NOT_RECORDED))
    return tuple(found)
