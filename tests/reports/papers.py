"""What a printed PDF says, for the tests about papers."""

import io
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache

import pikepdf
from pypdf import PdfReader

from registry.kernel.display import chinese_date
from registry.kernel.vocabulary import Word
from reports.confidence import Source
from reports.inspection import Spell
from reports.sheet import Paper

# Printed as a shape, a colour or a choice of words, not as themselves.
UNPRINTED = {"tone", "office", "officers", "meter", "sketch", "chart", "letter", "verify", "audit_head"}


@cache
def text_of(content: bytes) -> str:
    """Return the whole text without blanks, since a long value wraps where its column ends."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages)


def pages_of(content: bytes) -> int:
    """Return how many pages a PDF has."""
    return len(PdfReader(io.BytesIO(content)).pages)


def fonts_of(content: bytes) -> dict[str, bool]:
    """Return the fonts of a PDF by name, and whether the font file is in it."""
    found = {}
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            for font in page.Resources.Font.values():
                inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
                embedded = any(key.startswith("/FontFile") for key in inner.FontDescriptor.keys())  # noqa: SIM118
                found[str(font.BaseFont)] = embedded
    return found


def printed_values(value: object, name: str = "", in_words: bool = False) -> list[str]:
    """Return every text that a sheet holds, as it must be found in the print."""
    if name in UNPRINTED or value is None or isinstance(value, bool):
        return []
    if isinstance(value, Source) and not value.doubtful:
        return []
    if is_dataclass(value):
        dated = type(value) in (Paper, Spell)
        return [
            text
            for field in fields(value)
            for text in printed_values(getattr(value, field.name), field.name, dated)
        ]
    if isinstance(value, tuple):
        return [text for item in value for text in printed_values(item, name)]
    if isinstance(value, date):
        return [chinese_date(value) if in_words else value.isoformat()]
    text = value.label if isinstance(value, Word) else str(value)
    return ["".join(text.split())] if text else []
