"""The seed's catalogues: minerals, scale classes and regions against figures typed by hand."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

SEED = Path(__file__).parents[2] / "seed"
WAN_T = "矿石万吨/年"

# the 13 controlled minerals: line of the 2004 table, unit, large from, small below, seen or assumed
CONTROLLED = {
    "铅矿": ("铜、铅、锌、钨、锡、锑、钼、镍", WAN_T, "100", "30", "P"),
    "锌矿": ("铜、铅、锌、钨、锡、锑、钼、镍", WAN_T, "100", "30", "P"),
    "水泥用灰岩": ("石灰岩", WAN_T, "100", "50", "V"),
    "建筑石料用灰岩": ("建筑石料", "万立方米/年", "10", "5", "V"),
    "熔剂用灰岩": ("石灰岩", WAN_T, "100", "50", "V"),
    "饰面用灰岩": ("建筑石料", "万立方米/年", "10", "5", "assumption"),
    "饰面用白云岩": ("建筑石料", "万立方米/年", "10", "5", "assumption"),
    "水泥配料用砂岩": ("水泥用砂岩", WAN_T, "60", "20", "V"),
    "建筑用砂岩": ("建筑石料", "万立方米/年", "10", "5", "assumption"),
    "砖瓦用页岩": ("页岩", WAN_T, "30", "5", "R"),
    "地热": ("地热(热水)", "万立方米/年", "20", "10", "P"),
    "冶金用白云岩": ("白云岩", WAN_T, "50", "30", "V"),
    "石英砂岩": ("玻璃用砂、砂岩", WAN_T, "30", "10", "assumption"),
}
CODES = {
    "铅矿": "32007", "锌矿": "32008", "水泥用灰岩": "83906", "建筑石料用灰岩": "83907", "熔剂用灰岩": "63904",
    "饰面用灰岩": "83908", "饰面用白云岩": None, "水泥配料用砂岩": "83973", "建筑用砂岩": "83978",
    "砖瓦用页岩": "84132", "地热": "17050", "冶金用白云岩": "63941", "石英砂岩": None, "砖瓦用粘土": "84412",
}  # fmt: skip


def load(name: str) -> Any:
    return yaml.safe_load((SEED / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def minerals() -> Any:
    return load("minerals.yaml")


@pytest.fixture(scope="module")
def resolved(minerals) -> dict[str, str]:
    """Every word of the catalogue with the mineral it means."""
    return {word: m["name"] for m in minerals for word in (m["name"], *m["aliases"])}


@pytest.fixture(scope="module")
def lines() -> Any:
    return load("scale_classes.yaml")


@pytest.fixture(scope="module")
def regions() -> Any:
    return load("regions.yaml")


class TestMinerals:
    def test_no_word_means_two_minerals(self, minerals):
        words = [word for m in minerals for word in (m["name"], *m["aliases"])]
        assert sorted(words) == sorted(set(words))

    def test_no_code_is_used_twice(self, minerals):
        codes = [m["code"] for m in minerals if m["code"]]
        assert len(codes) == len(set(codes))

    def test_code_and_class_agree(self, minerals):
        for m in minerals:
            if m["code"] not in (None, "99999"):  # 其他矿产 is outside the classes
                assert re.fullmatch(r"[1-9]\d{4}", m["code"])
                assert m["class"] == m["code"][0]
            assert m["quantity"] in ("mass", "volume")
            assert m["code_source"]
            assert m["confidence"] == "C" or "代码表未列" in m["code_source"] or m["name"] == "建筑用白云岩"

    def test_codes(self, minerals):
        assert {m["name"]: m["code"] for m in minerals if m["name"] in CODES} == CODES

    def test_the_names_of_the_plans_are_aliases(self, resolved):
        printed = {"铅": "铅矿", "锌": "锌矿", "煤炭": "煤", "水泥用石灰岩": "水泥用灰岩", "地热水": "地热",
                   "熔剂用石灰岩": "熔剂用灰岩", "汞": "汞矿"}  # fmt: skip
        assert {word: resolved[word] for word in printed} == printed
        assert resolved["砖瓦用粘土"] != resolved["砖瓦用页岩"]


class TestScaleClasses:
    def test_the_13_minerals_are_those_that_the_plan_controls(self, resolved):
        plan = load("plans/shizhu-2021-2025.yaml")
        assert {resolved[cap["mineral"]] for cap in plan["caps"]} == set(CONTROLLED)

    def test_every_controlled_mineral_has_exactly_one_line(self, lines):
        found = {
            name: [(s["line"], s["unit"], s["large_from"], s["small_below"], s["mark"])
                   for s in lines if name in s["applies_to"]]
            for name in CONTROLLED
        }  # fmt: skip
        assert found == {name: [line] for name, line in CONTROLLED.items()}

    def test_no_mineral_follows_two_lines(self, lines):
        names = [name for s in lines for name in s["applies_to"]]
        assert sorted(names) == sorted(set(names))

    def test_a_line_that_depends_on_the_method_names_no_mineral(self, lines):
        by_method = [s["line"] for s in lines if not s["applies_to"]]
        assert by_method == ["煤(地下开采)", "煤(露天开采)", "铁(地下开采)", "铁(露天开采)"]

    def test_every_name_is_in_the_catalogue(self, lines, minerals):
        names = {m["name"] for m in minerals}
        assert [n for s in lines for n in s["applies_to"] if n not in names] == []

    def test_an_assumption_is_marked_and_reasoned(self, lines):
        for s in lines:
            assert s["mark"] in ("V", "P", "R", "assumption")
            assert (s["confidence"] == "D") == (s["mark"] in ("R", "assumption"))
            assert s["mark"] == "V" or s["note"]
            assert s["source"] == "国土资发〔2004〕208号"


class TestRegions:
    def test_the_municipality_and_its_38(self, regions):
        top, *counties = regions
        assert (top["code"], top["name"], top["parent"], top["letters"]) == ("500000", "重庆市", None, "CQ")
        assert len({c["code"] for c in counties}) == len(counties) == 38
        assert {(c["parent"], c["level"]) for c in counties} == {("500000", "county")}
        names = [c["name"] for c in counties]
        autonomous = sum(n.endswith("自治县") for n in names)
        assert (sum(n.endswith("区") for n in names), autonomous) == (26, 4)
        assert sum(n.endswith("县") for n in names) - autonomous == 8

    def test_shizhu_and_its_townships(self, regions):
        (shizhu,) = [r for r in regions if r["code"] == "500240"]
        assert (shizhu["name"], shizhu["letters"]) == ("石柱土家族自治县", "SZ")
        assert len(set(shizhu["townships"])) == len(shizhu["townships"]) == 33
        assert set(shizhu["townships"]) >= {
            "鱼池镇", "王家乡", "六塘乡", "万朝镇", "大歇镇", "沙子镇", "龙潭乡", "下路街道", "三河镇",
            "悦崃镇", "南宾街道", "临溪镇", "新乐乡", "马武镇", "黄水镇", "冷水镇",
        }  # fmt: skip
