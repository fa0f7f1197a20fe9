"""`registry export`: a row per record in base units, and what was known at the end of a day."""

import csv
from datetime import date
from pathlib import Path

import pytest

from registry.caps.service import place_hold, release_hold
from registry.identity.rules import SYSTEM
from registry.kernel.vocabulary import OperatingState
from registry.output.service import open_duties, void
from registry.platform import clock
from registry.registration.service import set_state
from registry.rights.queries import permits_of
from registry.workflows.export import export
from tests.factories import COUNTY, LIMESTONE, WATER, cap, line, permit, right, set_clock, world
from tests.services.demands import commit, demand
from tests.services.steps import correct, tell

MINE, WELL = "SZ-2025-0001", "SZ-2025-0002"
FILES = (
    "rights", "returns", "movements", "commitments", "reserves", "alarms", "caps", "regions", "minerals",
    "thresholds", "scale_lines", "duties", "states", "green", "indicators", "plan_reserves", "alarm_steps",
)  # fmt: skip
RECORDS = FILES[:7]


@pytest.fixture
def book(session):
    """A year in which a return is told in February, corrected in March and taken back in April."""
    world(session, today=date(2025, 1, 5))
    found = cap(session, "100 t/年")
    mine = right(session, MINE, recorded=date(2025, 1, 5))
    commit(session, demand("60 t", right_id=mine.id))
    set_clock(session, date(2025, 2, 5))
    tell(session, MINE, "2025-01", "85 t", lost="0.5", lost_unit="t", note="=SUM(A1)")
    hold = place_hold(session, SYSTEM, demand("20 t"), None)
    set_clock(session, date(2025, 3, 5))
    correct(session, MINE, "2025-01", "30.5 t")
    release_hold(session, SYSTEM, hold.id or 0, "流拍")
    right(session, WELL, WATER, scale="13.8 万m3/年", max_day="380 m3/日", recorded=date(2025, 3, 5))
    line(session, found, "200 t/年", (date(2025, 3, 1), date(2025, 12, 31)), known=date(2025, 3, 5))
    set_clock(session, date(2025, 4, 5))
    void(session, SYSTEM, f"{MINE}/{LIMESTONE}/2025-01", "误报")
    return mine


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


class TestNow:
    def test_a_file_of_each_kind_with_its_count(self, session, book, tmp_path):
        counts = export(session, tmp_path / "out")
        assert {name: counts[name] for name in RECORDS} == {
            "rights": 2, "returns": 3, "movements": 4, "commitments": 2,
            "reserves": 0, "alarms": 2, "caps": 2,
        }  # fmt: skip
        assert {path.stem for path in (tmp_path / "out").iterdir()} == set(FILES)
        assert {name: len(read(tmp_path / "out", name)) for name in FILES} == counts

    def test_returns_have_every_revision_in_base_units(self, session, book, tmp_path):
        export(session, tmp_path)
        first, second, third = read(tmp_path, "returns")
        assert [row["quantity"] for row in (first, second, third)] == ["85000000", "30500000", "0"]
        assert (first["right"], first["region"], first["mineral"], first["period"]) == (
            MINE,
            COUNTY,
            LIMESTONE,
            "2025-01",
        )
        assert (first["value"], first["unit"], first["lost"], first["covered"]) == (
            "85",
            "t",
            "500000",
            "full",
        )
        assert (first["superseded_at"][:10], third["voided"], third["superseded_at"]) == (
            "2025-03-05",
            "true",
            "",
        )
        assert third["reason"] == "误报"

    def test_a_text_that_looks_like_a_formula_is_guarded(self, session, book, tmp_path):
        export(session, tmp_path)
        assert read(tmp_path, "returns")[0]["note"] == "'=SUM(A1)"

    def test_movements_name_cap_return_and_balance(self, session, book, tmp_path):
        export(session, tmp_path)
        rows = read(tmp_path, "movements")
        assert [(row["seq"], row["amount"], row["balance_after"]) for row in rows] == [
            ("1", "85000000", "85000000"), ("2", "-85000000", "0"), ("3", "30500000", "30500000"),
            ("4", "-30500000", "0"),
        ]  # fmt: skip
        assert (rows[0]["cap_period"], rows[0]["period"], rows[0]["right"], rows[0]["return_period"]) == (
            "year", "2025", MINE, "2025-01",
        )  # fmt: skip

    def test_rights_name_their_permit_and_main_mineral(self, session, book, tmp_path):
        export(session, tmp_path)
        mine, well = read(tmp_path, "rights")
        assert (mine["right"], mine["mineral"], mine["permit"], mine["counted"]) == (
            MINE,
            LIMESTONE,
            f"示例-{MINE}",
            "true",
        )
        assert (well["scale_kind"], well["scale"], well["max_day"]) == ("volume", "138000000", "380000")

    def test_a_hold_has_no_right(self, session, book, tmp_path):
        export(session, tmp_path)
        licensed, hold = read(tmp_path, "commitments")
        assert (licensed["right"], licensed["amount"], licensed["commitment"]) == (
            MINE,
            "60000000",
            "licensed",
        )
        assert (hold["right"], hold["commitment"], hold["end_reason"]) == ("", "hold", "流拍")

    def test_caps_show_what_is_printed_and_the_base_figure(self, session, book, tmp_path):
        export(session, tmp_path)
        plan, amended = read(tmp_path, "caps")
        assert (plan["limit"], plan["printed_value"], plan["printed_unit"]) == ("100000000", "100", "t/年")
        assert (amended["limit"], amended["number"]) == ("200000000", "示例文〔2025〕1号")

    def test_the_same_book_gives_the_same_bytes(self, session, book, tmp_path):
        export(session, tmp_path / "a")
        export(session, tmp_path / "b")
        for name in FILES:
            assert (tmp_path / "a" / f"{name}.csv").read_bytes() == (
                tmp_path / "b" / f"{name}.csv"
            ).read_bytes()

    def test_an_empty_book_has_headings_only(self, session, tmp_path):
        assert set(export(session, tmp_path).values()) == {0}
        assert (tmp_path / "returns.csv").read_text("utf-8").startswith("right,region,id,mineral,period,")


