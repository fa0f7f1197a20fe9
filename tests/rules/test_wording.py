"""Every refusal has a sentence, and every sentence gets the facts that it names."""

import ast
import re
from collections.abc import Iterable
from string import Formatter

import pytest

from registry.identity.rules import PERMISSIONS as HELD
from registry.kernel.errors import Busy, Forbidden, Invalid, NotFound, Refused, RegistryError
from registry.kernel.fields import Fields
from registry.kernel.lifecycle import WrongState
from registry.kernel.period import parse_day, parse_year
from registry.kernel.quantity import parse, read_number
from registry.kernel.vocabulary import Role
from registry.output.rules import read_output
from registry.wording import FIELDS, PERMISSIONS, TEXTS, WHAT, problem, say
from tests.architecture.source import ROOT, dotted, files
from tests.rules.error_sites import Site, families, sites

ABSTRACT = {RegistryError, Refused}  # nobody raises them themselves
# registry caps assess builds these from the code and the result of a ruling
RULINGS = {
    f"rule_{ruling}"
    for ruling in (
        "cap_room_pass",
        "cap_room_warning",
        "cap_room_refused",
        "cap_partial_pass",
        "plan_ended_refused",
    )
}
RULING_FACTS = {"cap", "year", "limit", "taken", "wanted", "room", "unit", "document", "clause"}


