"""Every act that is noted has a sentence, and every sentence is used."""

import ast
import re
from string import Formatter

import pytest

from registry.kernel.vocabulary import AlarmAct, CommitmentKind
from registry.wording.acts import ACTS, GROUPS, VARIANTS, acts_of, tell_act
from tests.architecture.source import ROOT, dotted, files

ACT = re.compile(r"[a-z]+\.[a-z_]+")
# What the begin of an act written with a placeholder may be followed by.
OPEN = {
    "alarm.": [act.value for act in AlarmAct],
    "commitment.": [kind.value for kind in CommitmentKind],
    "right.": ["import", "grant"],
}


def noted() -> dict[str, str]:
    """Return every act that the code notes, with a place where it does."""
    found: dict[str, str] = {}
    for path in files("registry"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and dotted(node.func).rsplit(".", 1)[-1] in ("note", "_note"):
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                found |= {act: place for argument in node.args for act in acts_in(argument)}
    return found


def acts_in(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*acts_in(node.body), *acts_in(node.orelse)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value] if ACT.fullmatch(node.value) else []
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        begin = str(node.values[0].value)
        if re.fullmatch(r"[a-z]+\.", begin):
            return [f"{begin}{end}" for end in OPEN.get(begin, ["?"])]
    return []


class TestEveryAct:
    def test_that_is_noted_has_a_sentence(self):
        silent = {act: place for act, place in noted().items() if act not in ACTS}
        assert not silent, f"give these a sentence in registry/wording/acts.py: {silent}"

    def test_that_has_a_sentence_is_noted(self):
        assert set(ACTS) - set(noted()) == set(VARIANTS.values())

    def test_the_scan_sees_what_it_must(self):
        found = noted()
        assert {"output.record", "user.close", "user.open", "plan.confirm", "job.cancel"} <= set(found)
        assert {"alarm.closed", "commitment.hold", "right.import"} <= set(found)
        assert acts_in(ast.parse('f"new.{x}"', mode="eval").body) == ["new.?"]


class TestSentences:
    @pytest.mark.parametrize("act", ACTS)
    def test_each_is_chinese_and_belongs_to_a_group(self, act):
        group, text = ACTS[act]
        assert group in GROUPS
        assert re.search(r"[\u4e00-\u9fff]", text)
        assert text.count("[") == text.count("]")
        assert all(name is None or name.isidentifier() for _t, name, _s, _c in Formatter().parse(text))

    @pytest.mark.parametrize("act", ACTS)
    def test_without_any_fact_it_still_reads(self, act):
        told = tell_act(act, {"role": "经办", "state": "生产", "level": "无", "kind": "许可证打印件"})
        whole = f"{told.before}对象{told.after}"
        assert "—" not in whole
        assert not re.search(r"[\[\]{}]|[：，]$", whole)

    def test_parts_come_with_their_facts(self):
        told = tell_act("output.correct", {"value": "4.58", "unit": "万吨", "revision": 2, "reason": "颠倒"})
        assert told.after == "：改为 4.58 万吨，第 2 次登记，理由：颠倒"

    def test_what_somebody_typed_is_never_read_as_a_placeholder(self):
        told = tell_act("output.void", {"reason": "{record}[{x}]{0.__class__}"})
        assert told.after == "，理由：{record}[{x}]{0.__class__}"

    def test_an_act_of_another_version_is_told_as_it_is_written(self):
        told = tell_act("mine.closed", {})
        assert f"{told.before}X{told.after}" == "X（mine.closed）"

    def test_groups_hold_what_is_noted(self):
        assert "user.password" in acts_of("user")
        assert "user.password_own" not in acts_of("user")
        assert sorted(act for group in GROUPS for act in acts_of(group)) == sorted(
            set(ACTS) - set(VARIANTS.values())
        )
