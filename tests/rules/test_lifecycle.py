"""A lifecycle knows its legal moves and refuses every other."""

from itertools import product

import pytest

from registry.alarms.rules import STEPS, risen_from
from registry.kernel.lifecycle import Lifecycle, WrongState
from registry.kernel.vocabulary import AlarmAct, AlarmState, Severity

ALARM_MOVES = {
    ("open", "acknowledged"): "acknowledged",
    ("open", "closed"): "closed",
    ("acknowledged", "closed"): "closed",
    ("open", "reopened"): "open",
    ("acknowledged", "reopened"): "open",
    ("closed", "reopened"): "open",
}


class TestLifecycle:
    def test_a_move_of_the_table_leads_on(self):
        life = Lifecycle({(AlarmState.open, AlarmAct.closed): AlarmState.closed})
        assert life.after(AlarmState.open, AlarmAct.closed) is AlarmState.closed

    def test_any_other_is_refused_in_the_office_s_words(self):
        life: Lifecycle[AlarmState, AlarmAct] = Lifecycle({})
        with pytest.raises(WrongState) as refused:
            life.after(AlarmState.closed, AlarmAct.acknowledged)
        assert refused.value.code == "wrong_state"
        assert refused.value.facts == {"state": "已办结", "event": "签收"}


class TestAlarmSteps:
    @pytest.mark.parametrize(("state", "act"), list(product(AlarmState, AlarmAct)))
    def test_every_state_and_act(self, state, act):
        expected = ALARM_MOVES.get((state.value, act.value))
        if expected is None:
            with pytest.raises(WrongState):
                STEPS.after(state, act)
        else:
            assert STEPS.after(state, act) is AlarmState(expected)

    @pytest.mark.parametrize(("act", "before", "now", "from_"), [
        (AlarmAct.extended, Severity.info, Severity.warning, Severity.info),
        (AlarmAct.reopened, Severity.warning, Severity.critical, Severity.warning),
        (AlarmAct.extended, Severity.warning, Severity.warning, None),
        (AlarmAct.reopened, Severity.critical, Severity.info, None),
        (AlarmAct.acknowledged, Severity.info, Severity.warning, None),
        (AlarmAct.extended, None, Severity.warning, None),
        (AlarmAct.extended, Severity.info, None, None),
    ])  # fmt: skip
    def test_which_step_raised_the_level(self, act, before, now, from_):
        assert risen_from(act, before, now) is from_
