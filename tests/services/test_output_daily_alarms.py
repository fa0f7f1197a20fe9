"""Alarms under a daily cap: a day over it, consecutive days, days taken back, maximum days of permits."""

from datetime import date

import pytest
from sqlmodel import col, select

from registry.alarms.models import AlarmDay
from registry.alarms.queries import public
from registry.caps.service import rejudge
from registry.identity.rules import SYSTEM
from registry.output.service import record_many, void
from tests.factories import COUNTY, WATER, cap, line, right, world
from tests.services.steps import acts, alarms, codes, correct, order, standing, tell

WELL, OTHER = "SZ-2025-0001", "SZ-2025-0002"
SUBJECT = f"cap_exceeded:{COUNTY}/{WATER}/day:output"


@pytest.fixture
def book(session):
    """A county with a cap of 600 m³ of warm water a day and two wells."""
    world(session)
    for number in (WELL, OTHER):
        right(session, number, WATER, scale=None)
    return cap(session, "600 m3/日", WATER, binding=False)


def dig(session, *days: int, text: str = "700 m3", number: str = WELL):
    """Tell the same amount on days of February."""
    return [tell(session, number, f"2025-02-{day:02d}", text) for day in days]


def listed(session) -> dict[str, list[tuple[int, bool]]]:
    """Return the days each alarm lists, and whether each is over; receded alarms without any are left out."""
    found = {}
    for alarm in alarms(session, "cap_exceeded"):
        statement = select(AlarmDay).where(AlarmDay.alarm_id == alarm.id).order_by(col(AlarmDay.day))
        days = [(row.day.day, row.over) for row in session.exec(statement).all()]
        if days or not alarm.receded:
            found[alarm.key.removeprefix(SUBJECT + ":")] = days
    return found


class TestOneDay:
    def test_600_is_no_alarm_and_600_001_is_one(self, session, book):
        assert tell(session, WELL, "2025-02-01", "600 m3")["alarms"] == []
        [told] = tell(session, WELL, "2025-02-02", "600.001 m3")["alarms"]
        assert (told["code"], told["severity"], told["period"]) == ("cap_exceeded", "warning", "2025-02-02")
        assert (told["limit"], told["reading"], told["excess"], told["unit"]) == (
            "600",
            "600.001",
            "0.001",
            "m3",
        )
        assert told["days"] == [{"day": "2025-02-02", "reading": "600.001", "over": True}]

    def test_the_601st_litre_may_come_from_another_well(self, session, book):
        tell(session, WELL, "2025-02-01", "400 m3")
        [told] = tell(session, OTHER, "2025-02-01", "200.001 m3")["alarms"]
        assert told["caused_by"] == f"{OTHER}/{WATER}/2025-02-01"

    def test_no_threshold_below_the_cap_is_told(self, session, book):
        assert tell(session, WELL, "2025-02-01", "599.999 m3")["alarms"] == []

    def test_more_of_the_same_day_raises_the_reading_of_the_same_alarm(self, session, book):
        dig(session, 1)
        assert tell(session, OTHER, "2025-02-01", "50 m3")["alarms"] == []
        [told] = public(session, alarms(session, "cap_exceeded"))
        assert (told["reading"], told["days"][0]["reading"]) == ("750", "750")

    def test_less_of_a_day_that_stays_over_lowers_the_reading(self, session, book):
        dig(session, 1, text="900 m3")
        dig(session, 2)
        correct(session, WELL, "2025-02-01", "650 m3")
        [told] = public(session, alarms(session, "cap_exceeded"))
        assert (told["reading"], [day["reading"] for day in told["days"]]) == ("700", ["650", "700"])


