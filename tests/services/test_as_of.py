"""As of a day: what the book said at its end about meters, coverage, licensed capacity and limits."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from registry.caps.service import commit_capacity, end_commitments, place_hold, release_hold
from registry.identity.rules import SYSTEM
from registry.kernel.vocabulary import OperatingState
from registry.output.queries import returns_of
from registry.output.service import open_duties, void
from registry.plans.queries import lines_of
from registry.platform import clock
from registry.registration.service import set_state
from registry.rights.queries import right_by_number
from registry.workflows.cap_status import public, status
from registry.workflows.nightly import nightly
from tests.factories import CITY, COUNTY, LIMESTONE, WATER, cap, line, right, set_clock, world
from tests.services.demands import demand
from tests.services.steps import correct, tell

MINE, FAR = "SZ-2025-0001", "500241"
NAME = f"{COUNTY}/{LIMESTONE}/year"


def told(session, as_of: str | None, name: str = NAME) -> dict[str, Any]:
    found = status(session, 2025, as_of=date.fromisoformat(as_of) if as_of else None)
    return next(told for told in map(public, found) if told["cap"] == name)


def on(session, day: str) -> None:
    set_clock(session, date.fromisoformat(day))


@pytest.fixture
def year(session):
    """A year in which something becomes known on the 5th of every month."""
    world(session, today=date(2025, 1, 5), counties=(COUNTY, FAR))
    book = cap(session, "100 t/年")
    cap(session, "500 t/年", region=CITY)
    mine = right(session, MINE, recorded=date(2025, 1, 5))
    commit_capacity(session, SYSTEM, demand("60 t", right_id=mine.id))
    open_duties(session)
    on(session, "2025-02-05")
    tell(session, MINE, "2025-01", "30 t")
    on(session, "2025-03-05")
    correct(session, MINE, "2025-01", "50 t")
    on(session, "2025-04-05")
    tell(session, MINE, "2025-02", "45 t")
    on(session, "2025-05-05")
    void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-01", "误报")
    on(session, "2025-06-05")
    line(session, book, "200 t/年", (date(2025, 6, 1), date(2025, 12, 31)), known=date(2025, 6, 5))
    on(session, "2025-07-05")
    place_hold(session, SYSTEM, demand("20 t"), date(2025, 8, 31))
    on(session, "2025-09-05")
    nightly(session)
    right(session, "YY-2025-0001", region=FAR, recorded=date(2025, 9, 5))
    on(session, "2025-10-05")
    end_commitments(session, SYSTEM, mine.id or 0, date(2025, 1, 1), "注销")
    return book


# the end of which day -> dug, licensed, held, limit, data through, missing months, counties here
KNOWN = [
    ("2025-01-04", "0", "0", "0", "100", None, [], 0),
    ("2025-01-05", "0", "60", "0", "100", None, [], 1),
    ("2025-02-04", "0", "60", "0", "100", None, [], 1),
    ("2025-02-05", "30", "60", "0", "100", "2025-01-31", [], 1),
    ("2025-03-04", "30", "60", "0", "100", "2025-01-31", [], 1),
    ("2025-03-05", "50", "60", "0", "100", "2025-01-31", [], 1),
    ("2025-03-10", "50", "60", "0", "100", "2025-01-31", ["02"], 1),
    ("2025-04-04", "50", "60", "0", "100", "2025-01-31", ["02"], 1),
    ("2025-04-05", "95", "60", "0", "100", "2025-02-28", [], 1),
    ("2025-04-10", "95", "60", "0", "100", "2025-02-28", ["03"], 1),
    ("2025-05-04", "95", "60", "0", "100", "2025-02-28", ["03"], 1),
    ("2025-05-05", "45", "60", "0", "100", "2025-02-28", ["01", "03"], 1),
    ("2025-06-04", "45", "60", "0", "100", "2025-02-28", ["01", "03", "04"], 1),
    ("2025-06-05", "45", "60", "0", "200", "2025-02-28", ["01", "03", "04"], 1),
    ("2025-07-04", "45", "60", "0", "200", "2025-02-28", ["01", "03", "04", "05"], 1),
    ("2025-07-05", "45", "60", "20", "200", "2025-02-28", ["01", "03", "04", "05"], 1),
    ("2025-08-31", "45", "60", "20", "200", "2025-02-28", ["01", "03", "04", "05", "06", "07"], 1),
    ("2025-09-01", "45", "60", "0", "200", "2025-02-28", ["01", "03", "04", "05", "06", "07"], 1),
    ("2025-09-05", "45", "60", "0", "200", "2025-02-28", ["01", "03", "04", "05", "06", "07"], 2),
    ("2025-10-05", "45", "0", "0", "200", "2025-02-28", ["01", "03", "04", "05", "06", "07", "08"], 2),
]  # fmt: skip


class TestTheYear:
    @pytest.mark.parametrize(("day", "dug", "licensed", "held", "limit", "through", "missing", "here"), KNOWN)
    def test_what_was_known(self, session, year, day, dug, licensed, held, limit, through, missing, here):
        found = told(session, day)
        output, capacity = found["meters"]["output"], found["meters"]["licensed"]
        assert (output["used"], output["data_through"]) == (dug, through)
        assert (capacity["used"], capacity["held"], found["limit"]["value"]) == (licensed, held, limit)
        lacking = [name.rsplit("-", 1)[1] for name in found["coverage"]["returns"]["missing"]]
        assert lacking == missing
        assert told(session, day, f"{CITY}/{LIMESTONE}/year")["coverage"]["regions"]["reported"] == here

    def test_the_last_day_is_what_stands_now(self, session, year):
        assert told(session, "2025-10-05") == told(session, None)

    def test_the_returns_of_the_right(self, session, year):
        right_id = right_by_number(session, MINE).id or 0
        stood = {
            day: [(r.period, r.quantity) for r in returns_of(session, right_id, 2025, end(day))]
            for day in ("2025-02-04", "2025-02-05", "2025-03-05", "2025-04-05", "2025-05-05")
        }
        assert stood == {
            "2025-02-04": [],
            "2025-02-05": [("2025-01", 30_000_000)],
            "2025-03-05": [("2025-01", 50_000_000)],
            "2025-04-05": [("2025-01", 50_000_000), ("2025-02", 45_000_000)],
            "2025-05-05": [("2025-02", 45_000_000)],
        }


def end(day: str) -> datetime:
    return clock.end_of_day(date.fromisoformat(day))


class TestTheEndOfADay:
    """A day ends at local midnight, Asia/Shanghai."""

    @pytest.mark.parametrize(
        ("moment", "known_on"),
        [
            (datetime(2025, 2, 5, 15, 59, 59, 999999, tzinfo=UTC), "2025-02-05"),
            (datetime(2025, 2, 5, 16, 0, tzinfo=UTC), "2025-02-06"),
            (datetime(2025, 2, 4, 16, 0, tzinfo=UTC), "2025-02-05"),
        ],
    )
    def test_what_is_told_before_midnight_is_known_that_day(self, session, moment, known_on):
        world(session)
        cap(session, "100 t/年")
        right(session, MINE)
        clock.set_demonstration_clock(session, moment)
        tell(session, MINE, "2025-01", "30 t")
        before = {"2025-02-05": "2025-02-04", "2025-02-06": "2025-02-05"}[known_on]
        assert told(session, before)["meters"]["output"]["used"] == "0"
        assert told(session, known_on)["meters"]["output"]["used"] == "30"

    def test_of_several_movements_in_one_moment_the_last_counts(self, session):
        world(session)
        cap(session, "100 t/年")
        right(session, MINE)
        tell(session, MINE, "2025-01", "30 t")
        correct(session, MINE, "2025-01", "40 t")
        tell(session, MINE, "2025-02", "2 t")
        assert told(session, "2025-06-30")["meters"]["output"]["used"] == "42"


class TestWhatWasMissing:
    """What is told later of a mine's state changes what is owed from then on, and not what was missing."""

    def missed(self, session, day: str | None) -> list[str]:
        found = told(session, day)["coverage"]["returns"]
        return [name.rsplit("-", 1)[1] for name in found["missing"]]

    def test_a_stop_told_late(self, session):
        world(session, today=date(2025, 1, 5))
        cap(session, "100 t/年")
        right(session, MINE, recorded=date(2025, 1, 5))
        open_duties(session)
        on(session, "2025-04-15")
        set_state(session, SYSTEM, MINE, OperatingState.stopped, date(2025, 2, 1), "示例停产")
        days = ("2025-02-10", "2025-03-10", "2025-04-14", "2025-04-15")
        assert [self.missed(session, day) for day in days] == [
            ["01"],
            ["01", "02"],
            ["01", "02", "03"],
            ["01"],
        ]
        assert self.missed(session, None) == ["01"]

    def test_a_restart_told_late(self, session):
        world(session, today=date(2025, 1, 5))
        cap(session, "100 t/年")
        right(session, MINE, recorded=date(2025, 1, 5), state=OperatingState.stopped)
        open_duties(session)
        on(session, "2025-04-15")
        set_state(session, SYSTEM, MINE, OperatingState.producing, date(2025, 2, 1), "示例复产")
        assert [self.missed(session, day) for day in ("2025-04-14", "2025-04-15")] == [[], ["02", "03"]]
        assert told(session, "2025-04-14")["coverage"]["returns"]["expected"] == 0
        assert told(session, "2025-04-15") == told(session, None)


