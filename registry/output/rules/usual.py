"""Whether a figure is so far from what a right has told before that its unit is in doubt."""

from collections.abc import Sequence

_FEWEST = 3  # earlier returns, below which nothing is usual
_TIMES = 10  # the least step between two units that are confused: 千吨 and 万吨


def usual_if_far(quantity: int, earlier: Sequence[int]) -> int | None:
    """Return the median of the earlier figures where a figure is at least ten times or at most a tenth of it.

    All in base units of one kind; nil returns say nothing of a unit and are left out on both sides. The
    median of an even number is the mean of the middle two, rounded half-even to a base unit only where it
    is returned. None where the figure is not far from it, or fewer than three are known.
    """
    known = sorted(figure for figure in earlier if figure > 0)
    if quantity <= 0 or len(known) < _FEWEST:
        return None
    twice = known[(len(known) - 1) // 2] + known[len(known) // 2]
    is_far = 2 * quantity >= _TIMES * twice or 2 * quantity * _TIMES <= twice
    return twice // 2 + (twice % 4 == 3) if is_far else None
