"""What a year will end at if it goes on as reported: a pace, never a reading, and nothing is judged by it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

LEAST_MONTHS = 3  # fewer say nothing of a year
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Outlook:
    """The expected year end in base units, and how many reported months it rests on."""

    total: int
    months: int


def outlook(used: int, by_month: Mapping[int, int], due: int, missing: Collection[int]) -> Outlook | None:
    """Return where the output under a yearly cap will end: the mean of the reported months times twelve.

    A month is reported when its returns are due, it has some, and none is missing. Months reported in part
    stay out of the mean, but what they brought is dug: the answer is never below `used`. The seasons of
    earlier years are not looked at, since the book may hold none; a page says so (按已报月均推算).

    Args:
        used: dug so far, base units.
        by_month: what came for each month, 1 to 12, base units.
        due: how many months, from January on, have all their returns due.
        missing: the months of which a return that is due has not come.

    Returns:
        Half-even to the base unit; None below three reported months, and once December is due: then the
        year is as known as it will be.
    """
    reported = [month for month in by_month if month <= due and month not in missing]
    if due >= _YEAR or len(reported) < LEAST_MONTHS:
        return None
    mean = Fraction(sum(by_month[month] for month in reported), len(reported))
    return Outlook(max(round(mean * _YEAR), used), len(reported))