class TestAsOf:
    def asked(self, session, tmp_path, day: str) -> dict[str, list[dict[str, str]]]:
        export(session, tmp_path / day, date.fromisoformat(day))
        return {name: read(tmp_path / day, name) for name in FILES}

    @pytest.mark.parametrize(
        ("day", "counts"),
        [
            ("2025-01-04", {"rights": 0, "returns": 0, "movements": 0, "commitments": 0, "caps": 1}),
            ("2025-01-05", {"rights": 1, "returns": 0, "movements": 0, "commitments": 1, "caps": 1}),
            ("2025-02-05", {"rights": 1, "returns": 1, "movements": 1, "commitments": 2, "caps": 1}),
            ("2025-03-04", {"rights": 1, "returns": 1, "movements": 1, "commitments": 2, "caps": 1}),
            ("2025-03-05", {"rights": 2, "returns": 1, "movements": 3, "commitments": 1, "caps": 2}),
            ("2025-04-05", {"rights": 2, "returns": 1, "movements": 4, "commitments": 1, "caps": 2}),
        ],
    )
    def test_only_what_was_known_at_the_end_of_the_day(self, session, book, tmp_path, day, counts):
        found = self.asked(session, tmp_path, day)
        assert {name: len(found[name]) for name in counts} == counts

    def test_each_return_as_it_stood(self, session, book, tmp_path):
        stood = [
            self.asked(session, tmp_path, f"2025-0{month}-05")["returns"][0]["quantity"]
            for month in (2, 3, 4)
        ]
        assert stood == ["85000000", "30500000", "0"]

    def test_nothing_of_what_came_later_shows(self, session, book, tmp_path):
        found = self.asked(session, tmp_path, "2025-02-05")
        assert (found["returns"][0]["superseded_at"], found["commitments"][1]["superseded_at"]) == ("", "")
        assert found["commitments"][1]["end_reason"] == ""

    def test_the_duties_are_those_of_then(self, session, book, tmp_path):
        set_clock(session, date(2025, 5, 5))
        open_duties(session, [book.id or 0])
        set_clock(session, date(2025, 5, 20))
        tell(session, MINE, "2025-03", "5 t")
        set_clock(session, date(2025, 6, 5))
        set_state(session, SYSTEM, MINE, OperatingState.stopped, date(2025, 4, 1), "示例停产")
        days = ("2025-05-04", "2025-05-05", "2025-05-20", "2025-06-04", "2025-06-05")
        found = [self.asked(session, tmp_path, day)["duties"] for day in days]
        assert [len(duties) for duties in found] == [0, 24, 24, 24, 3]
        assert [duties[2]["fulfilled_at"][:10] for duties in found[1:]] == ["", *["2025-05-20"] * 3]
        assert {row["dropped_at"] for duties in found for row in duties} == {""}
        export(session, tmp_path)
        assert [row["dropped_at"][:10] for row in read(tmp_path, "duties")] == [""] * 3 + ["2025-06-05"] * 21

    def test_the_permit_is_the_one_known_then(self, session, book, tmp_path):
        [old] = permits_of(session, [book.id or 0])[book.id or 0]
        old.superseded_at = clock.now(session)
        permit(session, book, "示例-新", (date(2025, 4, 5), date(2035, 1, 1))).recorded_at = clock.now(
            session
        )
        session.flush()
        numbers = [self.asked(session, tmp_path, f"2025-04-0{day}")["rights"][0]["permit"] for day in (4, 5)]
        assert numbers == [f"示例-{MINE}", "示例-新"]
