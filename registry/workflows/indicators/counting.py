"""What a plan's indicator comes to in the book: which mines it counts, out of which, against which target.

Pure: it counts mines that were read, and invents nothing where the book keeps no such thing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from registry.kernel.errors import Invalid
from registry.kernel.quantity import read_number, share
from registry.kernel.vocabulary import Comparison, OperatingState, TargetStanding
from registry.plans.models import Indicator, PlanDocument
from registry.workflows.indicators.mines import Mine

_PERCENT = "%"
_WHOLE = {_PERCENT: 100}


@dataclass(frozen=True, slots=True)
class Measure:
    """How one indicator is counted: which mines make up the whole, and which of them are counted in.

    `is_known` leaves out mines of which the question cannot be answered yet.
    """

    within: Callable[[Mine], bool]
    counts: Callable[[Mine], bool]
    is_known: Callable[[Mine], bool] = lambda _mine: True


def _every(_mine: Mine) -> bool:
    return True


MEASURES: dict[str, Measure] = {
    "mine_count": Measure(_every, _every),
    "green_mine_share": Measure(_every, lambda mine: mine.is_green),
    "municipal_green_mine_share": Measure(_every, lambda mine: mine.is_green),
    "large_medium_share": Measure(
        _every, lambda mine: mine.is_large_or_medium, lambda mine: mine.is_classified
    ),
    "construction_limestone_large_medium_share": Measure(
        _every, lambda mine: mine.is_large_or_medium, lambda mine: mine.is_classified
    ),
    "large_medium_producing_green": Measure(
        lambda mine: mine.state is OperatingState.producing and mine.is_large_or_medium,
        lambda mine: mine.is_green,
    ),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One indicator with the mines behind it; no lists at all where the book keeps no such thing.

    `is_own` tells whether the plan is that of the region asked about: the targets of a plan above it are
    for the whole of that region, and only looked at beside. `is_partial`: counties that it covers keep
    their book elsewhere.
    """

    indicator: Indicator
    plan: PlanDocument
    is_own: bool
    is_partial: bool
    counted: tuple[Mine, ...] | None = None
    others: tuple[Mine, ...] = ()
    left_out: tuple[Mine, ...] = ()

    @property
    def is_share(self) -> bool:
        """Whether it is a part of a whole, in percent."""
        return self.indicator.unit == _PERCENT

    @property
    def numerator(self) -> int | None:
        """How many mines are counted in; None where the book cannot tell."""
        return None if self.counted is None else len(self.counted)

    @property
    def denominator(self) -> int:
        """How many mines there are in the whole; those left out are in neither."""
        return len(self.counted or ()) + len(self.others)

    @property
    def share(self) -> Decimal | None:
        """The part of the whole, to be rounded where told; None where it is no share, or nothing to share."""
        if not self.is_share or self.numerator is None or not self.denominator:
            return None
        return share(self.numerator, self.denominator)

    @property
    def target(self) -> Decimal | None:
        """The figure of the plan; None where it prints none, or one that is no number."""
        if self.indicator.comparison is Comparison.all:
            return Decimal(_WHOLE.get(self.indicator.unit or "", 0)) or None
        try:
            return read_number(self.indicator.value) if self.indicator.value else None
        except Invalid:
            return None

    @property
    def standing(self) -> TargetStanding:
        """Whether the plan's figure is reached, judged on the exact fraction and only where it may be."""
        if self.numerator is None or (self.is_share and not self.denominator):
            return TargetStanding.unanswered
        if not self.is_own or self.is_partial:
            return TargetStanding.reference
        if self.target is None or self.indicator.comparison is Comparison.planned:
            return TargetStanding.open
        value = (
            Fraction(self.numerator * 100, self.denominator) if self.is_share else Fraction(self.numerator)
        )
        at_most = self.indicator.comparison is Comparison.at_most
        reached = value <= Fraction(self.target) if at_most else value >= Fraction(self.target)
        return TargetStanding.reached if reached else TargetStanding.short

    @property
    def lacking(self) -> int | None:
        """How many mines more would reach a share that falls short of its target, of as many mines as now."""
        if self.standing is not TargetStanding.short or not self.is_share or self.target is None:
            return None
        needed = -(-Fraction(self.target) * self.denominator // 100)
        return int(needed) - (self.numerator or 0)


def answer(
    indicator: Indicator, plan: PlanDocument, found: Sequence[Mine], *, is_own: bool, is_partial: bool
) -> Answer:
    """Return what an indicator comes to among these mines."""
    measure = MEASURES.get(indicator.code)
    if measure is None:
        return Answer(indicator, plan, is_own, is_partial)
    whole = [mine for mine in found if indicator.mineral in (None, mine.mineral) and measure.within(mine)]
    known = [mine for mine in whole if measure.is_known(mine)]
    return Answer(
        indicator, plan, is_own, is_partial,
        counted=tuple(mine for mine in known if measure.counts(mine)),
        others=tuple(mine for mine in known if not measure.counts(mine)),
        left_out=tuple(mine for mine in whole if not measure.is_known(mine)),
    )  # fmt: skip
