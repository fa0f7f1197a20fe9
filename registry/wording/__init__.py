"""The sentence for every error code: what happened, the figures, the rule, what would be accepted.

The msgid is the Chinese; a catalogue may translate it. Errors themselves hold only facts.
"""

from collections.abc import Mapping
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Any

from registry.kernel.errors import (
    Busy,
    CrossSite,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    RegistryError,
    SeveralInvalid,
    SignInNeeded,
    Throttled,
    TooLarge,
)
from registry.wording.names import FIELDS, JOBS, RESULTS, WHAT
from registry.wording.permissions import PERMISSIONS
from registry.wording.refused import REFUSED
from registry.wording.requests import REQUESTS
from registry.wording.unreadable import UNREADABLE

__all__ = ["FIELDS", "JOBS", "PERMISSIONS", "RESULTS", "TEXTS", "WHAT", "name_of", "problem", "say"]
TEXTS = UNREADABLE | REFUSED | REQUESTS
_FAMILIES: list[tuple[type[RegistryError], int]] = [
    (Invalid, 422), (NotFound, 404), (Forbidden, 403), (Busy, 503), (Refused, 409),
    (SignInNeeded, 401), (CrossSite, 403), (Throttled, 429), (TooLarge, 413),
]  # fmt: skip


def say(code: str, facts: dict[str, Any], locale: str = "zh_CN") -> str:
    """Return the sentence of a code with its facts filled in; a missing fact shows as a dash."""
    catalogue = _catalogue(locale)
    if code == "not_found" and facts.get("what") in WHAT:
        facts = facts | {"what": catalogue.gettext(WHAT[facts["what"]])}
    if code == "forbidden" and facts.get("permission") in PERMISSIONS:
        facts = facts | {"permission": catalogue.gettext(PERMISSIONS[facts["permission"]])}
    if facts.get("by") == "system":
        facts = facts | {"by": catalogue.gettext("系统")}
    if (name := name_of(facts)) is not None:
        facts = facts | {"field": catalogue.gettext(name)}
    return catalogue.gettext(TEXTS.get(code, code)).format_map(_Facts(facts))


def name_of(facts: Mapping[str, Any]) -> str | None:
    """Return what people call the field that an error is about; None where there is no word for it."""
    return FIELDS.get(facts.get("called") or facts.get("field") or "")


def problem(error: RegistryError, locale: str = "zh_CN") -> dict[str, Any]:
    """Return an error as a problem document (RFC 9457) with the fields of the contract."""
    if isinstance(error, SeveralInvalid):
        return _several(error, locale)
    status = next((status for family, status in _FAMILIES if isinstance(error, family)), 500)
    errors = []
    if (field := error.facts.get("field")) is not None:
        told = {name: str(error.facts.get(name, "")) for name in ("value", "accepted")}
        errors = [{"field": field, "value": told["value"], "rule": error.code, "accepted": told["accepted"]}]
    return {
        "type": f"urn:registry:{error.code}", "title": error.code, "status": status, "code": error.code,
        "detail": say(error.code, error.facts, locale), "errors": errors,
    }  # fmt: skip


def _several(error: SeveralInvalid, locale: str) -> dict[str, Any]:
    """Return the problem of several fields: a line and a sentence for each."""
    told = [problem(fault, locale) for fault in error.faults]
    facts = {"count": len(told), "told": "；".join(one["detail"] for one in told)}
    lines = [line for one in told for line in one["errors"]]
    return told[0] | {
        "type": f"urn:registry:{error.code}", "title": error.code, "code": error.code,
        "detail": say(error.code, facts, locale), "errors": lines,
    }  # fmt: skip


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


def _catalogue(locale: str) -> NullTranslations:
    return translation("registry", Path(__file__).parent.parent / "locale", [locale], fallback=True)
