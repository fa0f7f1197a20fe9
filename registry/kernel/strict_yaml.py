"""YAML from outside: figures and dates stay the text they are, and what could harm or mislead is refused."""

import re
from typing import Any

import yaml

from registry.kernel.errors import Invalid

LARGEST_FILE = 2_000_000
_DEEPEST, _MOST_EVENTS = 12, 200_000
_ACCEPTED = "UTF-8 的 YAML 文件，不超过 2 MB"
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]  # the C loader where there is one: ten times as fast
    """Knows null, true and false; 17.60, 010 and 2021-01-01 stay as written."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (PyYAML's own form)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build a mapping; a key that stands twice would silently lose the first value."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refusal("yaml_shape", key.start_mark.line, "")
            if key.value in seen:
                raise _refusal("key_twice", key.start_mark.line, key.value[:80])
            seen.add(key.value)
        built: dict[Any, Any] = super().construct_mapping(node, deep)
        return built


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""]
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:[Tt]rue|[Ff]alse)\Z"), list("tTfF"))


def read_yaml(content: bytes) -> Any:
    """Return what a YAML file says, built of mappings, lists, texts, true, false and null only.

    Raises:
        Invalid: larger than 2 MB, not UTF-8, no YAML, more than one document, too deep, with anchors,
            aliases or tags, or with a key that stands twice.
    """
    if len(content) > LARGEST_FILE:
        raise Invalid("file_too_large", "file", len(content), accepted=_ACCEPTED)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("not_utf8", "file", f"字节 {error.start}", accepted=_ACCEPTED) from None
    try:
        _look_through(text)
        return yaml.load(text, Loader=_Loader)  # noqa: S506  (a safe loader that knows even less)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "unreadable"
        raise _refusal("not_yaml", mark.line if mark else 0, str(problem)[:120]) from None


def _look_through(text: str) -> None:
    """Refuse before anything is built: an alias can blow up memory, deep nesting the stack."""
    depth = documents = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
        line = event.start_mark.line if event.start_mark else 0
        if mark := getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise _refusal("yaml_alias", line, str(mark)[:80])
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST or count > _MOST_EVENTS or documents > 1:
            raise _refusal("yaml_shape", line, "")


def _refusal(code: str, line: int, value: str) -> Invalid:
    return Invalid(code, "file", value, accepted=_ACCEPTED, line=line + 1)
