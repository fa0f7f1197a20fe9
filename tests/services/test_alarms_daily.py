"""Consecutive days over a daily limit are one alarm with a list of days."""

from datetime import date, timedelta
from itertools import count, pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from registry.alarms.daily import back, over
from registry.alarms.models import Alarm, AlarmDay
from registry.alarms.queries import days, public, steps
from registry.alarms.rules import Condition
from registry.alarms.service import handle
from registry.identity.rules import SYSTEM
from registry.kernel.quantity import Volume
from registry.kernel.vocabulary import AlarmAct, AlarmCode, AlarmState, MeterSide, Severity
from tests.factories import COUNTY, WATER, world

FIRST = date(2025, 2, 1)
LIMIT = Volume(600_000)
SUBJECTS = (f"cap_exceeded:{number}" for number in count())


class Run:
    """The days of one subject."""

    def __init__(self, session: Session) -> None:
        self.session, self.subject = session, next(SUBJECTS)

    def over(self, day: int, litres: int = 601_000) -> Alarm:
        """Let a day of February be over the limit."""
        told = self.told(day, litres)
        return over(self.session, "jingban", told, FIRST + timedelta(day - 1), Volume(litres))

    def told(self, day: int, litres: int, limit: Volume = LIMIT) -> Condition:
        """Return the condition of a day."""
        return Condition(
            AlarmCode.cap_exceeded, self.subject, Severity.warning, COUNTY, mineral=WATER,
            side=MeterSide.output, limit=limit, reading=Volume(litres), caused_by=f"return {day}",
        )  # fmt: skip

    def back(self, day: int, litres: int = 600_000, limit: Volume = LIMIT) -> None:
        """Let a day be within the limit again."""
        told = self.told(day, litres, limit)
        back(self.session, "jingban", told, FIRST + timedelta(day - 1), Volume(litres))

    def alarms(self, *, receded: bool = False) -> list[Alarm]:
        """Return the alarms of the subject that stand, or those that receded."""
        about = col(Alarm.key).startswith(f"{self.subject}:", autoescape=True)
        statement = select(Alarm).where(about, col(Alarm.receded).is_(receded)).order_by(col(Alarm.period))
        return list(self.session.exec(statement).all())

    def listed(self) -> dict[int, AlarmDay]:
        """Return every day listed, by its day of February, in order."""
        statement = select(AlarmDay).where(AlarmDay.subject == self.subject).order_by(col(AlarmDay.day))
        return {(d.day - FIRST).days + 1: d for d in self.session.exec(statement).all()}


@pytest.fixture
def run(session: Session) -> Run:
    """Give a geothermal cap in February."""
    world(session, FIRST)
    return Run(session)


def acts(run: Run, alarm: Alarm) -> list[str]:
    """Return what has happened to an alarm."""
    return [step.act.value for step in steps(run.session, [alarm.id])[alarm.id or 0]]


class TestOneRun:
    def test_a_day_over_begins_an_alarm_of_that_day(self, run):
        alarm = run.over(3)
        assert (alarm.period, alarm.reading, alarm.limit) == ("2025-02-03", 601_000, LIMIT.base)
        assert acts(run, alarm) == ["raised"]
        [told] = public(run.session, [alarm])
        assert told["days"] == [{"day": "2025-02-03", "reading": "601", "over": True}]
        assert (told["limit"], told["excess"], told["unit"]) == ("600", "1", "m3")

    @pytest.mark.parametrize(("order"), [(3, 4, 5), (5, 4, 3), (4, 3, 5)])
    def test_neighbours_join_in_whatever_order_they_come(self, run, order):
        for day in order:
            run.over(day, 600_000 + day)
        [alarm] = run.alarms()
        assert (alarm.period, alarm.reading) == ("2025-02-03/2025-02-05", 600_005)
        assert acts(run, alarm) == ["raised", "extended", "extended"]
        assert [d.day.day for d in days(run.session, [alarm.id])[alarm.id or 0]] == [3, 4, 5]

    def test_a_day_between_leaves_two_alarms(self, run):
        run.over(3)
        run.over(5)
        assert [alarm.period for alarm in run.alarms()] == ["2025-02-03", "2025-02-05"]

    def test_the_bridging_day_merges_two_alarms_into_the_earlier(self, run):
        early, late = run.over(3, 700_000), run.over(5, 800_000)
        joined = run.over(4, 650_000)
        assert joined.id == early.id
        assert run.alarms() == [early]
        assert run.alarms(receded=True) == [late]
        assert (early.period, early.reading) == ("2025-02-03/2025-02-05", 800_000)
        assert acts(run, early) == ["raised", "extended"]
        assert acts(run, late) == ["raised", "receded"]
        assert late.note == f"并入预警 {early.id}"

    def test_the_same_day_corrected_only_changes_its_reading(self, run):
        run.over(3, 700_000)
        alarm = run.over(3, 650_000)
        assert (alarm.reading, alarm.period) == (650_000, "2025-02-03")
        assert acts(run, alarm) == ["raised"]
        assert len(run.listed()) == 1

    def test_a_month_s_end_is_no_gap(self, run):
        run.over(28)
        assert run.over(29).period == "2025-02-28/2025-03-01"

    def test_the_alarm_of_another_subject_is_not_joined(self, run):
        other = Run(run.session)
        assert run.over(3).id != other.over(4).id


