"""States and figures are shown alike on pages and paper: one sign each, four decimals at most."""

import pytest

from registry.kernel.quantity import parse
from registry.kernel.shown import severity_shown, short, state_shown
from registry.kernel.vocabulary import CapState, Severity


def test_every_state_and_every_severity_has_a_sign():
    signs = [state_shown(state).sign for state in CapState]
    assert len(set(signs)) == len(signs)
    assert [severity_shown(severity).sign for severity in Severity] == ["○", "▲", "■"]


def test_nothing_known_is_never_in_order():
    assert state_shown(CapState.ok, has_data=False).word == "无数据"
    assert state_shown(CapState.partial, has_data=False).word == "数据未覆盖"
    assert state_shown(CapState.unknown, is_planned=False).word == "当年尚无规划"


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        ("1221.6", "1221.6"),
        ("0.123456789", "0.1235"),
        ("0.00005", "<0.0001"),
        ("0.00025", "0.0002"),
        ("0.00035", "0.0004"),
        ("0", "0"),
    ],
)
def test_a_figure_is_rounded_half_even_and_a_trace_is_not_nothing(figure, shown):
    assert short(parse(f"{figure} 万吨"), "万吨") == shown


def test_a_trace_below_nothing_keeps_its_side():
    assert short(-parse("1 g"), "万吨") == ">-0.0001"
