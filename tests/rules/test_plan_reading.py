"""A plan file is judged field by field; what cannot be read is named with its place in the file."""

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from registry.kernel.errors import Invalid, SeveralInvalid
from registry.kernel.quantity import parse, parse_rate
from registry.kernel.strict_yaml import LARGEST_FILE, read_yaml
from registry.kernel.vocabulary import CapPeriod, Comparison, Kind, RestrictionKind
from registry.minerals.rules import Known, read_minerals
from registry.plans.rules import read_amendment, read_plan, remainders
from registry.wording import TEXTS, problem
from seed.catalogue import plan_with_limestone_cap

SEED = Path(__file__).parents[2] / "seed"
PLAN: dict[str, Any] = {
    "document": {
        "title": "某县规划", "number": "某府发〔2021〕1号", "region": "500240", "level": "county",
        "valid_from": "2021-01-01", "valid_to": "2025-12-31",
    },
    "clauses": [{"id": "专栏1", "text": "锌矿 2，地热水 600"}],
    "caps": [
        {
            "mineral": "锌", "value": "2", "unit": "矿石万吨/年", "binding": True, "period": "year",
            "clause": "专栏1",
        },
        {
            "mineral": "地热水", "value": "600", "unit": "立方米/日", "binding": None, "period": "day",
            "clause": "专栏1",
        },
    ],
    "indicators": [
        {"code": "mine_count", "value": "55", "unit": "个", "comparison": "planned", "clause": "专栏1"}
    ],
    "reserves": [{"mineral": "锌", "year": "2020", "value": "8.5", "unit": "万吨", "clause": "专栏1"}],
    "restrictions": [{"mineral": "汞", "kind": "禁止", "clause": "专栏1"}],
    "zones": [{"name": "某区", "kind": "产业区", "minerals": ["石灰岩"], "clause": "专栏1"}],
    "planned_rights": [{"place": "某地", "count": 4, "minerals": [], "clause": "专栏1"}],
    "notes": [{"about": "专栏1", "text": "说明"}],
}  # fmt: skip
AMENDMENT: dict[str, Any] = {
    "document": PLAN["document"] | {"number": "某府函〔2025〕9号", "amends": "某县规划"},
    "clauses": PLAN["clauses"],
    "caps": PLAN["caps"][:1],
}


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Known]:
    rows = read_minerals(read_yaml((SEED / "minerals.yaml").read_bytes()))
    return {word: Known(row.name, row.kind) for row in rows for word in row.words()}


def changed(path: str, value: Any, source: dict[str, Any] = PLAN) -> dict[str, Any]:
    """Return a copy of a plan in which one place, `caps.0.value`, holds something else."""
    copy = deepcopy(source)
    place: Any = copy
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return copy


