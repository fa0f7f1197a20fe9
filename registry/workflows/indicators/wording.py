"""How an indicator is told: its figure, its target and how they compare, the same on pages and on paper."""

from registry.kernel.display import percent
from registry.kernel.shown import Shown
from registry.kernel.vocabulary import Comparison, TargetStanding
from registry.workflows.indicators.counting import Answer

_SIGNS = {
    TargetStanding.reached: ("○", "ok"),
    TargetStanding.short: ("△", "near"),
    TargetStanding.open: ("—", "unknown"),
    TargetStanding.reference: ("◇", "unknown"),
    TargetStanding.unanswered: ("—", "unknown"),
}
_BEFORE = {
    Comparison.at_most: "≤ ",
    Comparison.at_least: "≥ ",
    Comparison.planned: "规划 ",
    Comparison.target: "目标 ",
    Comparison.all: "",
}


def standing_shown(answer: Answer) -> Shown:
    """Return how an indicator stands against its target, as sign and word."""
    sign, tone = _SIGNS[answer.standing]
    return Shown(sign, answer.standing.label, tone)


def figure_told(answer: Answer) -> str | None:
    """Return what the book counts; None where it keeps no such thing."""
    if answer.numerator is None:
        return None
    if not answer.is_share:
        return f"{answer.numerator} {answer.indicator.unit or ''}".strip()
    if answer.share is None:
        return None
    return f"{answer.numerator} / {answer.denominator} = {percent(answer.share)}"


def target_told(answer: Answer) -> str:
    """Return the plan's figure with its sign; where it prints a word alone, that word."""
    line = answer.indicator
    if line.comparison is Comparison.all or line.value is None:
        return line.printed or line.comparison.label
    unit = line.unit or ""
    return f"{_BEFORE[line.comparison]}{line.value}{'' if unit == '%' else ' '}{unit}"
