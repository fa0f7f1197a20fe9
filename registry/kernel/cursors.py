"""Where a list goes on: an opaque text that holds the key of the last row that was given."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from registry.kernel.errors import Invalid
from registry.kernel.fields import SHORT, clean, shown
from registry.kernel.quantity import LARGEST

_LONGEST = 1000


def cursor_of(name: str, *key: str | int) -> str:
    """Return the cursor after the row with this key in the list of this name."""
    text = json.dumps([name, *key], ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def key_of(cursor: str, name: str, *shape: type) -> tuple[Any, ...]:
    """Return the key in a cursor of the list of this name; `shape` is the type of each part.

    Raises:
        Invalid: it is no cursor of this list.
    """
    try:
        if len(cursor) > _LONGEST:
            raise ValueError
        text = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode()
        given, *key = json.loads(text)
        if given != name or [type(part) for part in key] != list(shape) or not all(map(_usable, key)):
            raise ValueError
    except (ValueError, TypeError, RecursionError, Invalid) as error:
        raise Invalid(
            "cursor_unreadable", "cursor", shown(cursor), accepted="上一页的 next_cursor，原样"
        ) from error
    return tuple(key)


def _usable(part: str | int) -> bool:
    return clean(part, "cursor", SHORT) == part if isinstance(part, str) else abs(part) <= LARGEST
