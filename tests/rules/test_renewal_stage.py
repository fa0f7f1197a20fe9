"""The reminder that stands on a day, counted to the application day and never to the end of the permit."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.vocabulary import AlarmCode, RenewalStage, Severity
from registry.workflows.renewals import application_day, reminded_until, renewal_stage

ENDS = date(2025, 12, 31)
DUE, OVERDUE = AlarmCode.renewal_due, AlarmCode.renewal_overdue
_RANK = ("12 个月", "6 个月", "3 个月", "60 日", "已逾申请期", "到期，未见延续登记")


def rank(today: date) -> int:
    """Return how far a reminder has come: -1 for none, else its place among the stages."""
    stage = renewal_stage(ENDS, today, 30)
    return -1 if stage is None else next(n for n, words in enumerate(_RANK) if words in stage.note)


class TestApplicationDay:
    def test_it_lies_thirty_days_before_the_end(self):
        assert application_day(ENDS, 30) == date(2025, 12, 1)

    def test_it_may_be_the_last_day_itself(self):
        assert application_day(ENDS, 0) == ENDS


class TestStages:
    @pytest.mark.parametrize(
        ("today", "code", "severity", "words"),
        [
            ("2024-12-01", DUE, Severity.info, "12 个月"),
            ("2025-05-31", DUE, Severity.info, "12 个月"),
            ("2025-06-01", DUE, Severity.info, "6 个月"),
            ("2025-08-31", DUE, Severity.info, "6 个月"),
            ("2025-09-01", DUE, Severity.warning, "3 个月"),
            ("2025-10-01", DUE, Severity.warning, "3 个月"),
            ("2025-10-02", DUE, Severity.warning, "60 日"),
            ("2025-12-01", DUE, Severity.warning, "60 日"),
            ("2025-12-02", OVERDUE, Severity.warning, "已逾申请期"),
            ("2025-12-31", OVERDUE, Severity.warning, "已逾申请期"),
            ("2026-01-01", OVERDUE, Severity.critical, "未见延续登记"),
            ("2035-01-01", OVERDUE, Severity.critical, "未见延续登记"),
        ],
    )
    def test_first_and_last_day_of_each(self, today, code, severity, words):
        stage = renewal_stage(ENDS, date.fromisoformat(today), 30)
        assert stage is not None
        assert (stage.code, stage.severity) == (code, severity)
        assert words in stage.note
        assert "2025-12-31" in stage.note

    def test_more_than_a_year_ahead_nobody_is_told(self):
        assert renewal_stage(ENDS, date(2024, 11, 30), 30) is None

    def test_reminders_name_the_application_day(self):
        stage = renewal_stage(ENDS, date(2025, 9, 1), 30)
        assert stage is not None
        assert "2025-12-01" in stage.note

    def test_months_are_counted_by_the_calendar(self):
        # the application day is the 31st of August: six months before it is the 28th of February
        ends = date(2025, 9, 30)
        before, since = (renewal_stage(ends, date(2025, 2, day), 30) for day in (27, 28))
        assert before is not None
        assert since is not None
        assert ("12 个月" in before.note, "6 个月" in since.note) == (True, True)

    @given(st.dates(date(2024, 1, 1), date(2027, 1, 1)))
    def test_stages_only_ever_come_nearer(self, today):
        assert rank(today) <= rank(today + timedelta(days=1))

    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 180))
    def test_the_last_day_to_apply_is_never_overdue_and_the_next_always_is(self, ends, notice):
        last = application_day(ends, notice)
        on_time, late = (renewal_stage(ends, last + timedelta(days=n), notice) for n in (0, 1))
        assert on_time is not None
        assert late is not None
        assert (on_time.code, late.code) == (DUE, OVERDUE)


class TestRemindedUntil:
    @given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.integers(0, 400))
    def test_of_the_day_itself_a_reminder_stands_and_of_the_next_not_yet(self, today, notice):
        last = reminded_until(today, notice)
        assert renewal_stage(last, today, notice) is not None
        assert renewal_stage(last + timedelta(days=1), today, notice) is None

    def test_every_stage_is_named_by_its_word(self):
        days = [ENDS - timedelta(days=days) for days in range(-5, 400)]
        stages = {stage.at for day in days if (stage := renewal_stage(ENDS, day, 30)) is not None}
        assert stages == set(RenewalStage)
