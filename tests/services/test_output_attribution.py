"""What a return is attributed to: coverage, mineral, density; and what cannot be attributed."""

from datetime import date

import pytest

from registry.kernel.errors import Invalid, NotFound
from registry.kernel.vocabulary import Covered, Kind, OperatingState
from registry.minerals.models import MineralAlias
from registry.rights.models import RightMineral
from registry.rights.queries import permits_of, versions_of
from tests.factories import (
    LIMESTONE,
    WATER,
    ZINC,
    associate,
    cap,
    mineral,
    permit,
    right,
    set_clock,
    spell,
    world,
)
from tests.services.steps import codes, meter, revisions, tell, tonnes

MINE, WELL = "SZ-2025-0001", "SZ-2025-0002"


@pytest.fixture
def book(session):
    """A county with a binding limestone cap of 100 t."""
    world(session)
    return cap(session, "100 t/年")


@pytest.fixture
def mine(session, book):
    return right(session, MINE, scale="1000 t/年")


# valid from, valid to, operating state -> coverage of March, alarm, severity, article
COVERAGE = [
    ("2020-01-01", "2025-03-31", "producing", Covered.full, None),
    ("2025-03-01", "2030-12-31", "producing", Covered.full, None),
    ("2020-01-01", "2025-03-30", "producing", Covered.partly, ("after_expiry", "warning", "六十四")),
    ("2025-03-02", "2030-12-31", "producing", Covered.partly, ("after_expiry", "warning", "六十四")),
    ("2020-01-01", "2025-02-28", "producing", Covered.expired, ("after_expiry", "critical", "六十七")),
    ("2025-04-01", "2030-12-31", "producing", Covered.none, ("no_permit", "critical", "六十七")),
    ("2020-01-01", "2030-12-31", "stopped", Covered.full, ("during_stop", "warning", "六十八")),
    ("2020-01-01", "2030-12-31", "closing", Covered.full, ("during_stop", "warning", "六十八")),
    ("2020-01-01", "2030-12-31", "construction", Covered.full, ("during_stop", "warning", "六十八")),
]  # fmt: skip


class TestCoverage:
    """Ore already dug is a fact: it is kept and metered whatever covers it (decision 2)."""

    @pytest.mark.parametrize(("first", "last", "state", "covered", "alarm"), COVERAGE)
    def test_what_covers_a_month(self, session, book, first, last, state, covered, alarm):
        valid = date.fromisoformat(first), date.fromisoformat(last)
        right(session, MINE, valid=valid, state=OperatingState(state))
        answer = tell(session, MINE, "2025-03", "12 t")
        [row] = revisions(session, "2025-03")
        outside = covered in (Covered.expired, Covered.none)
        found = meter(session, book)
        assert (row.covered, row.during_stop) == (covered, state != "producing")
        assert (found.used, found.uncovered) == (tonnes(12), tonnes(12) if outside else 0)
        told = [(a["code"], a["severity"]) for a in answer["alarms"]]
        assert told == ([] if alarm is None else [alarm[:2]])
        assert all(alarm[2] in a["clause"] and "矿产资源法" in a["document"] for a in answer["alarms"])

    def test_the_alarm_tells_right_period_reading_and_cause(self, session, book):
        right(session, MINE, valid=(date(2020, 1, 1), date(2025, 2, 28)))
        [told] = tell(session, MINE, "2025-03", "12 t")["alarms"]
        assert (told["right"], told["period"], told["reading"], told["unit"]) == (MINE, "2025-03", "12", "t")
        assert told["caused_by"] == f"{MINE}/{LIMESTONE}/2025-03"
        assert f"示例-{MINE}" in told["note"]
        assert "2025-02-28" in told["note"]

    def test_permits_one_after_another_leave_no_gap(self, session, book):
        mine = right(session, MINE, valid=(date(2020, 1, 1), date(2025, 3, 14)))
        permit(session, mine, "示例-续", (date(2025, 3, 15), None))
        tell(session, MINE, "2025-03", "12 t")
        assert revisions(session, "2025-03")[0].covered is Covered.full

    def test_a_day_between_two_permits_is_covered_in_part(self, session, book):
        mine = right(session, MINE, valid=(date(2020, 1, 1), date(2025, 3, 13)))
        permit(session, mine, "示例-续", (date(2025, 3, 15), None))
        tell(session, MINE, "2025-03", "12 t")
        assert revisions(session, "2025-03")[0].covered is Covered.partly

    def test_a_permit_without_first_day_is_open_there(self, session, book):
        [held] = permits_of(session, [right(session, MINE).id or 0]).popitem()[1]
        held.valid_from = None
        session.flush()
        tell(session, MINE, "2025-03", "12 t")
        assert revisions(session, "2025-03")[0].covered is Covered.full

    def test_a_nil_return_after_expiry_raises_nothing(self, session, book):
        right(session, MINE, valid=(date(2020, 1, 1), date(2025, 2, 28)), state=OperatingState.stopped)
        assert tell(session, MINE, "2025-03", nil="1")["alarms"] == []

    def test_a_month_that_began_in_production_is_no_month_of_stop(self, session, book, mine):
        spell(session, mine, OperatingState.stopped, date(2025, 3, 2))
        assert tell(session, MINE, "2025-03", "12 t")["alarms"] == []
        assert codes(tell(session, MINE, "2025-04", "12 t")) == ["during_stop"]

    def test_expired_and_stopped_raise_both(self, session, book):
        right(session, MINE, valid=(date(2020, 1, 1), date(2025, 2, 28)), state=OperatingState.stopped)
        assert codes(tell(session, MINE, "2025-03", "12 t")) == ["after_expiry", "during_stop"]


