"""How states, severities and the figures of a table are shown, the same on pages and on paper."""

from dataclasses import dataclass

from registry.kernel.quantity import Quantity, digits, quotient
from registry.kernel.units import unit_named
from registry.kernel.vocabulary import CapState, Severity

PLACES = 4  # decimals of a figure in a table; the exact one stands in the JSON and in the export


@dataclass(frozen=True, slots=True)
class Shown:
    """A sign and a word; `tone` (ok, near, over or unknown) only repeats what they say."""

    sign: str
    word: str
    tone: str


_STATES = {
    CapState.ok: ("○", "ok"),
    CapState.near: ("△", "near"),
    CapState.warning: ("▲", "near"),
    CapState.exceeded: ("■", "over"),
    CapState.partial: ("◇", "unknown"),
    CapState.unknown: ("—", "unknown"),
}
_SEVERITIES = {Severity.info: ("○", "ok"), Severity.warning: ("▲", "near"), Severity.critical: ("■", "over")}
_NO_PLAN = Shown("—", "当年尚无规划", "unknown")
_NO_DATA = Shown("—", "无数据", "unknown")


def state_shown(state: CapState, *, is_planned: bool = True, has_data: bool = True) -> Shown:
    """Return how a cap's state is shown; nothing known of a year is never shown as being in order."""
    if not is_planned and state is CapState.unknown:
        return _NO_PLAN
    if not has_data and state is CapState.ok:
        return _NO_DATA
    sign, tone = _STATES[state]
    return Shown(sign, state.label, tone)


def severity_shown(severity: Severity) -> Shown:
    """Return how the severity of an alarm is shown."""
    sign, tone = _SEVERITIES[severity]
    return Shown(sign, severity.label, tone)


def short(quantity: Quantity, unit: str) -> str:
    """Return a table's figure: at most four decimals, half-even; a trace is less than the last place."""
    rounded = quotient(quantity.base, 10 ** unit_named(unit).places, PLACES)
    if rounded or not quantity.base:
        return digits(rounded)
    least = digits(quotient(1, 10**PLACES, PLACES))
    return f"<{least}" if quantity.base > 0 else f">-{least}"
