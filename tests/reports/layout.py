"""How a paper was laid out: its lines, and what lies outside the page or its own column."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
import weasyprint

_MAY_LIE_ACROSS = "watermark"
_ROOM = 0.75  # CSS pixels by which a glyph may lie outside its box for rounding


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text, its place on its page, and the cell or page that it must stay within."""

    page: int
    text: str
    left: float
    right: float
    top: float
    bottom: float
    within: tuple[float, float]


def laid_out(lay_out, *given) -> tuple[bytes, Any]:
    """Return the PDF that a function prints, and the document that the layout engine made for it."""
    kept = []
    with pytest.MonkeyPatch.context() as patch:
        original = weasyprint.HTML.render

        def render(*args, **options):
            kept.append(original(*args, **options))
            return kept[-1]

        patch.setattr(weasyprint.HTML, "render", render)
        content = lay_out(*given)
    return content, kept[-1]


def lines_of(document) -> list[str]:
    """Return the text of every line of a paper, in the order of the document."""
    boxes = (box for page in document.pages for box in _boxes(page._page_box))
    lines = (_text(box) for box in boxes if type(box).__name__ == "LineBox")
    return [line for line in lines if line]


def neighbours_of(document) -> Iterator[tuple[str, str]]:
    """Yield each line of a paper with the line below it in the same paragraph or cell."""
    for page in document.pages:
        for box in _boxes(page._page_box):
            lines = [_text(child) for child in _children(box) if type(child).__name__ == "LineBox"]
            yield from ((line, below) for line, below in pairwise(lines) if line and below)


def _text(line) -> str:
    return "".join(one.text for one in _boxes(line) if hasattr(one, "text")).strip()


def pieces_of(document) -> Iterator[Piece]:
    """Yield every piece of text with the room that it has."""
    for number, page in enumerate(document.pages, 1):
        yield from _pieces(page._page_box, number, (0, page.width))


def outside(document) -> list[Piece]:
    """Return the text that lies outside its page or sticks out of its cell; the watermark lies across."""
    heights = [page.height for page in document.pages]
    return [
        piece
        for piece in pieces_of(document)
        if piece.left < piece.within[0] - _ROOM
        or piece.right > piece.within[1] + _ROOM
        or piece.top < -_ROOM
        or piece.bottom > heights[piece.page - 1] + _ROOM
    ]


def _pieces(box, page: int, within: tuple[float, float]) -> Iterator[Piece]:
    if _MAY_LIE_ACROSS in (box.element.get("class", "") if getattr(box, "element", None) is not None else ""):
        return
    if type(box).__name__ == "TableCellBox":
        within = (box.position_x, box.position_x + box.border_width())
    if hasattr(box, "text") and box.text.strip():
        left, top = box.position_x, box.position_y
        yield Piece(page, box.text, left, left + box.width, top, top + box.height, within)
    for child in _children(box):
        yield from _pieces(child, page, within)


def _boxes(box) -> Iterator[Any]:
    for child in _children(box):
        yield child
        yield from _boxes(child)


def _children(box) -> list[Any]:
    return [getattr(child, "_box", child) for child in getattr(box, "children", ())]
