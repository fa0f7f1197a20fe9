"""Which returns were missing on a day, and which were missing as one knew then."""

from datetime import date

import pytest

from registry.identity.rules import SYSTEM
from registry.kernel.vocabulary import OperatingState
from registry.output.queries import duty_of, missing, missing_lines, open_periods, overdue, owed_by
from registry.output.service import open_duties, void
from registry.platform import clock
from tests.factories import COUNTY, LIMESTONE, WATER, cap, right, set_clock, spell, world
from tests.services.steps import tell

MINE, WELL = "SZ-2025-0001", "SZ-2025-0002"


@pytest.fixture
def book(session):
    world(session)
    return cap(session, "100 t/年")


class TestMissing:
    @pytest.fixture
    def mine(self, session, book):
        set_clock(session, date(2025, 4, 1))
        found = right(session, MINE, recorded=date(2025, 4, 1))
        open_duties(session)
        return found

    def asked(self, session, on: str, as_of: str | None = None) -> list[str]:
        moment = clock.end_of_day(date.fromisoformat(as_of)) if as_of else None
        [found] = missing(session, [COUNTY], [LIMESTONE], 2025, (date.fromisoformat(on), moment))
        return [period for _, _, _, period in found]

    def test_it_is_missing_from_the_day_after_it_was_due(self, session, mine):
        assert (self.asked(session, "2025-05-10"), self.asked(session, "2025-05-11")) == ([], ["2025-04"])

    def test_what_came_late_was_missing_until_then(self, session, mine):
        set_clock(session, date(2025, 5, 20))
        tell(session, MINE, "2025-04", "5 t")
        assert self.asked(session, "2025-06-01") == []
        assert self.asked(session, "2025-05-20", "2025-05-19") == ["2025-04"]
        assert self.asked(session, "2025-05-21", "2025-05-20") == []

    def test_what_was_taken_back_is_missing_after_that_and_not_before(self, session, mine):
        set_clock(session, date(2025, 5, 2))
        tell(session, MINE, "2025-04", "5 t")
        set_clock(session, date(2025, 5, 20))
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-04", "误报")
        assert self.asked(session, "2025-05-20", "2025-05-19") == []
        assert self.asked(session, "2025-05-21") == ["2025-04"]

    def test_what_a_stop_dropped_was_missing_until_then(self, session, mine):
        set_clock(session, date(2025, 6, 20))
        spell(session, mine, OperatingState.stopped, date(2025, 4, 1))
        open_duties(session)
        assert (self.asked(session, "2025-06-20"), overdue(session, date(2025, 6, 20))) == ([], [])
        assert self.asked(session, "2025-06-20", "2025-06-19") == ["2025-04", "2025-05"]
        assert self.asked(session, "2025-05-11", "2025-05-10") == ["2025-04"]
        assert self.asked(session, "2025-06-21", "2025-06-20") == []

    def test_what_a_stop_dropped_is_on_no_list(self, session, mine):
        set_clock(session, date(2025, 6, 20))
        asked = mine.id or 0, date(2025, 6, 20)
        assert (len(open_periods(session, *asked)), len(owed_by(session, *asked))) == (2, 2)
        assert len(missing_lines(session, None, asked[1])) == 2
        spell(session, mine, OperatingState.stopped, date(2025, 4, 1))
        open_duties(session)
        assert (open_periods(session, *asked), owed_by(session, *asked)) == ([], [])
        assert missing_lines(session, None, asked[1]) == []
        assert duty_of(session, asked[0], LIMESTONE, "2025-04") is None

    def test_what_a_late_restart_opened_was_not_missing_before(self, session, mine):
        spell(session, mine, OperatingState.stopped, date(2025, 4, 1))
        open_duties(session)
        set_clock(session, date(2025, 6, 10))
        tell(session, MINE, "2025-04", "5 t")  # late, and not owed then
        set_clock(session, date(2025, 6, 20))
        spell(session, mine, OperatingState.producing, date(2025, 4, 2))
        open_duties(session)
        assert self.asked(session, "2025-06-20") == ["2025-05"]
        assert self.asked(session, "2025-06-21", "2025-06-20") == ["2025-05"]
        assert self.asked(session, "2025-06-20", "2025-06-19") == []
        assert self.asked(session, "2025-05-21", "2025-05-20") == []

    def test_overdue_tells_the_due_day(self, session, mine):
        assert overdue(session, date(2025, 5, 11)) == [
            (COUNTY, MINE, LIMESTONE, "2025-04", date(2025, 5, 10))
        ]

    def test_another_year_region_or_mineral_is_not_asked_for(self, session, mine):
        late = date(2026, 2, 1)
        assert missing(session, [COUNTY], [LIMESTONE], 2024, (late, None)) == [[]]
        assert missing(session, ["500241"], [LIMESTONE], 2025, (late, None)) == [[]]
        assert missing(session, [COUNTY], [WATER], 2025, (late, None)) == [[]]
