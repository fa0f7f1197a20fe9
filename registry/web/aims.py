"""The indicators of a plan as a page shows them: numerator, denominator, target, and how they compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from registry.kernel.shown import Shown
from registry.workflows.indicators import Answer, Indicators, figure_told, standing_shown, target_told

_WIDTH = 1000


@dataclass(frozen=True, slots=True)
class AimRow:
    """One indicator in words; `reached` and `mark`, the target, are thousandths of the width of its bar."""

    answer: Answer
    name: str
    figure: str | None
    target: str
    shown: Shown
    whose: str
    key: str
    address: str
    reached: int | None
    mark: int | None


def aim_row(answer: Answer, names: Mapping[str, str], year: int, region: str) -> AimRow:
    """Return an indicator in words."""
    line = answer.indicator
    reached, mark = _bar(answer)
    key = f"{answer.plan.id}-{line.code}"
    asked = urlencode({"year": year, "region": region, "show": key})
    return AimRow(
        answer=answer,
        name=line.name,
        figure=figure_told(answer),
        target=target_told(answer),
        shown=standing_shown(answer),
        whose=names.get(answer.plan.region, answer.plan.region),
        key=key,
        address=f"/indicators?{asked}#list",
        reached=reached,
        mark=mark,
    )


def card_rows(found: Indicators, names: Mapping[str, str], year: int) -> list[AimRow]:
    """Return what a card shows: every indicator of the own plan, and the shares that those above it name."""
    wanted = [*found.own, *(one for one in found.above if one.is_share and one.numerator is not None)]
    return [aim_row(one, names, year, found.region) for one in wanted]


def _bar(answer: Answer) -> tuple[int | None, int | None]:
    """Return how far the bar reaches and where its target stands; a share has the whole as its width."""
    target = answer.target
    if answer.is_share:
        if answer.share is None:
            return None, None
        return int(answer.share * _WIDTH), None if target is None else int(target * _WIDTH / 100)
    if answer.numerator is None or not target:
        return None, None
    whole = max(target, Decimal(answer.numerator))
    return int(answer.numerator * _WIDTH / whole), int(target * _WIDTH / whole)
