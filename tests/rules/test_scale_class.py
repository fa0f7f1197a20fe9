"""The class of a mine is derived: from its scale, its line of the table, and its own density."""

from pathlib import Path
from typing import Any

import pytest

from registry.kernel.density import parse_density
from registry.kernel.errors import Invalid
from registry.kernel.quantity import parse
from registry.kernel.strict_yaml import read_yaml
from registry.kernel.vocabulary import Confidence, MiningMethod, PendingReason, ScaleClass
from registry.minerals.rules import Classified, Known, Line, Pending, read_lines, read_minerals, scale_class

SEED = Path(__file__).parents[2] / "seed"


def line(
    unit: str, large: str | None, small: str | None, mark: str = "V", method: MiningMethod | None = None
) -> Line:
    large_from, small_below = (value and parse(f"{value} {unit}") for value in (large, small))
    kind = parse(f"0 {unit}").kind
    return Line(
        "某行",
        f"{unit}/年",
        kind,
        large_from or None,
        small_below or None,
        None,
        mark,
        Confidence.b,
        "表",
        None,
        method,
    )


LIMESTONE = line("万吨", "100", "50")
QUARRY = line("万立方米", "10", "5")


class TestWithinOneKind:
    @pytest.mark.parametrize(
        ("scale", "expected"),
        [
            ("1000000 t", ScaleClass.large),
            ("999999.999999 t", ScaleClass.medium),
            ("50 万吨", ScaleClass.medium),
            ("499999.999999 t", ScaleClass.small),
            ("0 t", ScaleClass.small),
        ],
    )
    def test_large_begins_at_its_figure_and_small_ends_below_its_own(self, scale, expected):
        found = scale_class(parse(scale), [LIMESTONE])
        assert found == Classified(expected, LIMESTONE, converted=False)
        assert found.label == expected.label

    def test_a_line_without_thresholds_is_always_small(self):
        always = line("万吨", None, None)
        assert scale_class(parse("500 万吨"), [always]) == Classified(ScaleClass.small, always)
        assert scale_class(None, [always]) == Classified(ScaleClass.small, always)

    def test_the_line_says_what_the_class_rests_on(self):
        found = scale_class(parse("3 万m³"), [line("万立方米", "10", "5", mark="assumption")])
        assert isinstance(found, Classified)
        assert found.line.assumed
        assert (found.line.mark, found.line.confidence) == ("assumption", Confidence.b)
        assert not LIMESTONE.assumed


class TestAcrossKinds:
    @pytest.mark.parametrize(
        ("scale", "expected"),
        [
            ("26.5 万吨", ScaleClass.large),  # 100,000 m³ exactly at 2.65 t/m³
            ("26.49999 万吨", ScaleClass.medium),
            ("13.25 万吨", ScaleClass.medium),
            ("13.24999 万吨", ScaleClass.small),
        ],
    )
    def test_tonnes_become_volume_by_the_rights_own_density(self, scale, expected):
        found = scale_class(parse(scale), [QUARRY], parse_density("2.65"))
        assert found == Classified(expected, QUARRY, converted=True)

    def test_half_a_litre_goes_to_the_even_one(self):
        # 99,999,999.5 l at 1 t/m³ becomes 100,000,000 l, the first large one; 99,999,998.5 becomes …998.
        one = parse_density("1")
        assert scale_class(parse("99999.9995 t"), [QUARRY], one).label == "大型"
        assert scale_class(parse("99999.9985 t"), [QUARRY], one).label == "中型"

    def test_volume_becomes_tonnes_too(self):
        found = scale_class(parse("40 万m³"), [LIMESTONE], parse_density("2.5"))
        assert found == Classified(ScaleClass.large, LIMESTONE, converted=True)

    def test_a_density_is_not_used_where_the_kinds_agree(self):
        found = scale_class(parse("10 万m³"), [QUARRY], parse_density("2.65"))
        assert found == Classified(ScaleClass.large, QUARRY, converted=False)


class TestPending:
    def test_without_density(self):
        found = scale_class(parse("15 万吨"), [QUARRY])
        assert found == Pending(PendingReason.no_density, QUARRY)
        assert (found.label, PendingReason.no_density.label) == ("待定", "规模分类按体积，缺该矿体积质量")

    def test_without_line(self):
        assert scale_class(parse("15 万吨"), []) == Pending(PendingReason.no_line)

    def test_without_scale(self):
        assert scale_class(None, [LIMESTONE]) == Pending(PendingReason.no_scale, LIMESTONE)


