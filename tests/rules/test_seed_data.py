"""The seed's plans against figures typed by hand from the printed texts."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

SEED = Path(__file__).parents[2] / "seed"
SECTIONS = ("caps", "indicators", "reserves", "restrictions", "zones", "planned_rights")

# 专栏11: 矿种, 计量单位, 开采总量, 属性
BOX_11 = [
    ("铅矿", "矿石万吨/年", "20", "预期性"),
    ("锌矿", "矿石万吨/年", "2", "预期性"),
    ("水泥用灰岩", "矿石万吨/年", "300", "约束性"),
    ("建筑石料用灰岩", "矿石万吨/年", "1200", "约束性"),
    ("熔剂用灰岩", "矿石万吨/年", "110", "预期性"),
    ("饰面用灰岩", "矿石万立方米/年", "5", "预期性"),
    ("饰面用白云岩", "矿石万立方米/年", "10", "预期性"),
    ("水泥配料用砂岩", "矿石万吨/年", "20", "预期性"),
    ("建筑用砂岩", "矿石万立方米/年", "130", "预期性"),
    ("砖瓦用页岩", "矿石万吨/年", "17.6", "预期性"),
    ("地热", "立方米/日", "600", "预期性"),
]
NAMED_IN_PROSE = [
    "水泥用灰岩", "建筑石料用灰岩", "熔剂用灰岩", "饰面用灰岩", "冶金用白云岩", "饰面用白云岩",
    "水泥配料用砂岩", "石英砂岩", "砖瓦用页岩", "地热水",
]  # fmt: skip
# 专栏2: 矿产, 单位, 2015年, 2020年
BOX_2 = [
    ("煤炭", "亿吨", "0.7418", "0.7418"),
    ("铁矿", "亿吨", "0.08817", "0.08817"),
    ("铅矿", "万吨", "44.0", "44.0"),
    ("锌矿", "万吨", "8.5", "8.5"),
    ("水泥用石灰岩", "万吨", "8760", "7557"),
    ("建筑石料用灰岩", "万吨", "4204", "161238.5"),
    ("玻璃用砂岩", "万吨", "12631", "12631"),
    ("水泥配料用砂岩", "万吨", "0", "201.5"),
    ("砖瓦用页岩", "万吨", "289", "160.7"),
]
# code, 2020年, 2025年, unit, comparison, 属性 (None: not printed)
COUNTY_INDICATORS = [
    ("mine_count", None, "55", "个", "planned", None),
    ("green_mine_share", "20.6", "48", "%", "target", False),
    ("historic_restoration_area", "0.12", "0.75", "平方公里", "target", False),
]
MUNICIPAL_INDICATORS = [
    ("mine_count", None, "1200", "个", "at_most", None),
    ("large_medium_share", None, "60", "%", "at_least", None),
    ("construction_limestone_large_medium_share", None, "65", "%", "at_least", None),
    ("municipal_green_mine_share", "20", "60", "%", "at_least", False),
    ("large_medium_producing_green", None, None, "%", "all", None),
    ("historic_restoration_area", "28", "24.5", "平方公里", "target", False),
    ("new_large_medium_deposits", "34", "10", "处", "target", False),
]


def load(name: str) -> Any:
    return yaml.safe_load((SEED / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def county() -> Any:
    return load("plans/shizhu-2021-2025.yaml")


@pytest.fixture(scope="module")
def municipality() -> Any:
    return load("plans/chongqing-2021-2025.yaml")


@pytest.fixture(scope="module")
def minerals() -> Any:
    return load("minerals.yaml")


@pytest.fixture(scope="module")
def resolved(minerals) -> dict[str, str]:
    """Every word of the catalogue with the mineral it means."""
    return {word: m["name"] for m in minerals for word in (m["name"], *m["aliases"])}


def indicators(plan) -> list[tuple[Any, ...]]:
    return [
        (i["code"], i.get("baseline"), i["value"], i["unit"], i["comparison"], i["binding"])
        for i in plan["indicators"]
    ]


class TestCountyPlan:
    def test_the_document_has_no_number(self, county):
        document = county["document"]
        assert document["number"] is None
        assert (document["region"], document["level"]) == ("500240", "county")
        assert (str(document["valid_from"]), str(document["valid_to"])) == ("2021-01-01", "2025-12-31")

    def test_box_11_is_reproduced(self, county):
        words = {True: "约束性", False: "预期性"}
        table = [c for c in county["caps"] if c["clause"] == "专栏11"]
        assert [(c["mineral"], c["unit"], c["value"], words[c["binding"]]) for c in table] == BOX_11
        assert [c["mineral"] for c in table if c["period"] == "day"] == ["地热"]

    def test_two_controlled_minerals_have_no_figure(self, county):
        rest = [c for c in county["caps"] if c["clause"] != "专栏11"]
        assert [c["mineral"] for c in rest] == ["冶金用白云岩", "石英砂岩"]
        assert all(c["value"] is c["unit"] is c["binding"] is None for c in rest)
        assert {c["clause"] for c in rest} == {"第七章第三节一"}

    def test_prose_and_table_together_make_13_minerals(self, county, resolved):
        table, prose = {resolved[row[0]] for row in BOX_11}, {resolved[name] for name in NAMED_IN_PROSE}
        assert (len(table), len(prose), len(table | prose)) == (11, 10, 13)
        assert {resolved[c["mineral"]] for c in county["caps"]} == table | prose

    def test_the_prose_names_them(self, county):
        (clause,) = [c["text"] for c in county["clauses"] if c["id"] == "第七章第三节一"]
        assert "、".join(NAMED_IN_PROSE[:-1]) + "和地热水等13个矿种" in clause

    def test_box_2_is_reproduced(self, county):
        rows = [(r["mineral"], r["year"], r["value"], r["unit"], r["clause"]) for r in county["reserves"]]
        expected = [(m, y, v, u, "专栏2") for m, u, a, b in BOX_2 for y, v in ((2015, a), (2020, b))]
        assert rows == expected
        assert len(rows) == 18

    def test_indicators(self, county):
        assert indicators(county) == COUNTY_INDICATORS
        assert [i["printed"] for i in county["indicators"] if i.get("cumulative")] == ["【0.75】"]

    def test_zones(self, county):
        assert [z["name"] for z in county["zones"]] == [
            "新乐—马武镇饰面石材产业区",
            "六塘乡建筑石料产业区",
            "万朝镇建筑石料产业区",
            "鱼池—王家乡新型绿色建材产业区",
        ]

    def test_planned_rights(self, county):
        (planned,) = county["planned_rights"]
        assert (planned["place"], planned["count"], planned["clause"]) == ("鱼池—王家一带", 4, "专栏12")
        assert planned["minerals"] == ["石灰岩", "砂岩"]

    def test_sites_add_up_by_kind_and_by_size(self, county):
        (text,) = [c["text"] for c in county["clauses"] if c["id"] == "第一章第一节三"]
        total, *parts = [int(n) for n in re.findall(r"(\d+)处", text)]
        assert parts == [10, 29, 27, 5, 7, 36, 18]
        assert total == sum(parts[:3]) == sum(parts[3:]) == 66

    def test_it_restricts_nothing_itself(self, county):
        assert county["restrictions"] == []


class TestMunicipalPlan:
    def test_the_document(self, municipality):
        document = municipality["document"]
        assert document["number"] == "渝府发〔2021〕44号"
        assert (document["region"], document["level"]) == ("500000", "municipality")
        assert (str(document["valid_from"]), str(document["valid_to"])) == ("2021-01-01", "2025-12-31")

    def test_three_caps_without_printed_attribute(self, municipality):
        keys = ("mineral", "value", "unit", "period", "approximate")
        assert [tuple(c.get(k) for k in keys) for c in municipality["caps"]] == [
            ("地热水", "10", "万立方米/天", "day", True),
            ("水泥用灰岩", "10000", "万吨/年", "year", None),
            ("建筑石料用灰岩", "35900", "万吨/年", "year", None),
        ]
        assert {c["binding"] for c in municipality["caps"]} == {None}
        assert {c["clause"] for c in municipality["caps"]} == {"第七章第三节“加强开发利用强度调控”"}

    def test_indicators(self, municipality):
        assert indicators(municipality) == MUNICIPAL_INDICATORS
        cumulative = [i["printed"] for i in municipality["indicators"] if i.get("cumulative")]
        assert cumulative == ["【24.5】", "【10】"]

    def test_restrictions(self, municipality):
        by_kind = {
            kind: [r["mineral"] for r in municipality["restrictions"] if r["kind"] == kind]
            for kind in ("prohibited", "restricted")
        }
        assert by_kind == {
            "prohibited": ["汞", "砖瓦用粘土"],
            "restricted": ["耐火粘土", "高岭石粘土", "硫铁矿", "水泥用灰岩"],
        }
        assert len(municipality["restrictions"]) == 6


@pytest.mark.parametrize("name", ["shizhu-2021-2025", "chongqing-2021-2025"])
class TestEveryPlan:
    @pytest.fixture
    def plan(self, name):
        return load(f"plans/{name}.yaml")

    def test_every_line_cites_a_clause_that_exists(self, plan):
        ids = [c["id"] for c in plan["clauses"]]
        cited = {line["clause"] for section in SECTIONS for line in plan[section]}
        assert len(ids) == len(set(ids))
        assert cited | {n["about"] for n in plan["notes"]} <= set(ids)

    def test_no_clause_stands_idle(self, plan):
        cited = {line["clause"] for section in SECTIONS for line in plan[section]}
        notes = "".join(n["about"] + n["text"] for n in plan["notes"])
        assert [c["id"] for c in plan["clauses"] if c["id"] not in cited and c["id"] not in notes] == []

    def test_figures_are_strings_and_stand_in_their_clause(self, plan):
        text = {c["id"]: c["text"] for c in plan["clauses"]}
        for line in (*plan["caps"], *plan["indicators"], *plan["reserves"]):
            if line["value"] is not None:
                assert isinstance(line["value"], str)
                figure = rf"(?<![\d.]){re.escape(line['value'])}(?![\d.])"
                assert re.search(figure, text[line["clause"]]), line

    def test_every_mineral_resolves(self, plan, resolved):
        named = [line["mineral"] for section in SECTIONS for line in plan[section] if "mineral" in line]
        named += [m for line in (*plan["zones"], *plan["planned_rights"]) for m in line["minerals"]]
        assert [m for m in named if m not in resolved] == []

    def test_caps_measure_what_the_catalogue_says(self, plan, resolved, minerals):
        quantity = {m["name"]: m["quantity"] for m in minerals}
        for cap in plan["caps"]:
            if cap["unit"] is not None:
                printed = "volume" if "立方米" in cap["unit"] else "mass"
                assert quantity[resolved[cap["mineral"]]] == printed, cap