class TestBack:
    def test_the_last_day_back_lets_the_alarm_recede(self, run):
        run.over(3)
        alarm = run.over(4, 900_000)
        run.back(4)
        assert (alarm.receded, alarm.period, alarm.reading) == (False, "2025-02-03", 601_000)
        run.back(3, 555_000)
        assert (alarm.receded, alarm.reading) == (True, 555_000)
        assert acts(run, alarm) == ["raised", "extended", "receded"]
        assert [(d.over, d.reading) for d in run.listed().values()] == [(False, 555_000), (False, 600_000)]

    def test_a_higher_limit_is_told_with_the_day_that_it_lets_go(self, run):
        run.over(3, 610_000)
        run.back(3, 610_000, Volume(700_000))
        [gone] = run.alarms(receded=True)
        assert (gone.limit, gone.reading) == (700_000, 610_000)
        run.over(3, 610_000)
        assert [alarm.limit for alarm in run.alarms()] == [LIMIT.base]

    def test_a_day_never_over_changes_nothing(self, run):
        alarm = run.over(3)
        run.back(9)
        assert (acts(run, alarm), list(run.listed())) == (["raised"], [3])

    @pytest.mark.parametrize("closed", [False, True])
    def test_the_same_day_over_again_reopens_the_same_alarm(self, run, closed):
        alarm = run.over(3)
        if closed:
            handle(run.session, SYSTEM, alarm.id or 0, AlarmAct.closed, "已核实")
        run.back(3)
        assert run.over(3, 610_000).id == alarm.id
        assert (alarm.receded, alarm.state, alarm.reading) == (False, AlarmState.open, 610_000)
        assert acts(run, alarm)[-1] == "reopened"

    def test_a_day_over_again_joins_what_its_neighbours_began_meanwhile(self, run):
        first = run.over(3)
        run.back(3)
        second = run.over(4)
        assert second.id != first.id
        assert run.over(3).id == second.id
        assert run.alarms() == [second]
        assert second.period == "2025-02-03/2025-02-04"


changes = st.lists(st.tuples(st.booleans(), st.integers(1, 7), st.integers(1, 90)), min_size=1, max_size=25)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes)
@example(
    [(True, day, 1) for day in (1, 2, 3)]
    + [(False, 2, 0), (False, 1, 0), (True, 4, 0), (True, 2, 0), (True, 3, 0)]
)
def test_whatever_happens_every_run_of_days_is_one_alarm(run, moves):
    run = Run(run.session)
    standing: dict[int, int] = {}
    for is_over, day, litres in moves:
        if is_over:
            run.over(day, 600_000 + litres)
            standing[day] = 600_000 + litres
        else:
            run.back(day)
            standing.pop(day, None)
        listed = run.listed()
        assert {d: row.reading for d, row in listed.items() if row.over} == standing
        for before, after in pairwise(sorted(standing)):
            assert after - before > 1 or listed[before].alarm_id == listed[after].alarm_id
        holders = {listed[d].alarm_id for d in standing}
        assert {alarm.id for alarm in run.alarms()} == holders
        for alarm in run.alarms():
            mine = sorted(d for d in standing if listed[d].alarm_id == alarm.id)
            ends = [str(FIRST + timedelta(d - 1)) for d in (mine[0], mine[-1])]
            assert alarm.period == ("/".join(ends) if len(mine) > 1 else ends[0])
            assert alarm.reading == max(standing[d] for d in mine)
