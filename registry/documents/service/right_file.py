"""One right with everything about it: what stands in the book, its year, and how it came to be so."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from registry.alarms.queries import alarms, public
from registry.documents.models import Document
from registry.documents.queries import RightBook, book_numbered, papers_about
from registry.documents.service.inspection import caps_above, mineral_years, own_part
from registry.documents.service.ledger import ledger_year, reserve_lines
from registry.documents.service.permit import permit_sheet
from registry.greenmine.models import GreenSpell
from registry.greenmine.queries import green_spells_of
from registry.identity.queries import is_within, require
from registry.identity.rules import Actor
from registry.kernel.errors import NotFound
from registry.kernel.period import Year, month_of
from registry.kernel.quantity import Quantity, of_kind, ratio
from registry.output.models import OutputReturn
from registry.output.queries import corrected_in, newest_year, owed_by, returns_of, years_told
from registry.output.queries.rights import Owed
from registry.platform import clock
from registry.platform.audit_trail import Act, acts_on
from registry.registration.rules import in_kind
from registry.rights.models import Permit, RightVersion
from registry.rights.queries import every_permit_of, every_version_of
from registry.rights.rules import current_permit
from registry.workflows.cap_status import CapStatus
from reports.caps import CapReading
from reports.inspection import MineralYear, ReserveLine
from reports.permit import PermitSheet

_NOTHING: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Months:
    """What a right has dug of its main mineral in each month of a year, None where nothing has come.

    `limit` is the permit's yearly scale in the same kind; None where none is recorded or none compares.
    """

    amounts: tuple[Quantity | None, ...]
    limit: Quantity | None

    @property
    def sums(self) -> tuple[int | None, ...]:
        """The running sum at each month that has come, in base units."""
        found: list[int | None] = []
        total = 0
        for amount in self.amounts:
            total += amount.base if amount else 0
            found.append(total if amount else None)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class CapPart:
    """A cap above the right, and the right's own part of it: its sum, or the highest day of a daily cap."""

    status: CapStatus
    reading: CapReading
    own: Quantity | None

    @property
    def share(self) -> Decimal | None:
        """The right's part of the cap's limit, to be rounded where it is told; None without either."""
        limit = self.status.limit
        return None if self.own is None or limit is None else ratio(self.own, limit)


@dataclass(frozen=True, slots=True)
class RightFile:
    """A right and its book; of a mine that a plan only names everything that papers say is missing."""

    book: RightBook
    year: int
    years: tuple[int, ...]
    permit: PermitSheet | None
    months: Months | None
    minerals: tuple[MineralYear, ...]
    caps: tuple[CapPart, ...]
    reserves: tuple[ReserveLine, ...]
    reserves_remark: str
    green: tuple[GreenSpell, ...]
    versions: tuple[RightVersion, ...]
    permits: tuple[Permit, ...]
    owed: tuple[Owed, ...]
    corrected: tuple[OutputReturn, ...]
    alarms: tuple[dict[str, Any], ...]
    papers: tuple[Document, ...]
    acts: tuple[Act, ...]


def right_file(session: Session, actor: Actor, number: str, year: int | None = None) -> RightFile:
    """Return everything about a right, its returns those of a year (by default the newest that it told of).

    Raises:
        NotFound: there is no such right, or it lies outside the actor's jurisdiction.
    """
    book = book_numbered(session, number)
    if not is_within(session, actor, book.right.region):
        raise NotFound("right", number)
    require(session, actor, "rights.read", book.right.region)
    key, today = book.right.id or 0, clock.today(session)
    years = years_told(session, key)
    shown = year or (years[0] if years else newest_year(session) or today.year)
    permits = every_permit_of(session, key)
    subjects = [book.right.number, *(permit.number for permit in permits)]
    of_year = _of_year(session, book, shown) if book.right.counted else _NAMED_ONLY
    return RightFile(
        book=book,
        year=shown,
        years=tuple(sorted({*years, shown, today.year}, reverse=True)),
        green=tuple(green_spells_of(session, [key]).get(key, [])),
        versions=tuple(every_version_of(session, key)),
        permits=tuple(permits),
        owed=tuple(owed_by(session, key, today)),
        corrected=tuple(corrected_in(session, key, shown)),
        alarms=tuple(public(session, alarms(session, right=book.right.number))),
        papers=tuple(papers_about(session, subjects)),
        acts=tuple(acts_on(session, book.right.number)),
        **of_year,
    )


_NAMED_ONLY: dict[str, Any] = {
    "permit": None, "months": None, "minerals": _NOTHING, "caps": _NOTHING, "reserves": _NOTHING,
    "reserves_remark": "",
}  # fmt: skip


def _of_year(session: Session, book: RightBook, year: int) -> dict[str, Any]:
    """Return what papers would say of a right on the books, and of its year."""
    returns = returns_of(session, book.right.id or 0, year)
    lines, remark = reserve_lines(ledger_year(session, book, year), year)
    permit = book.permit_in(Year(year))
    return {
        "permit": permit_sheet(session, book, current_permit(book.permits, clock.today(session))),
        "months": _months(book, permit, returns),
        "minerals": mineral_years(session, book, permit, returns, year),
        "caps": tuple(
            CapPart(status, reading, own_part(status, returns))
            for reading, status in caps_above(session, book, year)
        ),
        "reserves": lines,
        "reserves_remark": remark,
    }


def _months(book: RightBook, permit: Permit | None, returns: Sequence[OutputReturn]) -> Months:
    by_month: dict[int, Quantity] = {}
    for row in returns:
        if row.mineral == book.main:
            month = month_of(row.first_day).month
            before = by_month[month].base if month in by_month else 0
            by_month[month] = of_kind(row.kind, before + row.quantity)
    kinds = {amount.kind for amount in by_month.values()}
    scale = (
        of_kind(permit.kind, permit.scale) if permit and permit.kind and permit.scale is not None else None
    )
    limit = in_kind(scale, kinds.pop(), book.density) if len(kinds) == 1 else None
    return Months(tuple(by_month.get(month) for month in range(1, 13)), limit)