def named(sentence: str) -> set[str]:
    """Return the facts that a sentence names."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def faults(places: Iterable[Site]) -> list[str]:
    """Return what is wrong with the sentences that these places rely on."""
    found = []
    for site in places:
        if site.code not in TEXTS:
            found.append(f'{site.place}: registry/wording has no sentence for "{site.code}"')
        elif lacking := named(TEXTS[site.code]) - site.facts:
            found.append(f"{site.place} does not give {sorted(lacking)} to: {TEXTS[site.code]}")
    return found


@pytest.fixture(scope="module")
def places() -> list[Site]:
    """Give every place of the source that refuses something."""
    return sites()


RETURN = {"right_no": "SZ-2025-0007", "period": "2025-07", "quantity": "1", "unit": "t"}


class TestEveryCode:
    def test_of_a_named_refusal_has_a_sentence(self):
        silent = {name for name, kind in families().items() if kind.code not in TEXTS}
        assert silent == {kind.__name__ for kind in ABSTRACT}

    def test_no_two_refusals_share_a_code(self):
        codes = [kind.code for kind in families().values() if not issubclass(kind, Invalid)]
        assert sorted(codes) == sorted(set(codes))

    def test_written_in_the_source_has_a_sentence_that_gets_its_facts(self, places):
        wrong = faults(places)
        assert not wrong, "\n".join(wrong)

    def test_of_a_ruling_has_a_sentence_that_gets_its_facts(self):
        assert {code for code in TEXTS if code.startswith("rule_")} == RULINGS
        assert all(named(TEXTS[code]) <= RULING_FACTS for code in RULINGS)

    def test_what_was_not_found_has_a_name(self):
        calls = [
            node.args[0]
            for path in files("registry")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and dotted(node.func) == "NotFound"
        ]
        written = {what.value for what in calls if isinstance(what, ast.Constant)}
        assert written <= set(WHAT)
        assert len(written) > 5

    def test_the_scan_sees_what_it_must(self, places):
        found = {site.code: site for site in places}
        assert found["too_many_places"].facts == {"field", "value", "accepted", "unit"}  # Invalid itself
        assert {"ring", "point"} <= found["corner_repeated"].facts  # a maker of a maker
        assert {"cap", "limit", "room", "clause"} <= found["cap_exceeded"].facts  # **facts of a chosen class
        assert {"month_expected", "days_expected", "nil_with_quantity", "wrong_state", "busy"} <= set(found)
        assert len(places) > 150
        assert len(faults([Site("x.py:1", "never_heard_of", frozenset())])) == 1
        assert len(faults([Site("x.py:1", "wrong_state", frozenset({"state"}))])) == 1


class TestSentences:
    def test_none_is_written_twice(self):
        said = []
        for file in ("unreadable", "refused", "requests"):
            tree = ast.parse((ROOT / "registry" / "wording" / f"{file}.py").read_text(encoding="utf-8"))
            [table] = [node for node in ast.walk(tree) if isinstance(node, ast.Dict)]
            said += [str(key.value) for key in table.keys if isinstance(key, ast.Constant)]
        assert len(said) == len(set(said)), sorted({key for key in said if said.count(key) > 1})

    def test_none_is_left_over(self, places):
        used = {site.code for site in places} | {kind.code for kind in families().values()} | RULINGS
        assert set(TEXTS) <= used, f"nobody says {sorted(set(TEXTS) - used)}"

    @pytest.mark.parametrize("code", TEXTS)
    def test_each_is_chinese_and_names_facts_plainly(self, code):
        assert re.search(r"[\u4e00-\u9fff]", TEXTS[code])
        assert all(name.isidentifier() for name in named(TEXTS[code]))
        assert not re.search(r"\{[^}]*[!:.\[]", TEXTS[code])
        assert "—" not in say(code, dict.fromkeys(named(TEXTS[code]), "x"))

    def test_a_missing_fact_is_a_dash_and_an_unknown_code_stays_itself(self):
        assert say("negative", {"field": "quantity"}) == "产量：“—”为负数。可接受：—"
        assert say("negative", {"field": "caps[3].value"}) == "caps[3].value：“—”为负数。可接受：—"
        assert say("never_heard_of", {}) == "never_heard_of"

    def test_what_somebody_typed_is_never_read_as_a_placeholder(self):
        assert "“{accepted}{0.__class__}”" in say("negative", {"value": "{accepted}{0.__class__}"})


class TestPermissions:
    def test_each_has_words_and_nothing_else_has(self):
        assert set(PERMISSIONS) == set().union(*HELD.values())

    @pytest.mark.parametrize("permission", PERMISSIONS)
    def test_its_words_name_the_roles_that_hold_it(self, permission):
        who = PERMISSIONS[permission].rpartition("，")[2]
        held = {role.label for role in Role if permission in HELD[role]}
        named = {role.label for role in Role if role.label in who}
        assert named == (set() if held == {role.label for role in Role} else held), who


class TestProblem:
    @pytest.mark.parametrize(
        ("error", "status", "code", "detail"),
        [
            (Refused("already_returned"), 409, "already_returned", "—"),
            (
                WrongState(state="已办结", event="知悉"),
                409,
                "wrong_state",
                "当前状态为“已办结”，不能执行“知悉”",
            ),
            (NotFound("alarm", 7), 404, "not_found", "未找到 预警“7”"),
            (
                Forbidden("alarm.handle", "jingban"),
                403,
                "forbidden",
                "jingban 的岗位没有此项权限（处置预警，须审核或审批岗位）",
            ),
            (Busy(), 503, "busy", "重试"),
        ],
    )
    def test_of_each_family(self, error, status, code, detail):
        told = problem(error)
        assert (told["status"], told["code"], told["title"]) == (status, code, code)
        assert told["type"] == f"urn:registry:{code}"
        assert detail in told["detail"]
        assert told["errors"] == []

    @pytest.mark.parametrize(
        ("act", "field", "value", "code"),
        [
            (lambda: parse("12.5 担", "scale"), "scale", "担", "unit_unknown"),
            (lambda: parse("0.0000001 t"), "quantity", "0.0000001 t", "too_many_places"),
            (lambda: parse("-3 t"), "quantity", "-3", "negative"),
            (lambda: read_output(RETURN | {"quantity": ""}), "quantity", "", "field_missing"),
            (
                lambda: read_output(RETURN | {"right_no": "长" * 2001}),
                "right_no",
                "长" * 120 + "…",
                "too_long",
            ),
        ],
    )
    def test_of_an_unreadable_input_names_field_value_rule_and_what_is_accepted(
        self, act, field, value, code
    ):
        with pytest.raises(Invalid) as refused:
            act()
        told = problem(refused.value)
        assert told["status"] == 422
        [error] = told["errors"]
        assert (error["field"], error["value"], error["rule"]) == (field, value, code)
        assert error["accepted"]
        assert told["detail"].startswith(FIELDS[field])
        assert "—" not in told["detail"]

    @pytest.mark.parametrize(
        ("act", "told"),
        [
            (lambda: parse_year("25"), "“25”不是年份。可接受：如 2025"),
            (lambda: parse_day("昨天", "since"), "“昨天”不是日期。可接受：如 2025-07-14"),
            (lambda: read_number("三十", "quantity"), "“三十”不是可读的数字。可接受：如 1200, 17.6"),
            (lambda: read_output(RETURN | {"quantity": ""}), "此项必填。可接受：如 120.5"),
            (lambda: Fields({}).day("valid_from"), "缺少内容。可接受：如 2025-07-14"),
            (lambda: Fields({}).text("title"), "缺少内容。可接受：非空文字"),
            (lambda: Fields({}).whole("year", 9), "缺少内容。可接受：0–9"),
            (lambda: Fields({}).word("role", Role), "缺少内容。可接受：clerk（经办）, "),
        ],
    )
    def test_an_example_is_not_told_as_all_that_is_accepted(self, act, told):
        with pytest.raises(Invalid) as refused:
            act()
        assert told in problem(refused.value)["detail"]

    def test_of_several_faults_has_a_line_for_each(self):
        with pytest.raises(Invalid) as refused:
            read_output(RETURN | {"period": "2026-13", "unit": "箱"})
        told = problem(refused.value)
        assert (told["status"], told["code"], told["type"]) == (
            422, "several_invalid", "urn:registry:several_invalid",
        )  # fmt: skip
        assert [(line["field"], line["value"], line["rule"]) for line in told["errors"]] == [
            ("period", "2026-13", "not_a_period"), ("unit", "箱", "unit_unknown"),
        ]  # fmt: skip
        assert told["detail"].startswith("有 2 处无法识别：期间：“2026-13”")
