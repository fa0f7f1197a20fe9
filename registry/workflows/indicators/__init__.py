"""The indicators of a region's plans, as far as the book can answer them, with the mines behind each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from registry.kernel.period import Year
from registry.plans.queries import indicators_over
from registry.regions.queries import below, counties, lineage
from registry.workflows.indicators.counting import MEASURES, Answer, answer
from registry.workflows.indicators.mines import Mine, mines
from registry.workflows.indicators.reserves import ReserveLine, reserve_lines
from registry.workflows.indicators.wording import figure_told, standing_shown, target_told

__all__ = [
    "MEASURES",
    "Answer",
    "Indicators",
    "Mine",
    "ReserveLine",
    "figure_told",
    "indicators",
    "mines",
    "reserve_lines",
    "standing_shown",
    "target_told",
]


@dataclass(frozen=True, slots=True)
class Indicators:
    """The indicators over a region on a day; `counties` are those of it whose book is kept here."""

    region: str
    day: date
    answers: tuple[Answer, ...]
    counties: int
    counties_here: int

    @property
    def own(self) -> tuple[Answer, ...]:
        """Those of the region's own plan."""
        return tuple(one for one in self.answers if one.is_own)

    @property
    def above(self) -> tuple[Answer, ...]:
        """Those of the plans above it: targets of a larger place, looked at beside and never judged."""
        return tuple(one for one in self.answers if not one.is_own)


def indicators(
    session: Session, region: str, year: int, day: date, keeping: Collection[str] | None = None
) -> Indicators:
    """Return the indicators over a region at the end of a year, or on `day` where that comes first.

    What a mine is on that day is told by the book as it stands now. `keeping` are the counties whose book
    is kept here, where the caller knows them; else those that have a mine.

    Raises:
        NotFound: there is no such region.
    """
    on = min(day, Year(year).last)
    found = mines(session, below(session, region), on)
    here = {mine.region for mine in found} if keeping is None else set(keeping)
    covered = counties(session, region)
    reported = [code for code in covered if code in here or covered == [region]]
    is_partial = len(reported) < len(covered)
    answers = tuple(
        answer(line, plan, found, is_own=plan.region == region, is_partial=is_partial)
        for line, plan in sorted(
            indicators_over(session, lineage(session, region), on), key=lambda pair: pair[1].region != region
        )
    )
    return Indicators(region, on, answers, len(covered), len(reported))
