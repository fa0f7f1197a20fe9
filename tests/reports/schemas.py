"""Writes the schemas of the papers' data into docs/papers.md, below the line that says so.

    python -m tests.reports.schemas

A test compares the page with what this would write, so that it cannot go stale.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from registry.documents.service import printing
from registry.kernel.vocabulary import DocumentKind
from reports.frozen import schema
from tests.architecture.source import ROOT

PAGE = ROOT / "docs" / "papers.md"
BELOW = "<!-- written by python -m tests.reports.schemas: change the dataclasses in reports/, not this -->\n"
Schema = dict[str, Any]
_WORDS = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "null"}
# Which kinds a sheet is the data of.
KINDS = {
    "PermitSheet": (DocumentKind.permit,),
    "RegistrationSheet": (DocumentKind.registration,),
    "InspectionSheet": (DocumentKind.inspection,),
    "CapTable": (DocumentKind.cap_table,),
    "MunicipalReport": (DocumentKind.municipal,),
    "ProgressSheet": (DocumentKind.progress,),
    "AlarmNotice": (DocumentKind.alarm_notice,),
    "MissingNotice": (DocumentKind.missing_notice,),
    "RenewalNotice": (DocumentKind.renewal_notice,),
}


def page_now() -> str:
    """Return the page as it should be: what is written by hand, and the schemas below it."""
    by_hand, _, _ = PAGE.read_text(encoding="utf-8").partition(BELOW)
    return by_hand + BELOW + "\n" + "\n".join(_written())


def _written() -> Iterator[str]:
    found = {kind.__name__: schema(kind) for kind in printing._PDF}
    used = Counter(name for one in found.values() for name in one.get("$defs", {}))
    common = {n: d for one in found.values() for n, d in one.get("$defs", {}).items() if used[n] > 1}
    yield "### Parts that several papers have\n"
    for name in sorted(common):
        yield from _part(name, common[name])
    for name, one in found.items():
        kinds = "、".join(f"{kind.label} (`{kind.value}`)" for kind in KINDS[name])
        yield f"### {kinds}\n"
        yield from _part(name, one)
        for part, own in one.get("$defs", {}).items():
            if part not in common:
                yield from _part(part, own)


def _part(name: str, one: Schema) -> Iterator[str]:
    """Give one object or list of words: its name, its sentence, its fields."""
    said = " ".join(one.get("description", "").split("\n\n")[0].split())
    yield f"**{name}**: {said}\n"
    if "enum" in one:
        yield f"- one of {', '.join(f'`{word}`' for word in one['enum'])}\n"
        return
    for field, its in one["properties"].items():
        yield f"- `{field}`: {_type(its)}"
    yield ""


def _type(one: Schema) -> str:
    if "$ref" in one:
        return str(one["$ref"]).rpartition("/")[2]
    if "anyOf" in one:
        return " or ".join(_type(each) for each in one["anyOf"])
    if one.get("type") == "array":
        return _list(one)
    if one.get("format") == "date":
        return "date"
    if "const" in one:
        return f"`{one['const']}`"
    if one.get("type") == "object":
        return f"object of {_type(one['additionalProperties'])}"
    return _WORDS[one["type"]]


def _list(one: Schema) -> str:
    if "prefixItems" in one:
        return f"[{', '.join(_type(each) for each in one['prefixItems'])}]"
    return f"list of {_type(one['items'])}"


if __name__ == "__main__":
    PAGE.write_text(page_now(), encoding="utf-8")
