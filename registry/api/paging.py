"""One page of a list, with the cursor to the next."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from registry.kernel.cursors import cursor_of, key_of

Row = TypeVar("Row")
Key = tuple[str | int, ...]


def listed(
    name: str, rows: Sequence[Row], limit: int, key: Callable[[Row], Key], told: Callable[[Row], Any]
) -> dict[str, Any]:
    """Return a page of rows; they were asked for with one more than the limit, which tells of a next page."""
    shown = rows[:limit]
    more = cursor_of(name, *key(shown[-1])) if len(rows) > limit else None
    return {"items": [told(row) for row in shown], "next_cursor": more}


def after(cursor: str | None, name: str, *shape: type) -> Any:
    """Return the key that a page begins behind, or None for the first page."""
    return None if cursor is None else key_of(cursor, name, *shape)


def cut(rows: Sequence[Row], behind: Key | None, key: Callable[[Row], Key], limit: int) -> list[Row]:
    """Return the rows behind a key, one more than the limit, of a short list that is sorted by the key."""
    return [row for row in rows if behind is None or key(row) > behind][: limit + 1]
