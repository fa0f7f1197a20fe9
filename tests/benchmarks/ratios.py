"""Times two things in turn in one run and compares their medians; machines are noisy, ratios less so."""

import statistics
import sys
import time
from collections.abc import Callable


def median_ms(act: Callable[[], object], rounds: int, warmup: int = 2) -> float:
    """Return the median time of an act in milliseconds."""
    for _ in range(warmup):
        act()
    return statistics.median(timed(act) for _ in range(rounds))


def timed(act: Callable[[], object]) -> float:
    """Return how long one act took, in milliseconds."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def tell(name: str, figure: float, target: str, **more: object) -> None:
    """Print one row of docs/benchmarks.md."""
    details = ", ".join(f"{key} {value}" for key, value in more.items())
    say(f"\n| {name} | {figure:.2f} | {target} | {details} |")


def say(text: str) -> None:
    """Write one line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