class TestConsecutiveDays:
    def test_they_are_one_alarm_with_its_days_and_the_highest_reading(self, session, book):
        dig(session, 1)
        dig(session, 2, text="900 m3")
        dig(session, 3, text="650 m3")
        [alarm] = alarms(session)
        assert (alarm.period, alarm.reading) == ("2025-02-01/2025-02-03", 900_000)
        assert listed(session) == {"2025-02-01": [(1, True), (2, True), (3, True)]}
        assert acts(session, alarm) == ["raised", "extended", "extended"]

    def test_they_are_one_alarm_when_told_in_one_batch(self, session, book):
        record_many(session, SYSTEM, [order(WELL, f"2025-02-{day:02d}", "700 m3") for day in range(1, 29)])
        assert [(a.period, a.reading) for a in alarms(session)] == [("2025-02-01/2025-02-28", 700_000)]

    def test_they_are_one_alarm_when_told_backwards(self, session, book):
        dig(session, 3, 2, 1)
        assert listed(session) == {"2025-02-03": [(1, True), (2, True), (3, True)]}

    def test_they_run_over_the_end_of_a_month(self, session, book):
        tell(session, WELL, "2025-01-31", "700 m3")
        dig(session, 1)
        assert [alarm.period for alarm in alarms(session)] == ["2025-01-31/2025-02-01"]

    def test_a_day_between_begins_another(self, session, book):
        dig(session, 1, 3)
        assert listed(session) == {"2025-02-01": [(1, True)], "2025-02-03": [(3, True)]}

    def test_the_day_that_joins_two_alarms_makes_them_one(self, session, book):
        dig(session, 1, 3, 2)
        assert listed(session) == {"2025-02-01": [(1, True), (2, True), (3, True)]}
        first, second = alarms(session)
        assert (first.receded, first.period) == (False, "2025-02-01/2025-02-03")
        assert (second.receded, second.note) == (True, f"并入预警 {first.id}")


class TestDaysTakenBack:
    def test_the_last_day_lets_it_recede_and_the_same_alarm_re_opens(self, session, book):
        dig(session, 1)
        [alarm] = alarms(session)
        correct(session, WELL, "2025-02-01", "600 m3")
        assert (standing(session), listed(session)) == ([], {"2025-02-01": [(1, False)]})
        assert alarms(session)[0].reading == 600_000
        correct(session, WELL, "2025-02-01", "601 m3")
        [again] = alarms(session)
        assert (again.id, again.receded, again.reading) == (alarm.id, False, 601_000)
        assert acts(session, again) == ["raised", "receded", "reopened"]

    def test_one_of_several_days_leaves_the_alarm_standing(self, session, book):
        dig(session, 1, 2)
        dig(session, 3, text="900 m3")
        void(session, SYSTEM, f"{WELL}/{WATER}/2025-02-03", "误报")
        [alarm] = alarms(session)
        assert (alarm.receded, alarm.period, alarm.reading) == (False, "2025-02-01/2025-02-02", 700_000)
        assert listed(session) == {"2025-02-01": [(1, True), (2, True), (3, False)]}

    def test_a_day_over_again_joins_the_alarm_that_its_neighbour_has_begun(self, session, book):
        dig(session, 1)
        correct(session, WELL, "2025-02-01", "1 m3")
        dig(session, 2)
        correct(session, WELL, "2025-02-01", "700 m3")
        [standing_one] = standing(session)
        assert listed(session)[standing_one.removeprefix(SUBJECT + ":")] == [(1, True), (2, True)]

    def test_a_higher_cap_takes_days_back_and_a_lower_one_finds_them(self, session, book):
        dig(session, 1, 2)
        year = date(2025, 1, 1), date(2025, 12, 31)
        line(session, book, "700 m3/日", year, known=date(2025, 6, 30), binding=False)
        rejudge(session, SYSTEM, [book])
        assert standing(session) == []
        line(session, book, "650 m3/日", (date(2025, 1, 2), year[1]), known=date(2025, 6, 30), binding=False)
        rejudge(session, SYSTEM, [book])
        [alarm] = [alarm for alarm in alarms(session) if not alarm.receded]
        assert (alarm.period, alarm.limit) == ("2025-02-01/2025-02-02", 650_000)


class TestMaximumDay:
    @pytest.fixture
    def well(self, session, book):
        return right(session, "SZ-2025-0003", WATER, scale="201 m3/年", max_day="100 m3/日")

    def test_the_maximum_day_of_the_permit_is_judged_strictly(self, session, well):
        assert tell(session, well.number, "2025-02-01", "100 m3")["alarms"] == []
        [told] = tell(session, well.number, "2025-02-02", "100.001 m3")["alarms"]
        assert (told["code"], told["period"], told["limit"]) == ("permit_exceeded", "2025-02-02", "100")

    def test_year_and_day_are_alarms_of_their_own(self, session, well):
        dig(session, 1, 2, text="101 m3", number=well.number)
        keys = [
            f"permit_exceeded:{well.number}/{WATER}:2025",
            f"permit_exceeded:{well.number}/{WATER}:day:2025-02-01",
        ]
        assert standing(session) == keys

    def test_consecutive_days_are_one_alarm_that_recedes_with_the_last(self, session, well):
        dig(session, 1, 2, text="101 m3", number=well.number)
        for day in (1, 2):
            correct(session, well.number, f"2025-02-0{day}", "99 m3")
        assert codes({"alarms": public(session, [a for a in alarms(session) if not a.receded])}) == []
