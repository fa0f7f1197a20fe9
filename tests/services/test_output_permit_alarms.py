"""What returns raise against the permit of their right: the year's sum over its scale."""

from datetime import date

import pytest

from registry.alarms.queries import steps
from registry.identity.rules import SYSTEM
from registry.kernel.vocabulary import Kind
from registry.output.service import record_many, void
from registry.rights.queries import permits_of, versions_of
from tests.factories import LIMESTONE, permit, right, world
from tests.services.steps import acts, alarms, codes, correct, order, standing, tell, tonnes

MINE = "SZ-2025-0001"


class TestOverPermit:
    @pytest.fixture
    def mine(self, session):
        world(session)
        return right(session, MINE, scale="50 t/年")

    def test_the_scale_itself_is_no_breach_and_a_gram_more_is(self, session, mine):
        assert codes(tell(session, MINE, "2025-01", "50 t")) == []
        [told] = tell(session, MINE, "2025-02", "1 g")["alarms"]
        assert (told["code"], told["severity"], told["right"], told["period"]) == (
            "permit_exceeded", "warning", MINE, "2025",
        )  # fmt: skip
        assert (told["limit"], told["reading"], told["excess"]) == ("50", "50.000001", "0.000001")
        assert told["caused_by"] == f"{MINE}/{LIMESTONE}/2025-02"
        assert f"示例-{MINE}" in told["document"]
        assert "第六十八条" in told["clause"]

    def test_it_is_one_alarm_a_year_that_follows_recedes_and_re_opens(self, session, mine):
        tell(session, MINE, "2025-01", "51 t")
        assert tell(session, MINE, "2025-02", "9 t")["alarms"] == []
        [over] = alarms(session)
        assert over.reading == tonnes(60)
        correct(session, MINE, "2025-01", "41 t")
        assert (alarms(session)[0].receded, alarms(session)[0].reading) == (True, tonnes(50))
        assert codes(tell(session, MINE, "2025-03", "2 t")) == ["permit_exceeded"]
        assert acts(session, alarms(session)[0]) == ["raised", "receded", "reopened"]

    def test_left_again_within_a_batch_it_shows_the_reading_that_left_it(self, session, mine):
        tell(session, MINE, "2025-01", "40 t")
        rows = [order(MINE, "2025-02", "11 t"), order(MINE, "2025-03", "1 t")]
        record_many(session, SYSTEM, [*rows, order(MINE, "2025-01", "1 t", correct=True, reason="示例")])
        [over] = alarms(session)
        assert (over.receded, over.reading) == (True, tonnes(13))

    def test_in_a_batch_the_crossing_row_is_the_cause(self, session, mine):
        rows = [order(MINE, f"2025-0{month}", "20 t") for month in (1, 2, 3, 4)]
        record_many(session, SYSTEM, rows)
        [over] = alarms(session)
        assert (over.caused_by, over.reading) == (f"{MINE}/{LIMESTONE}/2025-03", tonnes(80))

    def test_taking_back_counts_too(self, session, mine):
        tell(session, MINE, "2025-01", "51 t")
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-01", "误报")
        assert standing(session) == []

    def test_each_step_names_the_revision_that_took_it(self, session, mine):
        tell(session, MINE, "2025-01", "40 t")
        correct(session, MINE, "2025-01", "51 t")
        correct(session, MINE, "2025-01", "41 t")
        tell(session, MINE, "2025-02", "20 t")
        void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-02", "误报")
        [over] = alarms(session)
        told = [
            (s.act, (s.caused_by or "")[-7:], s.revision) for s in steps(session, [over.id])[over.id or 0]
        ]
        assert told == [
            ("raised", "2025-01", 2), ("receded", "2025-01", 3),
            ("reopened", "2025-02", 1), ("receded", "2025-02", 2),
        ]  # fmt: skip

    def test_a_larger_permit_counts_from_its_month_on(self, session, mine):
        permit(session, mine, "示例-扩", (date(2025, 3, 1), date(2030, 1, 1)), scale="100 t/年")
        tell(session, MINE, "2025-01", "50 t")
        assert codes(tell(session, MINE, "2025-03", "49 t")) == []
        assert codes(tell(session, MINE, "2025-04", "2 t")) == ["permit_exceeded"]

    def test_without_a_recorded_scale_nothing_is_judged(self, session):
        world(session)
        right(session, MINE, scale=None)
        assert tell(session, MINE, "2025-01", "5000 t")["alarms"] == []

    def test_a_scale_in_cubic_metres_is_held_against_tonnes_by_the_recorded_density(self, session):
        world(session)
        quarry = right(session, MINE, scale="20 m3/年")
        assert permits_of(session, [quarry.id or 0])[quarry.id or 0][0].kind is Kind.volume
        versions_of(session, [quarry.id or 0])[quarry.id or 0].density_g_m3 = 2_500_000
        session.flush()
        assert codes(tell(session, MINE, "2025-01", "50 t")) == []
        [told] = tell(session, MINE, "2025-02", "1 kg")["alarms"]
        assert (told["code"], told["limit"], told["reading"]) == ("permit_exceeded", "50", "50.001")

    def test_without_density_a_scale_in_cubic_metres_says_nothing_of_tonnes(self, session):
        world(session)
        right(session, MINE, scale="20 m3/年")
        assert tell(session, MINE, "2025-01", "5000 t")["alarms"] == []
