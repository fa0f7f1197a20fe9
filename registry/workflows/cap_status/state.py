"""One cap in one year: what its meters say against its limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from registry.caps.queries import Coverage, Reading
from registry.caps.rules import Licensed, Mark, Outlook, state
from registry.kernel.period import Year
from registry.kernel.quantity import Quantity, of_kind, ratio
from registry.kernel.vocabulary import CapPeriod, CapState
from registry.plans.models import Cap
from registry.plans.queries import CapFigure

_WORST = (CapState.exceeded, CapState.warning, CapState.near, CapState.ok)


@dataclass(frozen=True, slots=True)
class CapStatus:
    """One cap in one year at a moment."""

    figure: CapFigure
    mineral_code: str | None
    year: Year
    licensed: Licensed
    readings: Sequence[Reading]
    coverage: Coverage
    missing_returns: Sequence[str]
    marks: Sequence[Mark]
    outlook: Outlook | None = None

    @property
    def cap(self) -> Cap:
        """The account."""
        return self.figure.cap

    @property
    def limit(self) -> Quantity | None:
        """The limit in force in the year."""
        return self.figure.limit

    @property
    def is_partial(self) -> bool:
        """Whether counties that the cap covers keep their book elsewhere."""
        return bool(self.coverage.missing)

    @property
    def used(self) -> Quantity:
        """What was dug: the year's sum, or the highest day under a daily cap."""
        if self.cap.period is CapPeriod.day:
            return of_kind(self.cap.kind, max((r.used for r in self.readings), default=0))
        return of_kind(self.cap.kind, sum(r.used for r in self.readings))

    @property
    def uncovered(self) -> Quantity:
        """What was dug in the year without a permit that covers it."""
        return of_kind(self.cap.kind, sum(r.uncovered for r in self.readings))

    @property
    def data_through(self) -> date | None:
        """The last day of the latest period reported."""
        return max((r.through for r in self.readings), default=None)

    @property
    def state(self) -> CapState:
        """The worse of both meters; partial below full coverage, unknown without a figure."""
        if self.limit is None:
            return CapState.unknown
        if self.is_partial:
            return CapState.partial
        both = {state(self.limit, reading, self.marks) for reading in (self.used, self.licensed.total)}
        return next(worst for worst in _WORST if worst in both)

    @property
    def days_over(self) -> list[Reading]:
        """The days above a daily limit."""
        if self.limit is None or self.cap.period is CapPeriod.year:
            return []
        return [r for r in self.readings if r.used > self.limit.base]

    @property
    def mean(self) -> Quantity | None:
        """The mean of the reported days, rounded half-even to the base unit."""
        if not self.readings:
            return None
        return of_kind(self.cap.kind, round(Fraction(sum(r.used for r in self.readings), len(self.readings))))

    def free(self, taken: Quantity) -> Quantity | None:
        """What is left of the limit, negative when it is passed; None without limit or when partial."""
        if self.limit is None or self.is_partial:
            return None
        return of_kind(self.cap.kind, self.limit.base - taken.base)

    def ratio(self, taken: Quantity) -> Decimal | None:
        """What is taken of the limit, to be rounded where it is told; None without limit or when partial."""
        if self.limit is None or self.is_partial:
            return None
        return ratio(taken, self.limit)
