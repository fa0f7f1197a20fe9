"""Reads a page as a person does: the words of its rows, the labels of its drawings."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Page(HTMLParser):
    """The rows of a page by their public id, and all of its words and tags."""

    rows: dict[str, str] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""
    _row: str | None = None
    _in_title: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag == "tr" and "data-row" in given:
            self._row = given["data-row"] or ""
            self.rows[self._row] = ""
        elif tag in ("table", "section"):
            self._row = None
        elif tag == "title":
            self._in_title = True
            self.titles.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif tag == "table":
            self._row = None  # what follows a table belongs to none of its rows

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if self._in_title:
            self.titles[-1] += words
            return
        self.text += f"{words} " if words else ""
        if self._row is not None and words:
            self.rows[self._row] += f"{words} "


def read(content: str) -> Page:
    """Return a page as it reads."""
    page = Page()
    page.feed(content)
    page.close()
    return page