class TestDaysOfADailyCap:
    def test_the_peak_as_one_knew_it(self, session):
        world(session, today=date(2025, 3, 1))
        cap(session, "600 m3/日", WATER)
        right(session, MINE, WATER)
        tell(session, MINE, "2025-02-01", "700 m3")
        tell(session, MINE, "2025-02-02", "650 m3")
        on(session, "2025-03-02")
        correct(session, MINE, "2025-02-01", "500 m3")
        name = f"{COUNTY}/{WATER}/day"
        assert told(session, "2025-03-01", name)["peak"] == {"day": "2025-02-01", "used": "700"}
        assert told(session, "2025-03-01", name)["days_over"] == 2
        assert told(session, "2025-03-02", name)["peak"] == {"day": "2025-02-02", "used": "650"}
        assert told(session, "2025-02-28", name)["peak"] is None


class TestHoldsAndLines:
    def test_a_released_hold_was_held_until_then(self, session):
        world(session, today=date(2025, 3, 1))
        cap(session, "100 t/年", years=(2021, 2060))
        hold = place_hold(session, SYSTEM, demand("20 t"), date(2025, 12, 31))
        on(session, "2025-03-10")
        release_hold(session, SYSTEM, hold.id or 0, "流拍")
        held = {
            day: told(session, day)["meters"]["licensed"]["held"]
            for day in ("2025-03-01", "2025-03-09", "2025-03-10")
        }
        assert held == {"2025-03-01": "20", "2025-03-09": "20", "2025-03-10": "0"}

    def test_a_superseded_line_held_until_then(self, session):
        world(session, today=date(2025, 3, 1))
        book = cap(session, "100 t/年")
        [(old, _)] = lines_of(session, [book])[book.id or 0]
        old.superseded_at = clock.at_local(date(2025, 3, 10), time(9))
        line(session, book, "70 t/年", (old.valid_from, old.valid_to), known=date(2025, 3, 10))
        assert [told(session, day)["limit"]["value"] for day in ("2025-03-09", "2025-03-10")] == ["100", "70"]

    def test_before_the_plan_was_known_there_is_no_limit(self, session):
        world(session)
        cap(session, "100 t/年")
        assert told(session, "2024-11-30")["limit"] is None
        assert told(session, "2024-12-01")["limit"]["value"] == "100"
