"""Which rows of a list a page shows, and the addresses of the other pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from registry.kernel.errors import Invalid

SIZE = 50
_FURTHEST = 100_000


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of a list of `total` rows."""

    path: str
    query: Mapping[str, str]
    page: int
    total: int
    size: int = SIZE

    @property
    def pages(self) -> int:
        """How many pages there are; a list without rows has one."""
        return max(-(-self.total // self.size), 1)

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1."""
        return min((self.page - 1) * self.size + 1, self.total)

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.page * self.size, self.total)

    def address(self, page: int) -> str:
        """Return the address of another page under the same filters; empty ones are left out."""
        kept = {name: value for name, value in self.query.items() if value and name != "page"}
        return f"{self.path}?{urlencode(kept | {'page': str(page)})}"


def read_page(text: str) -> int:
    """Return the number of a page, from 1; nothing written is the first.

    Raises:
        Invalid: it is no number from 1 to 100,000.
    """
    if not text:
        return 1
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and 1 <= int(text) <= _FURTHEST):
        raise Invalid("not_a_whole_number", "page", text, accepted=f"1–{_FURTHEST}")
    return int(text)


def offset(page: int, size: int = SIZE) -> int:
    """Return how many rows lie before a page."""
    return (page - 1) * size
