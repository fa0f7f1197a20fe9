"""Marks of yearly caps: what a return raises, who crossed, how alarms recede and re-open."""

from datetime import date

import pytest
from sqlmodel import select

from registry.alarms.service import handle
from registry.caps.models import Threshold
from registry.identity.rules import SYSTEM
from registry.kernel.vocabulary import AlarmAct, AlarmState
from registry.output.service import record_many, void
from tests.factories import CITY, COUNTY, LIMESTONE, cap, right, world
from tests.services.steps import acts, alarms, codes, correct, order, standing, tell, tonnes

MINE, OTHER = "SZ-2025-0001", "SZ-2025-0002"
NAME = f"{COUNTY}/{LIMESTONE}/year"


def key(code: str, year: int = 2025, name: str = NAME) -> str:
    """Return the key of an alarm of an output meter."""
    return f"{code}:{name}:output:{year}"


@pytest.fixture
def book(session):
    """A county with a binding limestone cap of 100 t and two mines."""
    world(session)
    for number in (MINE, OTHER):
        right(session, number, scale="1000 t/年")
    return cap(session, "100 t/年")


class TestMarks:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("79.999999 t", []),
            ("80 t", ["cap_near"]),
            ("89.999999 t", ["cap_near"]),
            ("90 t", ["cap_near", "cap_warning"]),
            ("100 t", ["cap_near", "cap_warning"]),
            ("100.000001 t", ["cap_exceeded", "cap_near", "cap_warning"]),
        ],
    )
    def test_thresholds_at_or_above_and_the_cap_strictly_above(self, session, book, text, expected):
        assert codes(tell(session, MINE, "2025-03", text)) == expected
        assert standing(session) == [key(code) for code in expected]

    def test_the_alarm_says_all_that_the_contract_lists(self, session, book):
        tell(session, MINE, "2025-02", "60 t")
        [told] = tell(session, MINE, "2025-03", "22.5 t")["alarms"]
        assert (told["code"], told["severity"], told["state"], told["receded"]) == (
            "cap_near", "info", "open", False,
        )  # fmt: skip
        assert (told["region"], told["mineral"], told["right"]) == (COUNTY, LIMESTONE, None)
        assert (told["period"], told["meter"]) == ("2025", "output")
        assert (told["limit"], told["reading"], told["excess"], told["unit"]) == ("100", "82.5", "-17.5", "t")
        assert told["caused_by"] == f"{MINE}/{LIMESTONE}/2025-03"
        assert (told["document"], told["clause"]) == (f"示例规划 {COUNTY}{LIMESTONE}", "专栏11")
        assert told["raised_at"] == "2025-06-30T01:00:00+00:00"
        [step] = told["steps"]
        assert (step["act"], step["actor"], step["reading"]) == ("raised", "system", "82.5")

    def test_one_alarm_per_mark_and_year_whose_reading_follows(self, session, book):
        tell(session, MINE, "2025-01", "80 t")
        assert tell(session, MINE, "2025-02", "5 t")["alarms"] == []
        tell(session, OTHER, "2025-02", "1 t")
        [near] = alarms(session)
        assert (near.reading, near.caused_by) == (tonnes(86), f"{MINE}/{LIMESTONE}/2025-01")
        assert acts(session, near) == ["raised"]

    def test_another_year_has_alarms_of_its_own(self, session, book):
        tell(session, MINE, "2024-12", "80 t")
        tell(session, MINE, "2025-01", "85 t")
        assert standing(session) == [key("cap_near", 2024), key("cap_near")]

    def test_the_caps_of_county_and_city_are_judged_apart(self, session, book):
        cap(session, "85 t/年", region=CITY)
        city = f"{CITY}/{LIMESTONE}/year"
        tell(session, MINE, "2025-03", "86 t")
        marks = [key(code, name=city) for code in ("cap_exceeded", "cap_near", "cap_warning")]
        assert standing(session) == sorted([*marks, key("cap_near")])

    def test_thresholds_are_data_with_validity(self, session, book):
        for threshold in session.exec(select(Threshold)).all():
            threshold.valid_to = date(2024, 12, 31)
        session.add(Threshold(hundredths=5000, valid_from=date(2025, 1, 1), source="示例"))
        session.flush()
        record_many(session, SYSTEM, [order(MINE, "2024-12", "50 t"), order(MINE, "2025-01", "50 t")])
        assert standing(session) == [key("cap_near")]
        assert codes(tell(session, MINE, "2025-02", "50 t")) == []  # 100 %: there is no second threshold

    def test_a_third_threshold_has_an_alarm_of_its_own(self, session, book):
        session.add(Threshold(hundredths=9500, valid_from=date(2000, 1, 1), source="示例"))
        session.add(Threshold(hundredths=8000, valid_from=date(2024, 1, 1), source="再次发布"))
        session.flush()
        assert codes(tell(session, MINE, "2025-01", "85 t")) == ["cap_near"]
        assert codes(tell(session, MINE, "2025-02", "7 t")) == ["cap_warning"]
        assert codes(tell(session, MINE, "2025-03", "4 t")) == ["cap_warning"]
        correct(session, MINE, "2025-03", "1 t")
        assert standing(session) == [key("cap_near"), key("cap_warning")]
        assert [alarm.reading for alarm in alarms(session, "cap_warning")] == [tonnes(93), tonnes(93)]

    @pytest.mark.parametrize(
        ("binding", "expected"),
        [
            (True, ["critical", "info", "warning"]),
            (False, ["warning", "info", "info"]),
            (None, ["warning", "info", "info"]),
        ],
    )
    def test_severity_follows_the_kind_of_the_cap(self, session, binding, expected):
        world(session)
        right(session, MINE, scale="1000 t/年")
        cap(session, "100 t/年", binding=binding)
        told = sorted(tell(session, MINE, "2025-03", "101 t")["alarms"], key=lambda alarm: alarm["code"])
        assert [alarm["code"] for alarm in told] == ["cap_exceeded", "cap_near", "cap_warning"]
        assert [alarm["severity"] for alarm in told] == expected


