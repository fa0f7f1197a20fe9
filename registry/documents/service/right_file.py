"""One right with everything about it: what papers say of it today and in a year, and how it came to be so."""

from dataclasses import dataclass

from sqlmodel import Session

from registry.alarms.queries import alarms, public
from registry.documents.models import Document
from registry.documents.queries import RightBook, book_numbered, papers_about
from registry.documents.service.inspection import inspection_data
from registry.documents.service.permit import permit_data
from registry.identity.queries import require
from registry.identity.rules import Actor
from registry.kernel.period import Year, month_of
from registry.kernel.quantity import Quantity, of_kind
from registry.output.models import OutputReturn
from registry.output.queries import corrected_in, newest_year, owed_by, returns_of, years_told
from registry.output.queries.rights import Owed
from registry.platform import clock
from registry.rights.models import Permit, RightVersion
from registry.rights.queries import every_permit_of, every_version_of
from reports.inspection import InspectionSheet
from reports.permit import PermitSheet

_NAMED = None  # a mine that a plan only names has no papers


@dataclass(frozen=True, slots=True)
class Months:
    """What a right has dug of its main mineral in each month of a year, None where nothing has come."""

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
class RightFile:
    """A right and its book; `permit` and `year_sheet` are None where a plan only names the mine."""

    book: RightBook
    year: int
    years: tuple[int, ...]
    permit: PermitSheet | None
    year_sheet: InspectionSheet | None
    months: Months | None
    versions: tuple[RightVersion, ...]
    permits: tuple[Permit, ...]
    owed: tuple[Owed, ...]
    corrected: tuple[OutputReturn, ...]
    alarms: tuple[dict[str, object], ...]
    papers: tuple[Document, ...]


def right_file(session: Session, actor: Actor, number: str, year: int | None = None) -> RightFile:
    """Return everything about a right, its returns those of a year (by default the newest that it told of).

    Raises:
        NotFound: there is no such right, or it lies outside the actor's jurisdiction.
    """
    book = book_numbered(session, number)
    require(session, actor, "rights.read", book.right.region)
    key, today = book.right.id or 0, clock.today(session)
    years = tuple(years_told(session, key))
    shown = year or (years[0] if years else newest_year(session) or today.year)
    permits = every_permit_of(session, key)
    subjects = [book.right.number, *(permit.number for permit in permits)]
    counted = book.right.counted
    return RightFile(
        book=book,
        year=shown,
        years=tuple(sorted({*years, shown, today.year}, reverse=True)),
        permit=permit_data(session, book.right.number, actor) if counted else _NAMED,
        year_sheet=inspection_data(session, book.right.number, shown, actor) if counted else _NAMED,
        months=_months(session, book, shown) if counted else _NAMED,
        versions=tuple(every_version_of(session, key)),
        permits=tuple(permits),
        owed=tuple(owed_by(session, key, today)),
        corrected=tuple(corrected_in(session, key, shown)),
        alarms=tuple(public(session, alarms(session, right=book.right.number))),
        papers=tuple(papers_about(session, subjects)),
    )


def _months(session: Session, book: RightBook, year: int) -> Months:
    permit = book.permit_in(Year(year))
    told = [row for row in returns_of(session, book.right.id or 0, year) if row.mineral == book.main]
    by_month: dict[int, Quantity] = {}
    for row in told:
        month = month_of(row.first_day).month
        before = by_month[month].base if month in by_month else 0
        by_month[month] = of_kind(row.kind, before + row.quantity)
    limit = (
        of_kind(permit.kind, permit.scale) if permit and permit.kind and permit.scale is not None else None
    )
    return Months(tuple(by_month.get(month) for month in range(1, 13)), limit)