class TestWhatIsRead:
    def test_a_cap_keeps_what_is_printed_beside_the_base_figure(self, catalogue):
        zinc, heat = read_plan(PLAN, catalogue).caps
        assert (zinc.mineral, zinc.printed_name) == ("锌矿", "锌")
        assert (zinc.printed_value, zinc.printed_unit, zinc.limit) == ("2", "矿石万吨/年", parse("20000 t"))
        assert (zinc.binding, zinc.period, zinc.kind) == (True, CapPeriod.year, Kind.mass)
        assert (heat.mineral, heat.printed_name, heat.period) == ("地热", "地热水", CapPeriod.day)
        assert (heat.limit, heat.binding) == (parse("600 m3"), None)

    def test_trailing_zeros_stay_as_printed(self, catalogue):
        row = read_plan(changed("reserves.0.value", "44.0"), catalogue).reserves[0]
        assert (row.printed_value, row.amount) == ("44.0", parse("440000 t"))

    def test_no_figure_is_no_figure(self, catalogue):
        plan = changed(
            "caps.0",
            {"mineral": "石英砂岩", "value": None, "unit": None, "period": "year", "clause": "专栏1"},
        )
        cap = read_plan(plan, catalogue).caps[0]
        assert (cap.limit, cap.printed_value, cap.binding, cap.kind) == (None, None, None, Kind.mass)

    def test_words_of_the_office_are_read(self, catalogue):
        plan = changed("caps.0.binding", "约束性", changed("caps.0.period", "年"))
        assert read_plan(plan, catalogue).caps[0].binding is True
        assert read_plan(plan, catalogue).restrictions[0].kind is RestrictionKind.prohibited
        assert read_plan(plan, catalogue).indicators[0].comparison is Comparison.planned

    def test_a_line_may_hold_for_part_of_the_plan(self, catalogue):
        first = PLAN["caps"][0] | {"valid_to": "2023-12-31"}
        second = PLAN["caps"][0] | {"valid_from": "2024-01-01", "value": "3"}
        caps = read_plan(changed("caps", [first, second]), catalogue).caps
        assert [(str(c.valid_from), str(c.valid_to)) for c in caps] == [
            ("2021-01-01", "2023-12-31"), ("2024-01-01", "2025-12-31"),
        ]  # fmt: skip

    def test_the_hash_is_of_the_content_not_of_its_layout(self, catalogue):
        one = (
            b"document: {title: a, region: '500240', level: county, "
            b"valid_from: 2021-01-01, valid_to: 2021-12-31}"
        )
        two = (
            b"# remark\ndocument:\n  level: county\n  region: 500240\n"
            b"  title: a\n  valid_to: 2021-12-31\n  valid_from: 2021-01-01"
        )
        plans = [read_plan(read_yaml(text), catalogue) for text in (one, two)]
        assert plans[0].content_hash == plans[1].content_hash
        assert read_plan(PLAN, catalogue).content_hash != plans[0].content_hash


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("place", "value", "code", "field"),
        [
            ("caps.1.value", "-600", "negative", "caps[1].value"),
            ("caps.0.value", "1e3", "not_a_number", "caps[0].value"),
            ("caps.0.value", "二", "not_a_number", "caps[0].value"),
            ("caps.0.value", "2.00000000001", "too_many_places", "caps[0].value"),
            ("caps.0.value", "99999999999", "overflow", "caps[0].value"),
            ("caps.0.value", "9" * 41, "too_long", "caps[0].value"),
            ("caps.0.value", True, "not_text", "caps[0].value"),
            ("caps.0.value", [1200], "not_text", "caps[0].value"),
            ("caps.0.unit", "矿石万斤/年", "unit_unknown", "caps[0].unit"),
            ("caps.0.unit", "矿石万吨", "wrong_period", "caps[0].unit"),
            ("caps.0.unit", "吨/日", "wrong_period", "caps[0].unit"),
            ("caps.1.period", "year", "wrong_period", "caps[1].unit"),
            ("caps.0.unit", "个/年", "kinds_mixed", "caps[0].unit"),
            ("caps.0.unit", None, "value_missing", "caps[0].unit"),
            ("caps.0.period", "month", "word_unknown", "caps[0].period"),
            ("caps.0.period", ..., "value_missing", "caps[0].period"),
            ("caps.0.binding", "maybe", "not_a_flag", "caps[0].binding"),
            ("caps.0.mineral", "月球石", "mineral_unknown", "caps[0].mineral"),
            ("caps.0.mineral", ..., "value_missing", "caps[0].mineral"),
            ("caps.0.clause", ..., "value_missing", "caps[0].clause"),
            ("caps.0.clause", "专栏9", "clause_unknown", "caps[0].clause"),
            ("caps.0.valid_from", "2020-12-31", "dates_outside", "caps[0].valid_from"),
            ("caps.0.valid_from", "2021-02-30", "not_a_date", "caps[0].valid_from"),
            ("caps.0.cap", "x", "key_unknown", "caps[0].cap"),
            ("caps.1", PLAN["caps"][0], "cap_twice", "caps[1].mineral"),
            ("caps.1", PLAN["caps"][0] | {"mineral": "锌矿"}, "cap_twice", "caps[1].mineral"),
            ("caps.0", "锌 2", "not_a_mapping", "caps[0]"),
            ("caps", {"锌": 2}, "not_a_list", "caps"),
            ("caps", [PLAN["caps"][0]] * 2001, "too_many_rows", "caps"),
            ("clauses.0.text", "x" * 20_001, "too_long", "clauses[0].text"),
            ("clauses", PLAN["clauses"] * 2, "clause_twice", "clauses[1].id"),
            ("indicators.0.value", "many", "not_a_number", "indicators[0].value"),
            ("indicators.0.comparison", "=", "word_unknown", "indicators[0].comparison"),
            ("indicators.0.unit", ..., "value_missing", "indicators[0].unit"),
            ("reserves.0.unit", "万吨/年", "rate_not_expected", "reserves[0].unit"),
            ("reserves.0.year", "20", "not_a_year", "reserves[0].year"),
            ("reserves.0.year", ..., "not_a_year", "reserves[0].year"),
            ("restrictions.0.kind", "允许", "word_unknown", "restrictions[0].kind"),
            ("zones.0.minerals", ["石灰岩", "月球石"], "mineral_unknown", "zones[0].minerals[1]"),
            ("planned_rights.0.count", "-4", "not_a_whole_number", "planned_rights[0].count"),
            ("planned_rights.0.count", "4.5", "not_a_whole_number", "planned_rights[0].count"),
            ("notes.0.about", "专栏9", "clause_unknown", "notes[0].about"),
            ("notes.0.text", "坏\x00", "control_character", "notes[0].text"),
            ("notes.0.text", "坏\ud800", "control_character", "notes[0].text"),
            ("document.region", "50024", "region_malformed", "document.region"),
            ("document.level", "省级", "word_unknown", "document.level"),
            ("document.valid_to", "2020-12-31", "dates_reversed", "document.valid_to"),
            ("document.valid_to", "9999-12-31", "not_a_date", "document.valid_to"),
            ("document.title", " ", "value_missing", "document.title"),
            ("document.title", "长" * 201, "too_long", "document.title"),
            ("document.amends", "某县规划", "key_unknown", "document.amends"),
            ("document", ..., "not_a_mapping", "document"),
            ("quotas", [], "key_unknown", "quotas"),
        ],
    )
    def test_the_field_is_named(self, catalogue, place, value, code, field):
        with pytest.raises(Invalid) as caught:
            read_plan(changed(place, value), catalogue)
        assert (caught.value.code, caught.value.field) == (code, field)
        assert caught.value.accepted
        assert len(caught.value.value) <= 150
        assert code in TEXTS
        assert field in problem(caught.value)["detail"]

    @pytest.mark.parametrize("source", [None, [], "text", 5])
    def test_a_file_of_another_kind(self, catalogue, source):
        with pytest.raises(Invalid) as caught:
            read_plan(source, catalogue)
        assert (caught.value.code, caught.value.field) == ("not_a_mapping", "file")

    @pytest.mark.parametrize(
        ("place", "value", "code", "field"),
        [
            ("document.number", None, "value_missing", "document.number"),
            ("document.amends", ..., "value_missing", "document.amends"),
            ("caps", [], "value_missing", "caps"),
            ("reserves", [], "key_unknown", "reserves"),
            ("restrictions", PLAN["restrictions"], "key_unknown", "restrictions"),
        ],
    )
    def test_an_amendment_has_a_number_a_plan_and_caps_only(self, catalogue, place, value, code, field):
        assert read_amendment(AMENDMENT, catalogue).amends == "某县规划"
        with pytest.raises(Invalid) as caught:
            read_amendment(changed(place, value, AMENDMENT), catalogue)
        assert (caught.value.code, caught.value.field) == (code, field)

    def test_every_fault_of_an_amendment_is_told_at_once(self, catalogue):
        faulty = changed("document.valid_from", "2026-13-01", AMENDMENT)
        faulty = changed("document.number", " ", faulty)
        faulty = changed("clauses.0.text", "", faulty)
        faulty = changed("caps.0.value", "三十", changed("caps.0.unit", "箱", faulty))
        with pytest.raises(SeveralInvalid) as caught:
            read_amendment(faulty, catalogue)
        assert [(fault.field, fault.code) for fault in caught.value.faults] == [
            ("document.number", "value_missing"), ("document.valid_from", "not_a_date"),
            ("clauses[0].text", "value_missing"), ("caps[0].value", "not_a_number"),
            ("caps[0].unit", "unit_unknown"),
        ]  # fmt: skip


