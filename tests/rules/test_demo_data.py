"""The demonstration's returns and calendar, recomputed from the files alone."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

import pytest
import yaml

from tests.rules.demo_files import (
    CLOCK,
    DEMO,
    QUARRY,
    SEED,
    UNITS,
    arrivals,
    dug,
    live,
    of,
    read,
    rights,
    spells,
    steps,
)

HEADER = (
    "right_no,permit_no,permit_from,permit_to,holder,credit_code,address,economic_type,mine,region,township,"
    "mineral,associated,kind,scale,scale_unit,max_day,max_day_unit,method,area_km2,top_m,bottom_m,corners,valid_from,"
    "valid_to,authority,state,green,green_date,deposit_scale,density_t_m3,reserves,reserves_date"
)
OUTPUT = {  # t or m3
    QUARRY: "12216000", "水泥用灰岩": "2630000", "熔剂用灰岩": "572000", "建筑用砂岩": "796000",
    "砖瓦用页岩": "159000", "饰面用灰岩": "14000", "饰面用白云岩": "19000", "水泥配料用砂岩": "128000",
    "铅矿": "62000", "锌矿": "11000", "冶金用白云岩": "140000", "石英砂岩": "50000",
    "地热": "144175",  # a mean of 395 m3 over 365 days
}  # fmt: skip
# 万吨, in the order of rights.csv
QUARRIES = ["268", "236", "171", "121", "126.5", "92", "79", "52", "46", "18.6", "11.5"]
MISSING = {("SZ-2019-0004", "2025-07"), ("SZ-2019-0001", "2025-12")}


class TestFiles:
    def test_they_are_utf8_with_plain_line_ends_and_the_header_of_the_contract(self):
        for path in DEMO.glob("*"):
            assert b"\r" not in path.read_bytes()
            assert path.read_text(encoding="utf-8").endswith("\n")
        assert (DEMO / "rights.csv").read_text(encoding="utf-8").partition("\n")[0] == HEADER
        returns = {path.read_text(encoding="utf-8").partition("\n")[0] for path in DEMO.glob("returns-*.csv")}
        assert returns == {"right_no,mineral,period,quantity,unit,lost,lost_unit,nil,note"}

    def test_the_calendar_runs_forward_and_takes_every_row_once(self):
        days = [step["day"] for step in steps("import", "record", "state", "nightly")]
        assert days == sorted(days)
        assert (days[0], days[-1]) == (date(2025, 1, 2), CLOCK)
        assert [s["file"] for s in steps("import") if s["what"] == "rights"] == ["rights.csv"]
        assert all((DEMO / step["file"]).exists() for step in steps("import"))
        rows = sum(len(read(path.name)) for path in DEMO.glob("returns-*.csv"))
        assert len(arrivals()) == rows + len(steps("record"))

    def test_a_month_is_returned_on_the_third_to_eighth_of_the_next_in_two_to_four_steps(self):
        days: dict[str, list[date]] = {}
        for step in steps("import"):
            if step["what"] == "returns":
                days.setdefault(step["file"][8:15], []).append(step["day"])
        for month, came in days.items():
            after = (date.fromisoformat(f"{month}-28") + timedelta(days=4)).strftime("%Y-%m")
            assert {f"{day:%Y-%m}" for day in came} == {after}
            assert all(3 <= day.day <= 8 for day in came)
            assert 2 <= len(came) <= 4
        assert len(days) == 12

    def test_the_real_mines_say_only_what_the_plan_says(self):
        plan = (SEED / "plans" / "shizhu-2021-2025.yaml").read_text(encoding="utf-8")
        clauses = {clause["id"]: clause["text"] for clause in yaml.safe_load(plan)["clauses"]}
        mines = yaml.safe_load((DEMO / "real_mines.yaml").read_text(encoding="utf-8"))["mines"]
        assert len(mines) == 2
        for mine in mines:
            assert mine["name"] in clauses[mine["clause"]]
            assert mine["name"] in mine["quote"]
            assert (mine["place"] or "") in mine["name"]
            assert (mine["mineral"] or "") in mine["name"]


class TestOutput:
    @pytest.mark.parametrize(("mineral", "total"), OUTPUT.items())
    def test_a_mineral_reaches_its_figure(self, mineral, total):
        assert dug(mineral=mineral) == Decimal(total)

    def test_no_other_mineral_is_returned(self):
        assert {one.mineral for one in arrivals()} == set(OUTPUT)

    def test_each_quarry_reaches_its_figure(self):
        figures = [dug(right=row["right_no"]) / 10_000 for row in of(QUARRY)]
        assert figures == [Decimal(figure) for figure in QUARRIES]

    def test_limestone_by_month(self):
        months = [dug(mineral=QUARRY, period=f"2025-{month:02d}") for month in range(1, 13)]
        percent = "6.0 3.5 8.5 9.2 9.5 7.8 7.3 8.0 9.5 10.4 10.6 9.7"
        assert [f"{100 * month / 12_216_000:.1f}" for month in months] == percent.split()
        summed = [total / 10_000 for total in accumulate(months)]
        assert [str(total.normalize()) for total in summed[8:]] == ["846.6", "973.6", "1103.1", "1221.6"]
        assert summed[1] < 120 < summed[2]  # the brief's figure breaks in March

    def test_the_cap_is_passed_by_the_biggest_quarry_on_8_january(self):
        biggest = of(QUARRY)[0]["right_no"]
        assert crossing(QUARRY, "mineral", 12_000_000) == (date(2026, 1, 8), biggest, "2025-12")
        assert crossing(QUARRY, "mineral", 9_600_000)[2] == "2025-10"
        assert crossing(QUARRY, "mineral", 10_800_000)[2] == "2025-11"

    def test_who_passes_a_permit_and_in_which_order(self):
        limits = {n: Decimal(r["scale"]) * 10_000 for n, r in rights().items()}
        passed = sorted(crossing(n, "right", limits[n]) for n in rights() if dug(right=n) > limits[n])
        order = [(rights()[right]["scale"], month) for _, right, month in passed]
        assert order == [
            ("200", "2025-10"), ("150", "2025-11"), ("110", "2025-11"),
            ("90", "2025-12"), ("120", "2025-12"), ("260", "2025-12"),
        ]  # fmt: skip
        assert {rights()[right]["mineral"] for _, right, _ in passed} == {QUARRY}

    def test_every_unit_is_used(self):
        assert {one.unit for one in arrivals()} == set(UNITS)


class TestGeothermal:
    def test_every_day_is_returned_and_only_1_february_passes_600(self):
        days = Counter(one.period for one in live().values() if one.mineral == "地热")
        assert len(days) == 365
        assert set(days.values()) == {2}
        over = {day: dug(mineral="地热", period=day) for day in days if dug(mineral="地热", period=day) > 600}
        assert over == {"2025-02-01": Decimal("618.4")}

    def test_on_that_day_alone_a_well_passes_its_own_maximum(self):
        wells = {row["right_no"]: Decimal(row["max_day"]) for row in of("地热")}
        assert sorted(wells.values()) == [150, 380]
        over = [r.period for r in live().values() if r.mineral == "地热" and r.quantity > wells[r.right]]
        assert over == ["2025-02-01"] * 2


class TestTroubles:
    def test_two_returns_never_come(self):
        months = [f"2025-{month:02d}" for month in range(1, 13)]
        monthly = [number for number, row in rights().items() if row["mineral"] != "地热"]
        owed = {(number, month) for number in monthly for month in months if produces(number, month)}
        assert owed - live().keys() == MISSING
        assert {key for key in live().keys() - owed if len(key[1]) == 7} == set()

    def test_one_nil_return(self):
        (nil,) = (one for one in arrivals() if one.nil)
        assert nil.quantity == 0
        assert all(one.quantity > 0 for one in arrivals() if one is not nil)

    def test_one_correction_of_limestone_in_december(self):
        (fixed,) = (one for one in arrivals() if one.correct)
        both = [o for o in arrivals() if (o.right, o.period) == (fixed.right, fixed.period)]
        first = both[0]
        assert both == [first, fixed]
        assert (fixed.mineral, fixed.period) == (QUARRY, "2025-12")
        assert [first.quantity, fixed.quantity] == [Decimal(54_800), Decimal(45_800)]
        before = dug(right=fixed.right) - fixed.quantity + first.quantity
        assert before < Decimal(rights()[fixed.right]["scale"]) * 10_000  # no false alarm on the permit

    def test_three_late_returns(self):
        assert [(s["mineral"], s["period"]) for s in steps("record") if not s.get("correct")] == [
            ("熔剂用灰岩", "2025-04"), ("砖瓦用页岩", "2025-05"), ("铅矿", "2025-08")
        ]  # fmt: skip

    def test_the_expired_right_still_reports(self):
        ((number, end),) = ((n, r["valid_to"]) for n, r in rights().items() if r["valid_to"] < "2026-01-31")
        assert end == "2025-08-31"
        assert dug(right=number, period="2025-12") > 0


def crossing(key: str, field: str, limit: Decimal | int) -> tuple[date, str, str]:
    """The day, right and period of the one return with which the running sum of `key` passes `limit`."""
    found, total, seen = [], Decimal(0), dict[tuple[str, str], Decimal]()
    for one in arrivals():
        if getattr(one, field) == key:
            change = one.quantity - seen.get((one.right, one.period), 0)
            if total <= limit < total + change:
                found.append((one.day, one.right, one.period))
            total, seen[one.right, one.period] = total + change, one.quantity
    assert len(found) == 1
    return found[0]


def produces(number: str, month: str) -> bool:
    """Whether the mine was producing on the first of the month; all changes fall on a first."""
    return [state for since, state in spells(number) if since.isoformat() <= f"{month}-01"][-1:] == ["生产"]