class TestMinerals:
    def test_a_known_mineral_that_is_not_licensed_is_metered_apart_and_critical(self, session, book, mine):
        mineral(session, ZINC, "32010")
        zinc = cap(session, "50 t/年", ZINC)
        answer = tell(session, MINE, "2025-03", "7 t", mineral=ZINC)
        [told] = answer["alarms"]
        assert (told["code"], told["severity"], told["mineral"]) == ("no_permit", "critical", ZINC)
        assert "第六十四条" in told["clause"]
        assert (meter(session, zinc).used, meter(session, zinc).uncovered) == (tonnes(7), tonnes(7))
        assert revisions(session, "2025-03")[0].covered is Covered.unlicensed

    def test_an_associated_mineral_is_recorded_and_moves_no_cap(self, session, book, mine):
        mineral(session, ZINC, "32010")
        cap(session, "5 t/年", ZINC)
        associate(session, mine, ZINC)
        answer = tell(session, MINE, "2025-03", "7 t", mineral=ZINC)
        [row] = revisions(session, "2025-03")
        assert (answer["meters"], answer["alarms"]) == ([], [])
        assert (row.counted, row.covered, row.quantity) == (False, Covered.full, tonnes(7))

    def test_an_associated_mineral_counts_where_its_rule_says_so(self, session, book, mine):
        mineral(session, ZINC, "32010")
        zinc = cap(session, "5 t/年", ZINC)
        associate(session, mine, ZINC, counted=True)
        assert codes(tell(session, MINE, "2025-03", "7 t", mineral=ZINC)) == [
            "cap_exceeded",
            "cap_near",
            "cap_warning",
        ]
        assert meter(session, zinc).used == tonnes(7)

    def test_main_and_associated_mineral_of_one_month_stand_side_by_side(self, session, book, mine):
        mineral(session, ZINC, "32010")
        associate(session, mine, ZINC)
        tell(session, MINE, "2025-03", "12 t")
        tell(session, MINE, "2025-03", "7 t", mineral=ZINC)
        assert {row.mineral for row in revisions(session, "2025-03")} == {LIMESTONE, ZINC}
        assert meter(session, book).used == tonnes(12)

    @pytest.mark.parametrize("word", ["83907", "建筑石料用石灰岩", LIMESTONE])
    def test_code_and_alias_name_the_same_mineral(self, session, book, mine, word):
        session.add(MineralAlias(alias="建筑石料用石灰岩", mineral=LIMESTONE))
        session.flush()
        assert tell(session, MINE, "2025-03", "12 t", mineral=word)["return"] == f"{MINE}/{LIMESTONE}/2025-03"


@pytest.fixture
def both(session, book, mine):
    """A mine under a yearly cap, a well under a daily one, and a real mine that a plan only names."""
    cap(session, "600 m3/日", WATER)
    right(session, WELL, WATER, scale="13.8 万m3/年")
    named = right(session, "SZ-规划-0001")
    named.counted = False
    session.flush()


