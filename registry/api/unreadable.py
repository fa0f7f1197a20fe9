"""What the framework found wrong in a request, told by our rules: field, value, rule, what is accepted."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry.kernel.fields import shown
from registry.kernel.quantity import LARGEST
from registry.wording import say

# What the framework calls a broken rule -> what we call it, and what would be accepted.
_RULES: dict[str, tuple[str, str]] = {
    "missing": ("field_missing", "非空内容"),
    "string_type": ("not_text", "文字"),
    "string_unicode": ("control_character", "可见文字"),
    "bool_type": ("not_a_flag", "true, false"),
    "bool_parsing": ("not_a_flag", "true, false"),
    "int_parsing": ("not_a_whole_number", "整数"),
    "int_parsing_size": ("not_a_whole_number", f"≤ {LARGEST}"),
    "greater_than_equal": ("not_a_whole_number", "≥ {ge}"),
    "less_than_equal": ("not_a_whole_number", "≤ {le}"),
    "enum": ("word_unknown", "{expected}"),
}
_OTHER = ("invalid", "—")
_PLACES = ("body", "query", "path", "header", "cookie")


def problem_of(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return one problem document for everything that was found."""
    lines = [_line(one) for one in found]
    told = [say(line["rule"], facts) for line, facts in lines]
    errors = [line for line, _ in lines]
    if len(lines) == 1:
        return _document(errors[0]["rule"], told[0], errors)
    several = say("several_invalid", {"count": len(lines), "told": "；".join(told)})
    return _document("several_invalid", several, errors)


def _document(code: str, detail: str, errors: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "type": f"urn:registry:{code}", "title": code, "status": 422, "code": code, "detail": detail,
        "errors": errors,
    }  # fmt: skip


def _line(one: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """Return one line of a problem, and the facts of its sentence."""
    facts: dict[str, Any] = dict(one.get("ctx") or {})
    rule, accepted = _RULES.get(one["type"], _OTHER)
    for name in ("ge", "le", "expected"):
        accepted = accepted.replace(f"{{{name}}}", str(facts.get(name, "")))
    value = "" if one["type"] == "missing" else shown(one.get("input"))
    told = {"value": value, "rule": rule, "accepted": accepted}
    told |= {name: str(facts[name]) for name in told if name in facts}  # a check of our own says it itself
    line = {"field": _field(one["loc"], facts.get("key")), **told}
    return line, facts | line


def _field(place: Sequence[str | int], key: str | None) -> str:
    """Return the path of a field as the sender knows it: `quantity.value`, `year`."""
    parts = [str(part) for part in place]
    inner = parts[1:] if parts and parts[0] in _PLACES else parts
    return shown(".".join([*inner, *([key] if key else [])] or parts))
