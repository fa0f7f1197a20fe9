"""What somebody orders to be printed, and the numbers that papers carry."""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from registry.kernel.errors import Invalid
from registry.kernel.fields import SHORT, clean
from registry.kernel.period import parse_year
from registry.kernel.vocabulary import DocumentKind

_NUMBER = re.compile(r"([0-9A-Z]{1,8})-文-([0-9]{4})-([0-9]{6})")
_WRITTEN = re.compile(rb"[0-9A-Z]{1,8}-\xe6\x96\x87-[0-9]{4}-[0-9]{6}")
_STREAM = re.compile(rb"\bstream\r?\n")
# An upload may be made to unpack without end.
_MOST_STREAMS, _BEGINNING = 2_000, 2**16


@dataclass(frozen=True, slots=True)
class Order:
    """One paper: its kind, what it is about (`DocumentKind.about`), its year and edition, if it has any."""

    kind: DocumentKind
    subject: str
    year: int | None = None
    edition: str = ""


def read_order(kind: str, subject: str, year: str = "", edition: str = "") -> Order:
    """Return what a form or a job asks to be printed; what its kind has no use for is left out.

    Raises:
        Invalid: no such kind of paper, no subject, no readable year, no such edition.
    """
    known = DocumentKind.read(kind)
    if known is None:
        accepted = "、".join(one.label for one in DocumentKind)
        raise Invalid("word_unknown", "kind", kind, accepted=accepted)
    named = clean(subject, "subject", SHORT)
    if named is None:
        raise Invalid(
            "field_missing", "subject", subject, accepted="许可证号、矿业权编号、行政区名称或代码、预警编号"
        )
    return Order(known, named, parse_year(year).year if known.has_year else None, _edition(known, edition))


def _edition(kind: DocumentKind, text: str) -> str:
    if not kind.editions:
        return ""
    if text.strip() not in kind.editions:
        raise Invalid("word_unknown", "edition", text, accepted="、".join(kind.editions))
    return text.strip()


def document_number(letters: str, year: int, running: int) -> str:
    """Return the public number of a paper, such as SZ-文-2025-000318."""
    return f"{letters}-文-{year:04d}-{running:06d}"


def is_document_number(text: str) -> bool:
    """Tell whether a text has the form of a paper's number."""
    return _NUMBER.fullmatch(text) is not None


def number_in(content: bytes) -> str | None:
    """Return the number of the paper that a PDF carries in the data inside it; None where there is none.

    A file that another program has written anew may hide it; such a file is not ours any more either.
    """
    for part in (content, *_inflated(content)):
        if found := _WRITTEN.search(part):
            return found[0].decode()
    return None


def _inflated(content: bytes) -> Iterator[bytes]:
    """Give the beginning of each packed stream of a PDF, as far as it can be unpacked."""
    for place in islice(_STREAM.finditer(content), _MOST_STREAMS):
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(content[place.end() : place.end() + _BEGINNING], _BEGINNING)