class TestTheYaml:
    def test_figures_and_dates_stay_text(self):
        text = (
            b"{a: 17.60, b: 010, c: 2021-01-01, d: 1:30, e: 1_000, f: null, g: ~, h: true, i: yes, j: 0x1F}"
        )
        assert read_yaml(text) == {
            "a": "17.60", "b": "010", "c": "2021-01-01", "d": "1:30", "e": "1_000", "f": None, "g": None,
            "h": True, "i": "yes", "j": "0x1F",
        }  # fmt: skip

    def test_a_byte_order_mark_is_no_harm(self):
        assert read_yaml("\ufeff标题: 甲".encode()) == {"标题": "甲"}

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"a: [1", "not_yaml"),
            (b"a: b: c", "not_yaml"),
            (b"a: \x00", "not_yaml"),
            ("标题: 甲".encode("gb18030"), "not_utf8"),
            (b"PK\x03\x04\x14\x00\xff\xfe", "not_utf8"),
            (b"\x89PNG\r\n\x1a\n", "not_utf8"),
            (b"a: &x 1", "yaml_alias"),
            (b"a: &x [1]\nb: *x", "yaml_alias"),
            (b"b: *x", "yaml_alias"),
            (b"a: !!python/object/apply:os.system [ls]", "yaml_alias"),
            (b"a: !!float 1", "yaml_alias"),
            (b"a: 1\na: 2", "key_twice"),
            (b"a: {b: 1, b: 2}", "key_twice"),
            (b"? [a]\n: 1", "yaml_shape"),
            (b"a: 1\n---\nb: 2", "yaml_shape"),
            (b"[" * 100_000, "yaml_shape"),
            (b"- " * 100_000, "yaml_shape"),
            (b"[" + b"a," * 900_000 + b"]", "yaml_shape"),
            (b"#" * (LARGEST_FILE + 1), "file_too_large"),
        ],
    )
    def test_what_could_harm_or_mislead_is_refused(self, content, code):
        with pytest.raises(Invalid) as caught:
            read_yaml(content)
        assert caught.value.code == code
        assert code in TEXTS
        assert caught.value.accepted

    def test_a_merge_key_is_an_unknown_key(self, catalogue):
        with pytest.raises(Invalid, match="key_unknown"):
            read_plan(read_yaml(b"document: {}\n<<: {caps: []}"), catalogue)


