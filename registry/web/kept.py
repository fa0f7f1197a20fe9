"""A form that came without a sign-in, kept in the page that asks to sign in, to be sent once more.

The page keeps what was typed, field by field in its order and with its one-time key. It never keeps a
password, nor the mark of the sign-in that is over; a chosen file cannot be kept, so its name is told.
"""

import json
from collections.abc import Mapping

from fastapi import Request

from registry.request import Form
from registry.request.addresses import parts_of
from registry.request.signing import CSRF_FIELD
from registry.web.page import here, is_local

FIELDS = ("kept_action", "kept", "lost", "too_long")
_MOST = 100_000  # characters of a form that are carried over a sign-in
_MOST_FIELDS = 500


def keep(request: Request, form: Form) -> dict[str, str]:
    """Return the hidden fields that carry a form over a sign-in, or whence it came where it is too long."""
    fields = [(name, value) for name, value in form.fields if _may_be_kept(name)]
    text = json.dumps(fields, ensure_ascii=False)
    lost = {"lost": "、".join(upload.name for _, upload in form.uploads)}
    if len(text) > _MOST:
        return lost | {"too_long": "1", "next": _page_of(request)}
    return lost | {"kept_action": here(request), "kept": text}


def _may_be_kept(name: str) -> bool:
    return name != CSRF_FIELD and "password" not in name


def _page_of(request: Request) -> str:
    """Return the page that the form stood in, as far as the browser tells."""
    told = parts_of(request.headers.get("referer", ""))
    return told.path if told.netloc == request.headers.get("host") and is_local(told.path) else ""


def kept_fields(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the fields of a kept form; nothing where what came back is none of ours."""
    if len(given["kept"]) > _MOST:
        return []
    try:
        found = json.loads(given["kept"])
    except (ValueError, RecursionError):
        return []
    pairs = found if isinstance(found, list) else []
    texts = [(pair[0], pair[1]) for pair in pairs[:_MOST_FIELDS] if _is_pair(pair)]
    return [(name, value) for name, value in texts if _may_be_kept(name)]


def _is_pair(pair: object) -> bool:
    """Tell whether it is a name and a value, both of signs that a page can show."""
    return isinstance(pair, list) and len(pair) == 2 and all(_is_text(part) for part in pair)


def _is_text(part: object) -> bool:
    return isinstance(part, str) and part.encode(errors="ignore").decode() == part
