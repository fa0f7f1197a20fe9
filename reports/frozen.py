"""The data of a paper as JSON: what is kept beside the bytes, and what the PDF carries inside.

Written in one way only (fields in the order of the dataclass, no blanks, Chinese as it is), so that equal
data are equal texts. `docs/papers.md` tells the schema; `schema` gives it for machines.
"""

from dataclasses import replace
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar

from pydantic import TypeAdapter

from reports.sheet import Paper, Sheet

S = TypeVar("S", bound=Sheet)
_NEVER = date(1970, 1, 1)


def freeze(sheet: Sheet) -> str:
    """Return the data of a paper as JSON."""
    return _adapter(type(sheet)).dump_json(sheet).decode()


def thaw(kind: type[S], text: str) -> S:
    """Return the paper of a kind from its JSON; frozen anew it gives the same text.

    Raises:
        ValueError: the text is not the data of such a paper.
    """
    sheet: S = _adapter(kind).validate_json(text)
    return sheet


def content_hash(sheet: Sheet) -> str:
    """Return the SHA-256 of what a paper says, whatever its number, its day of print and its audit head."""
    neutral = replace(sheet.paper, number=None, printed_on=_NEVER, audit_head=None, verify=None)
    return sha256(freeze(with_paper(sheet, neutral)).encode()).hexdigest()


def with_paper(sheet: S, paper: Paper) -> S:
    """Return the same content on another paper: one with its number, say, known only when it is printed."""
    changed: S = replace(sheet, paper=paper)  # type: ignore[type-var]  # every sheet is a dataclass
    return changed


def schema(kind: type[Sheet]) -> dict[str, Any]:
    """Return the JSON schema of a kind of paper."""
    return _adapter(kind).json_schema()


@cache
def _adapter(kind: type[Sheet]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