class TestWhatANewLineLeaves:
    @pytest.mark.parametrize(
        ("new", "left"),
        [
            ((1, 10), []),
            ((5, 10), [(1, 4)]),
            ((1, 4), [(5, 10)]),
            ((4, 6), [(1, 3), (7, 10)]),
            ((1, 20), []),
            ((10, 20), [(1, 9)]),
        ],
    )
    def test_the_days_before_and_after(self, new, left):
        def days(span: tuple[int, int]) -> tuple[date, date]:
            return date(2025, 1, span[0]), date(2025, 1, span[1])

        assert remainders(days((1, 10)), days(new)) == [days(span) for span in left]


class TestTheExampleOfTheBrief:
    @pytest.fixture
    def plan(self) -> Any:
        return read_yaml((SEED / "plans" / "shizhu-2021-2025.yaml").read_bytes())

    def test_only_the_limestone_changes(self, plan, catalogue):
        printed = read_plan(plan, catalogue)
        example = read_plan(plan_with_limestone_cap(plan, parse_rate("1200 kt/a")), catalogue)
        differing = [(a, b) for a, b in zip(printed.caps, example.caps, strict=True) if a != b]
        ((before, after),) = differing
        assert (before.limit, after.limit) == (parse("12000000 t"), parse("1200000 t"))
        assert (after.printed_value, after.printed_unit) == ("120", "万吨/年")
        assert (after.binding, after.mineral) == (True, "建筑石料用灰岩")

    def test_nobody_takes_it_for_the_plan(self, plan, catalogue):
        example = read_plan(plan_with_limestone_cap(plan, parse_rate("1200 kt/a")), catalogue)
        (cap,) = [c for c in example.caps if c.mineral == "建筑石料用灰岩"]
        assert "演示" in example.title
        assert "演示" in cap.clause
        assert "不是规划数值" in example.clauses[-1].text
        assert "1200 矿石万吨/年" in example.notes[-1].text
        assert example.content_hash != read_plan(plan, catalogue).content_hash

    @pytest.mark.parametrize("rate", ["1200 m3/a", "1200 t/d"])
    def test_another_kind_of_figure_is_refused(self, plan, rate):
        with pytest.raises(Invalid, match="wrong_period"):
            plan_with_limestone_cap(plan, parse_rate(rate))
