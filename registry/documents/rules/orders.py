"""What somebody orders to be printed, and the numbers that papers carry."""

import re
from dataclasses import dataclass

from registry.kernel.errors import Invalid
from registry.kernel.fields import SHORT, clean
from registry.kernel.period import parse_year
from registry.kernel.vocabulary import DocumentKind

_NUMBER = re.compile(r"([0-9A-Z]{1,8})-文-([0-9]{4})-([0-9]{6})")
# A PDF holds a text that is more than Latin letters as UTF-16 in hexadecimal digits.
_KEYWORDS = re.compile(rb"/Keywords\s*<([0-9A-Fa-f\s]{4,400})>")
_BYTES_OF_A_MARK = b"\xfe\xff"


@dataclass(frozen=True, slots=True)
class Order:
    """One paper: its kind, the permit, right or region it is about, and its year; a permit has none."""

    kind: DocumentKind
    subject: str
    year: int | None = None


def read_order(kind: str, subject: str, year: str = "") -> Order:
    """Return what a form or a job asks to be printed.

    Raises:
        Invalid: no such kind of paper, no subject, no readable year.
    """
    known = DocumentKind.read(kind)
    if known is None:
        accepted = "、".join(one.label for one in DocumentKind)
        raise Invalid("word_unknown", "kind", kind, accepted=accepted)
    named = clean(subject, "subject", SHORT)
    if named is None:
        raise Invalid("field_missing", "subject", subject, accepted="许可证号、矿业权编号或行政区代码")
    return Order(known, named, parse_year(year).year if known.has_year else None)


def document_number(letters: str, year: int, running: int) -> str:
    """Return the public number of a paper, such as SZ-文-2025-000318."""
    return f"{letters}-文-{year:04d}-{running:06d}"


def is_document_number(text: str) -> bool:
    """Tell whether a text has the form of a paper's number."""
    return _NUMBER.fullmatch(text) is not None


def number_in(content: bytes) -> str | None:
    """Return the number that a PDF of ours carries among its keywords, None where there is none to be read.

    A file that another program has written anew may hide it; such a file is not ours any more either.
    """
    for written in _KEYWORDS.findall(content):
        raw = bytes.fromhex(b"".join(written.split()).decode())
        text = raw.removeprefix(_BYTES_OF_A_MARK).decode("utf-16-be", errors="replace")
        if found := _NUMBER.search(text):
            return found[0]
    return None
