"""What papers are built from, and the papers that are kept."""

from registry.documents.queries.kept import (
    Found,
    Wanted,
    by_digest,
    by_number,
    current_of,
    current_saying,
    documents,
    documents_behind,
    papers_about,
    predecessor,
    read_wanted,
    successor,
)
from registry.documents.queries.rights import RightBook, book_numbered, book_of, permitted

__all__ = [
    "Found",
    "RightBook",
    "Wanted",
    "book_numbered",
    "book_of",
    "by_digest",
    "by_number",
    "current_of",
    "current_saying",
    "documents",
    "documents_behind",
    "papers_about",
    "permitted",
    "predecessor",
    "read_wanted",
    "successor",
]
