"""The demonstration's 34 rights, recomputed from the file alone."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any

import pytest

from tests.rules.demo_files import CLOCK, QUARRY, UNITS, live, of, rights, spells

LICENSED = {
    QUARRY: "260 200 150 120 110 90 80 60 50 25 15",
    "水泥用灰岩": "200 80",
    "熔剂用灰岩": "60 20",
    "建筑用砂岩": "35 25 20 12 7",
    "砖瓦用页岩": "6 4.5 3.8 2.8",
    "饰面用灰岩": "1.5 1.0",
    "饰面用白云岩": "3.0",
    "水泥配料用砂岩": "15",
    "铅矿": "9",
    "锌矿": "1.5",
    "地热": "13.8 5.4",
    "冶金用白云岩": "20",
    "石英砂岩": "8",
}
RESOURCES = ("探明", "控制", "推断")
CLASSES = {  # 大型 from, 中型 from: 万吨 or 万m³ a year; the last three are the most similar one's
    QUARRY: (10, 5), "建筑用砂岩": (10, 5), "水泥用灰岩": (100, 50), "熔剂用灰岩": (100, 50),
    "砖瓦用页岩": (30, 5), "水泥配料用砂岩": (60, 20), "铅矿": (100, 30), "锌矿": (100, 30), "地热": (20, 10),
    "冶金用白云岩": (50, 30), "石英砂岩": (30, 10), "饰面用灰岩": (10, 5), "饰面用白云岩": (10, 5),
}  # fmt: skip
TERMS = {"大型": 30, "中型": 20, "小型": 10, "待定": 10}


def rings(row: dict[str, str]) -> list[tuple[list[tuple[int, int]], int]]:
    """Corners in whole millimetres with the flag of their ring: 1 counted, -1 cut out."""
    tokens = iter(row["corners"].split(","))
    found = []
    for _ in range(int(next(tokens))):
        points = []
        for number in range(1, int(next(tokens)) + 1):
            assert int(next(tokens)) == number
            x, y = next(tokens), next(tokens)
            assert all(len(text.partition(".")[2]) == 3 for text in (x, y))
            points.append((int(x.replace(".", "")), int(y.replace(".", ""))))
        assert (next(tokens), next(tokens)) == (row["top_m"], row["bottom_m"])
        next(tokens)
        found.append((points, int(next(tokens))))
    assert next(tokens, None) is None
    return found


def twice_area(points: list[tuple[int, int]]) -> int:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*points, points[0]])))


def side(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0])


def crossing(edges: list[Any]) -> bool:
    pairs = ((a, b, c, d) for (a, b), (c, d) in combinations(edges, 2) if not {a, b} & {c, d})
    return any(side(a, b, c) != side(a, b, d) and side(c, d, a) != side(c, d, b) for a, b, c, d in pairs)


def inside(point: tuple[int, int], polygon: list[tuple[int, int]]) -> bool:
    (x, y), hits = point, 0
    for a, b in pairwise([*polygon, polygon[0]]):
        low, high = sorted((a, b), key=lambda corner: corner[1])
        hits += low[1] <= y < high[1] and side(low, high, (x, y))
    return hits % 2 == 1


def edges(points: list[tuple[int, int]]) -> list[Any]:
    return list(pairwise([*points, points[0]]))


def scale_class(row: dict[str, str]) -> str:
    """The class of the mine; building stone is judged by volume, so it needs its density."""
    if row["mineral"] == QUARRY and not row["density_t_m3"]:
        return "待定"
    volume = Decimal(row["scale"]) / (Decimal(row["density_t_m3"]) if row["mineral"] == QUARRY else 1)
    large, medium = CLASSES[row["mineral"]]
    return "大型" if volume >= large else "中型" if volume >= medium else "小型"


def large_or_medium(row: dict[str, str]) -> bool:
    return scale_class(row) in ("大型", "中型")


def is_green(row: dict[str, str]) -> bool:
    return row["green"] in ("国家级", "市级")


class TestRights:
    def test_there_are_34_and_each_is_marked_as_an_example(self):
        rows = rights().values()
        assert len(rows) == 34
        for column in ("right_no", "permit_no", "holder", "credit_code", "mine"):
            assert len({row[column] for row in rows}) == 34
        for row in rows:
            assert row["permit_no"] == "示例-" + row["right_no"]
            assert row["right_no"][3:7] == row["valid_from"][:4]
            assert row["holder"].startswith("示例")
            assert row["mine"].startswith("示例")

    @pytest.mark.parametrize(("mineral", "scales"), LICENSED.items())
    def test_licensed_scales_stand_in_the_order_of_the_page(self, mineral, scales):
        assert [row["scale"] for row in of(mineral)] == scales.split()

    def test_credit_codes_carry_both_check_characters(self):
        letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        for row in rights().values():
            code = row["credit_code"]
            assert len(code) == 18
            assert code.startswith("Y1500240")
            total = sum(letters.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
            assert code[17] == letters[-total % 31]
            body = sum(int(c, 36) * w for c, w in zip(code[8:16], (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
            assert code[16] == "0123456789X"[-body % 11]

    def test_scale_classes(self):
        found = Counter(map(scale_class, rights().values()))
        assert found == {"大型": 14, "中型": 6, "小型": 13, "待定": 1}

    def test_terms_fit_the_scale_and_the_stories_of_expiry(self):
        for row in rights().values():
            start, end = (date.fromisoformat(row[c]) for c in ("valid_from", "valid_to"))
            years = (end + timedelta(days=1)).year - start.year
            assert end + timedelta(days=1) == start.replace(year=start.year + years)
            assert years <= TERMS[scale_class(row)]
            assert row["permit_from"] >= row["valid_from"]
            assert row["permit_to"] == row["valid_to"]
        ends = sorted((date.fromisoformat(row["valid_to"]), n) for n, row in rights().items())
        assert [n for end, n in ends if end < CLOCK] == ["SZ-2015-0002"]
        left = [(end - timedelta(days=30) - CLOCK).days for end, n in ends if end >= CLOCK]
        # past, within 60 days, 3, 6 and 12 months of the last day to apply
        windows = ((-31, -1), (0, 60), (61, 89), (90, 181), (182, 365))
        assert [sum(low <= n <= high for n in left) for low, high in windows] == [1, 1, 1, 1, 2]
        assert sum(end.year > 2027 for end, _ in ends) == 25

    def test_states_at_the_end(self):
        assert Counter(spells(n)[-1][1] for n in rights()) == {
            "生产": 27, "停产": 3, "在建": 2, "筹建": 1, "关闭待注销": 1
        }  # fmt: skip
        for number, row in rights().items():
            since = [day for day, _ in spells(number)]
            assert since == sorted(since)
            assert since[0].isoformat() >= row["valid_from"]
        unopened = [r for n, r in rights().items() if spells(n)[-1][1] in ("在建", "筹建")]
        idle = {(row["mineral"], row["scale"]) for row in unopened}
        assert idle == {("建筑用砂岩", "7"), ("饰面用灰岩", "1.0"), ("熔剂用灰岩", "20")}

    def test_green_mines_by_year(self):
        rows = rights().values()
        assert Counter(r["green"] for r in rows) == {"国家级": 1, "市级": 15, "在建": 6, "无": 12}
        ends = [f"{year}-12-31" for year in range(2020, 2026)]
        built = [sum(is_green(r) and r["green_date"] <= end for r in rows) for end in ends]
        assert built == [7, 8, 9, 11, 14, 16]
        assert [sum(r["valid_from"] <= end for r in rows) for end in ends] == [33, 33, 33, 33, 34, 34]
        producing = [r for n, r in rights().items() if large_or_medium(r) and spells(n)[-1][1] == "生产"]
        assert (len(producing), sum(map(is_green, producing))) == (19, 14)

    def test_the_municipality_issues_cement_limestone_and_geothermal(self):
        issued = Counter((r["authority"], r["mineral"]) for r in rights().values())
        city = {mineral for authority, mineral in issued if authority == "重庆市规划和自然资源局"}
        county = {mineral for authority, mineral in issued if authority == "石柱土家族自治县规划和自然资源局"}
        assert city == {"水泥用灰岩", "地热"}
        assert county == LICENSED.keys() - city
        assert {r["mineral"] for r in rights().values() if r["deposit_scale"] == "中型"} == {"水泥用灰岩"}

    def test_only_the_last_quarry_and_the_wells_have_no_density(self):
        without = {r["mine"] for r in rights().values() if not r["density_t_m3"]}
        assert without == {r["mine"] for r in [of(QUARRY)[-1], *of("地热")]}
        assert all("2.65" <= r["density_t_m3"] <= "2.70" for r in of(QUARRY)[:-1])


class TestAreas:
    def test_the_area_is_that_of_the_corners(self):
        for row in rights().values():
            square = sum(flag * twice_area(points) for points, flag in rings(row))
            assert Decimal(row["area_km2"]) == (Decimal(square) / (2 * 10**12)).quantize(Decimal("0.0001"))
        shapes = Counter(tuple(flag for _, flag in rings(row)) for row in rights().values())
        assert shapes == {(1,): 32, (1, 1): 1, (1, -1): 1}

    def test_polygons_are_simple_lie_in_the_county_and_touch_nobody(self):
        outer, every = [], []
        for row in rights().values():
            for points, flag in rings(row):
                assert 5 <= len(points) <= 12
                assert not crossing(edges(points))
                assert all(3_300_000_000 < x < 3_360_000_000 for x, _ in points)
                assert all(36_498_000_000 < y < 36_552_000_000 for _, y in points)
                every += edges(points)
                if flag == 1:
                    outer.append(points)
                else:
                    assert all(inside(point, outer[-1]) for point in points)
        assert not crossing(every)
        for one, other in combinations(outer, 2):
            assert not inside(one[0], other)
            assert not inside(other[0], one)


class TestReserves:
    def test_the_end_of_2025_leaves_what_the_page_says(self):
        left = {mineral: closing(mineral) for mineral in ("水泥用灰岩", "水泥配料用砂岩", "砖瓦用页岩")}
        assert left == {"水泥用灰岩": 63_000_000, "水泥配料用砂岩": 1_410_000, "砖瓦用页岩": 810_000}
        lives = [int(10 * left[m] / sum(Decimal(r["scale"]) * 10_000 for r in of(m))) for m in left]
        assert lives == [225, 94, 47]  # tenths of a year

    def test_reserves_stay_within_the_resources_they_are_part_of(self):
        for row in rights().values():
            parts = categories(row)
            assert parts.get("证实", 0) <= parts.get("探明", 0)
            assert parts.get("可信", 0) <= parts.get("控制", 0)
            assert row["reserves_date"] == ("2024-12-31" if parts else "")
            assert bool(parts) == (row["mineral"] != "地热")


def categories(row: dict[str, str]) -> dict[str, Decimal]:
    """Opening figures by category, t or m3."""
    told = [part.split(":") for part in row["reserves"].split(";") if part]
    return {name: Decimal(text.split()[0]) * UNITS[text.split()[1]] for name, text in told}


def closing(mineral: str) -> Decimal:
    """Resources at the end of 2025: the opening less what was dug and lost; reserves are part of them."""
    told = [part for row in of(mineral) for part in categories(row).items()]
    opening = sum((figure for name, figure in told if name in RESOURCES), Decimal(0))
    return opening - sum((r.quantity + r.lost for r in live().values() if r.mineral == mineral), Decimal(0))