class TestWhoCrossed:
    def test_a_single_return_crosses_all_three(self, session, book):
        answer = tell(session, MINE, "2025-03", "150 t")
        assert {alarm["caused_by"] for alarm in answer["alarms"]} == {f"{MINE}/{LIMESTONE}/2025-03"}
        assert {alarm["reading"] for alarm in answer["alarms"]} == {"150"}

    def test_in_a_batch_each_mark_knows_the_row_that_crossed_it(self, session, book):
        rows = [
            ("01", "79 t"),
            ("02", "1 t"),
            ("03", "9.999999 t"),
            ("04", "0.000001 t"),
            ("05", "10 t"),
            ("06", "1 g"),
        ]
        record_many(session, SYSTEM, [order(MINE, f"2025-{month}", text) for month, text in rows])
        causes = {str(alarm.code): (alarm.caused_by or "")[-7:] for alarm in alarms(session)}
        assert causes == {"cap_near": "2025-02", "cap_warning": "2025-04", "cap_exceeded": "2025-06"}

    def test_row_order_counts_and_not_the_calendar(self, session, book):
        record_many(session, SYSTEM, [order(MINE, "2025-06", "79 t"), order(OTHER, "2025-01", "2 t")])
        assert alarms(session)[0].caused_by == f"{OTHER}/{LIMESTONE}/2025-01"

    def test_standing_alarms_show_the_reading_after_the_whole_batch(self, session, book):
        record_many(session, SYSTEM, [order(MINE, f"2025-0{n}", "30 t") for n in (1, 2, 3, 4)])
        assert {alarm.reading for alarm in alarms(session)} == {tonnes(120)}

    def test_a_mark_left_again_within_a_batch_shows_the_reading_that_left_it(self, session, book):
        tell(session, OTHER, "2025-01", "50 t")
        rows = [order(MINE, "2025-01", "35 t"), order(MINE, "2025-02", "3 t")]
        lower = order(OTHER, "2025-01", "1 t", correct=True, reason="示例")
        record_many(session, SYSTEM, [*rows, lower])
        [near] = alarms(session)
        assert (near.receded, near.reading, acts(session, near)) == (True, tonnes(39), ["raised", "receded"])

    def test_an_alarm_re_opened_within_a_batch_shows_the_reading_after_it(self, session, book):
        tell(session, MINE, "2025-01", "85 t")
        correct(session, MINE, "2025-01", "70 t")
        record_many(session, SYSTEM, [order(MINE, "2025-02", "12 t"), order(MINE, "2025-03", "3 t")])
        [near] = alarms(session)
        assert (near.receded, near.reading) == (False, tonnes(85))

    def test_a_mark_left_and_passed_again_within_a_batch_shows_the_last_reading(self, session, book):
        for number, months in ((MINE, "123"), (OTHER, "1")):
            for month in months:
                tell(session, number, f"2025-0{month}", "20 t")
        fixed = {"correct": True, "reason": "示例"}
        rows = [
            order(MINE, "2025-01", "22 t", **fixed),  # 82
            order(MINE, "2025-02", "1 t", **fixed),  # 63
            order(MINE, "2025-03", "50 t", **fixed),  # 93
        ]
        record_many(session, SYSTEM, rows)
        assert {str(a.code): a.reading for a in alarms(session)} == {
            "cap_near": tonnes(93),
            "cap_warning": tonnes(93),
        }