# right, period, quantity, mineral -> code, field
REJECTED = [
    (MINE, "2025-03", "12 t", "金刚石", "mineral_unknown", "mineral"),
    ("SZ-规划-0001", "2025-03", "12 t", "", "right_only_named", "right_no"),
    (MINE, "2025-07", "12 t", "", "period_in_future", "period"),
    (WELL, "2025-07-01", "12 m3", "", "period_in_future", "period"),
    (WELL, "2025-03", "12 m3", "", "days_expected", "period"),
    (MINE, "2025-03-14", "12 t", "", "month_expected", "period"),
    (MINE, "2025-03", "12 m3", "", "density_missing", "quantity"),
    (MINE, "2025-03", "12 个", "", "kinds_mixed", "quantity"),
]


class TestRejected:
    """Only what cannot be attributed or read is rejected; the field is named and nothing is written."""

    @pytest.mark.parametrize(("number", "period", "text", "name", "code", "field"), REJECTED)
    def test_what_cannot_be_attributed(self, session, both, number, period, text, name, code, field):
        with pytest.raises(Invalid) as caught:
            tell(session, number, period, text, mineral=name)
        assert (caught.value.code, caught.value.field) == (code, field)
        assert caught.value.value
        assert revisions(session, period) == []

    def test_an_unknown_right(self, session, both):
        with pytest.raises(NotFound) as caught:
            tell(session, "SZ-2025-9999", "2025-03", "12 t")
        assert caught.value.facts == {"what": "right", "value": "SZ-2025-9999"}

    def test_the_month_that_is_running_can_be_told(self, session, both):
        set_clock(session, date(2025, 6, 15))
        assert tell(session, MINE, "2025-06", "12 t")["revision"] == 1

    def test_today_can_be_told(self, session, both):
        assert tell(session, WELL, "2025-06-30", "12 m3")["revision"] == 1

    def test_a_right_without_main_mineral_must_name_one(self, session, book, mine):
        session.delete(session.get_one(RightMineral, (mine.id, LIMESTONE)))
        session.flush()
        with pytest.raises(Invalid) as caught:
            tell(session, MINE, "2025-03", "12 t")
        assert (caught.value.code, caught.value.field) == ("field_missing", "mineral")

    def test_the_loss_is_judged_by_its_own_field(self, session, both):
        with pytest.raises(Invalid) as caught:
            tell(session, MINE, "2025-03", "12 t", lost="3", lost_unit="m3")
        assert (caught.value.code, caught.value.field) == ("density_missing", "lost")


class TestDensity:
    @pytest.mark.parametrize(
        ("text", "grams"),
        [
            ("1 m3", 2_650_500),
            ("0.001 m3", 2_650),  # 2,650.5 g: half goes to the even gram below
            ("0.003 m3", 7_952),  # 7,951.5 g: half goes to the even gram above
            ("0.005 m3", 13_252),  # 13,252.5 g
            ("0.007 m3", 18_554),  # 18,553.5 g
            ("1.5 万m3", 39_757_500_000),
        ],
    )
    def test_volume_becomes_mass_half_even_to_the_gram(self, session, book, mine, text, grams):
        versions_of(session, [mine.id or 0])[mine.id or 0].density_g_m3 = 2_650_500
        session.flush()
        tell(session, MINE, "2025-03", text)
        [row] = revisions(session, "2025-03")
        assert (row.quantity, row.kind) == (grams, Kind.mass)
        assert f"{row.value} {row.unit}" == text
        assert meter(session, book).used == grams

    def test_mass_becomes_volume_half_even_to_the_litre(self, session):
        world(session)
        mineral(session, "建筑用砂岩", "83978", Kind.volume)
        quarry = right(session, MINE, "建筑用砂岩", scale="35 万m3/年")
        versions_of(session, [quarry.id or 0])[quarry.id or 0].density_g_m3 = 2_000_000
        session.flush()
        tell(session, MINE, "2025-03", "5 kg")  # 2.5 l
        assert revisions(session, "2025-03")[0].quantity == 2

    def test_the_loss_is_converted_too(self, session, book, mine):
        versions_of(session, [mine.id or 0])[mine.id or 0].density_g_m3 = 2_650_000
        session.flush()
        tell(session, MINE, "2025-03", "10 t", lost="1", lost_unit="m3")
        assert revisions(session, "2025-03")[0].lost == 2_650_000