class TestLinesByMethod:
    COAL = (
        line("万吨", "120", "45", method=MiningMethod.underground),
        line("万吨", "400", "100", method=MiningMethod.open_pit),
    )

    @pytest.mark.parametrize(
        ("method", "expected"), [(MiningMethod.underground, "大型"), (MiningMethod.open_pit, "中型")]
    )
    def test_the_method_chooses(self, method, expected):
        assert scale_class(parse("200 万吨"), self.COAL, method=method).label == expected

    @pytest.mark.parametrize("method", [None, MiningMethod.combined])
    def test_without_a_method_of_the_table_there_is_none(self, method):
        assert scale_class(parse("200 万吨"), self.COAL, method=method) == Pending(PendingReason.no_method)


MINERAL: dict[str, Any] = {
    "name": "石灰岩", "code": "83900", "class": "8", "quantity": "mass", "aliases": ["灰岩"],
    "code_source": "某表", "confidence": "C",
}  # fmt: skip
ROW: dict[str, Any] = {
    "applies_to": ["石灰岩"], "line": "石灰岩", "unit": "矿石万吨/年", "large_from": "100",
    "small_below": "50", "mark": "V", "confidence": "B", "source": "某表",
}  # fmt: skip
OTHER = {"name": "白云岩", "code": "83940", "aliases": []}


class TestTheFiles:
    @pytest.fixture
    def catalogue(self) -> dict[str, Known]:
        return {m.name: Known(m.name, m.kind) for m in read_minerals([MINERAL, MINERAL | OTHER])}

    def test_the_seed_is_read_whole(self):
        minerals = read_minerals(read_yaml((SEED / "minerals.yaml").read_bytes()))
        catalogue = {m.name: Known(m.name, m.kind) for m in minerals}
        rows = read_lines(read_yaml((SEED / "scale_classes.yaml").read_bytes()), catalogue)
        by_mineral = {mineral: row.line for row in rows for mineral in row.minerals}
        assert by_mineral["建筑石料用灰岩"].large_from == parse("100000 m3")
        assert by_mineral["砖瓦用页岩"].small_below == parse("50000 t")
        assert by_mineral["饰面用灰岩"].assumed

    @pytest.mark.parametrize(
        ("change", "code", "field"),
        [
            ({"code": "8390"}, "code_malformed", "minerals[0].code"),
            ({"code": "63900"}, "class_differs", "minerals[0].class"),
            ({"quantity": "weight"}, "word_unknown", "minerals[0].quantity"),
            ({"confidence": "Z"}, "word_unknown", "minerals[0].confidence"),
            ({"aliases": ["石灰岩"]}, "catalogue_collision", "minerals[0].aliases"),
            ({"aliases": "灰岩"}, "not_a_list", "minerals[0].aliases"),
            ({"name": None}, "value_missing", "minerals[0].name"),
            ({"colour": "grey"}, "key_unknown", "minerals[0].colour"),
        ],
    )
    def test_a_mineral_that_cannot_be_read(self, change, code, field):
        with pytest.raises(Invalid) as caught:
            read_minerals([MINERAL | change])
        assert (caught.value.code, caught.value.field) == (code, field)
        assert caught.value.accepted

    @pytest.mark.parametrize(
        "change",
        [
            {"code": "83900"},
            {"name": "灰岩"},
            {"aliases": ["灰岩"]},
            {"aliases": ["83900"]},
        ],
    )
    def test_no_word_may_mean_two_minerals(self, change):
        with pytest.raises(Invalid) as caught:
            read_minerals([MINERAL, MINERAL | OTHER | change])
        assert (caught.value.code, caught.value.facts["other"]) == ("catalogue_collision", "石灰岩")
        assert caught.value.field.startswith("minerals[1]")

    @pytest.mark.parametrize(
        ("change", "code", "field"),
        [
            ({"applies_to": ["花岗岩"]}, "mineral_unknown", "scale_classes[0].applies_to[0]"),
            ({"small_below": "101"}, "thresholds_crossed", "scale_classes[0].small_below"),
            ({"small_below": None}, "thresholds_crossed", "scale_classes[0].small_below"),
            ({"unit": "矿石万吨"}, "rate_expected", "scale_classes[0].unit"),
            ({"unit": "立方米/日"}, "wrong_period", "scale_classes[0].unit"),
            ({"large_from": "-1"}, "negative", "scale_classes[0].large_from"),
            ({"mark": "X"}, "word_unknown", "scale_classes[0].mark"),
            ({"method": "blasting"}, "word_unknown", "scale_classes[0].method"),
        ],
    )
    def test_a_line_that_cannot_be_read(self, catalogue, change, code, field):
        with pytest.raises(Invalid) as caught:
            read_lines([ROW | change], catalogue)
        assert (caught.value.code, caught.value.field) == (code, field)

    def test_a_mineral_follows_one_line_for_each_method(self, catalogue):
        open_pit, underground = ROW | {"method": "open_pit"}, ROW | {"method": "underground"}
        assert len(read_lines([open_pit, underground], catalogue)) == 2
        for rival in (ROW, open_pit):
            with pytest.raises(Invalid, match="scale_line_twice"):
                read_lines([open_pit, rival], catalogue)