class TestReceding:
    def test_a_correction_below_lets_it_recede_and_one_above_re_opens_the_same(self, session, book):
        tell(session, MINE, "2025-03", "85 t")
        [near] = alarms(session)
        assert correct(session, MINE, "2025-03", "79.999999 t")["alarms"] == []
        assert (alarms(session)[0].receded, alarms(session)[0].reading) == (True, 79_999_999)
        again = correct(session, MINE, "2025-03", "80 t")
        [reopened] = alarms(session)
        assert (reopened.id, reopened.receded, reopened.reading) == (near.id, False, tonnes(80))
        assert [alarm["id"] for alarm in again["alarms"]] == [near.id]
        assert acts(session, reopened) == ["raised", "receded", "reopened"]

    def test_only_the_marks_that_were_left_recede(self, session, book):
        tell(session, MINE, "2025-03", "150 t")
        correct(session, MINE, "2025-03", "95 t")
        assert standing(session) == [key("cap_near"), key("cap_warning")]

    def test_taking_a_return_back_lets_it_recede(self, session, book):
        tell(session, MINE, "2025-03", "85 t")
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-03", "误报")
        assert standing(session) == []
        assert alarms(session)[0].reading == 0

    def test_the_return_that_passes_again_is_the_new_cause(self, session, book):
        tell(session, MINE, "2025-03", "85 t")
        correct(session, MINE, "2025-03", "70 t")
        tell(session, OTHER, "2025-04", "10 t")
        assert alarms(session)[0].caused_by == f"{OTHER}/{LIMESTONE}/2025-04"

    @pytest.mark.parametrize("act", [AlarmAct.acknowledged, AlarmAct.closed])
    def test_what_people_have_dealt_with_opens_anew(self, session, book, act):
        tell(session, MINE, "2025-03", "85 t")
        handle(session, SYSTEM, alarms(session)[0].id or 0, act, "已核实")
        correct(session, MINE, "2025-03", "70 t")
        correct(session, MINE, "2025-03", "86 t")
        [near] = alarms(session)
        assert (near.state, acts(session, near)[1:]) == (AlarmState.open, [act, "receded", "reopened"])

    def test_a_standing_alarm_that_somebody_closed_stays_closed_while_the_reading_grows(self, session, book):
        tell(session, MINE, "2025-03", "85 t")
        handle(session, SYSTEM, alarms(session)[0].id or 0, AlarmAct.closed, "已核实")
        tell(session, MINE, "2025-04", "1 t")
        [near] = alarms(session)
        assert (near.state, near.reading) == (AlarmState.closed, tonnes(86))
