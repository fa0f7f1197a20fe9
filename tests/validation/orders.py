"""One order of every kind of paper that the demonstration can print, for whoever has to see each kind."""

from collections.abc import Iterator

from sqlmodel import Session

from registry.alarms.queries import alarms
from registry.documents.rules import Order
from registry.documents.service.freezing import Frozen, frozen
from registry.documents.service.sheets import SHEETS
from registry.identity.rules import SYSTEM
from registry.kernel.errors import Refused
from registry.kernel.vocabulary import DocumentKind
from registry.rights.queries import rights_in

COUNTY, YEAR = "500240", 2025


def of_every_kind(session: Session) -> Iterator[Frozen]:
    """Give one paper of every kind and edition that the registry prints, its data read from the book.

    Raises:
        LookupError: the book has nothing of which such a paper could be printed.
    """
    for kind in SHEETS:
        for edition in kind.editions[:: max(len(kind.editions) - 1, 1)] or ("",):
            yield _first(session, kind, edition)


def _first(session: Session, kind: DocumentKind, edition: str) -> Frozen:
    for subject in _subjects(session, kind):
        try:
            return frozen(session, SYSTEM, Order(kind, subject, YEAR if kind.has_year else None, edition))
        except Refused:  # nothing is missing there, or nothing to be reminded of
            continue
    raise LookupError(f"nothing in the book for {kind}")


def _subjects(session: Session, kind: DocumentKind) -> list[str]:
    if kind.about == "region":
        return [COUNTY]
    if kind.about == "alarm":
        return [str(one.id) for one in alarms(session, open_only=True)]
    return [right.number for right in rights_in(session)]
