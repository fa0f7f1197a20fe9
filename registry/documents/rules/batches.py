"""Many papers ordered at once: what is to be printed, what came of each, and under which name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from registry.documents.rules.orders import Order
from registry.kernel.vocabulary import DocumentKind

MOST = 2_000  # papers of one batch
_LONGEST_NAME = 180  # bytes of UTF-8, well below what any file system takes
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


@dataclass(frozen=True, slots=True)
class Batch:
    """Papers of one kind about everything that a filter has found; `absent` has nothing to be printed."""

    kind: DocumentKind
    year: int | None
    filters: Mapping[str, str]
    subjects: tuple[str, ...]
    absent: tuple[str, ...]
    regions: tuple[str, ...]

    @property
    def orders(self) -> list[Order]:
        """The papers, each as it would be ordered by itself."""
        return [Order(self.kind, subject, self.year) for subject in self.subjects]


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one paper: its number, title, SHA-256 and size, or why there is none."""

    subject: str
    number: str = ""
    title: str = ""
    sha256: str = ""
    size: int = 0
    refused: str = ""

    @property
    def file(self) -> str:
        """The name of the file in the archive: SZ-文-2025-000318 and the title, safe on any system."""
        return file_name(self.number, self.title) if self.number else ""


def file_name(number: str, title: str) -> str:
    """Return a name that people can read and no system takes for a path; the number makes it unique."""
    name = " ".join(_UNSAFE.sub(" ", f"{number} {title}").split())
    cut = name.encode()[:_LONGEST_NAME].decode(errors="ignore").rstrip(" .")
    return f"{cut}.pdf"
