"""The three rates (三率) of a right in a year: reckoned where the register can, never filled elsewhere."""

from collections.abc import Sequence

from registry.documents.service.ledger import LedgerYear, consumed
from registry.documents.service.words import Keyed
from registry.kernel.display import office, percent
from registry.kernel.quantity import of_kind, share
from registry.kernel.vocabulary import Kind, MiningMethod
from registry.output.models import OutputReturn
from registry.rights.models import Permit
from reports.checklist import Rate

NOT_RECORDED, NOT_APPLICABLE = "登记簿未记载", "不适用"


def is_quarry(permit: Permit | None, mineral_class: str | None, quarry_classes: Sequence[str]) -> bool:
    """Tell whether a mine dresses no ore: an open pit in a mineral of the office's quarry classes."""
    return permit is not None and permit.method is MiningMethod.open_pit and mineral_class in quarry_classes


def three_rates(
    asked: Sequence[Keyed],
    ledgers: Sequence[LedgerYear],
    returns: Sequence[OutputReturn],
    mineral: str | None,
    quarry: bool,
) -> tuple[Rate, ...]:
    """Return the rates of a right's main mineral in the order the form asks for them."""
    return tuple(_rate(one, ledgers, returns, mineral, quarry) for one in asked)


def _rate(
    asked: Keyed,
    ledgers: Sequence[LedgerYear],
    returns: Sequence[OutputReturn],
    mineral: str | None,
    quarry: bool,
) -> Rate:
    value, remark = None, NOT_RECORDED
    if asked.key == "recovery":
        value, remark = recovery(ledgers, [row for row in returns if row.mineral == mineral], mineral)
    elif asked.key == "dressing" and quarry:
        remark = f"{NOT_APPLICABLE}（露天采石，不选矿）"
    return Rate(asked.item, asked.extra, value, remark)


def recovery(
    ledgers: Sequence[LedgerYear], returns: Sequence[OutputReturn], mineral: str | None
) -> tuple[str | None, str]:
    """Return 开采回采率 and what it rests on: the year's survey, else returns of which each loss is known.

    The percentage has one decimal, half-even. What a return tells is ore shipped with its dilution, so a rate
    from returns says so.
    """
    if survey := consumed(ledgers, mineral):
        kind, extracted, lost = survey
        return _percent(extracted, lost), f"储量年报：{_worded('开采量', kind, extracted, lost)}"
    dug = [row for row in returns if row.quantity]
    if not dug:
        return None, "储量年报未入账，无产量报表"
    if silent := sum(row.lost is None for row in dug):
        return None, f"储量年报未入账；{silent} 期产量报表未报损失量"
    extracted, lost = sum(row.quantity for row in dug), sum(row.lost or 0 for row in dug)
    worded = _worded("产量", dug[0].kind, extracted, lost)
    return _percent(extracted, lost), f"{len(dug)} 期产量报表：{worded}；采出矿量含贫化，仅供参考"


def _percent(extracted: int, lost: int) -> str | None:
    whole = extracted + lost
    return percent(share(extracted, whole)) if whole else None


def _worded(what: str, kind: Kind, extracted: int, lost: int) -> str:
    return f"{what} {office(of_kind(kind, extracted))}，损失量 {office(of_kind(kind, lost))}"
