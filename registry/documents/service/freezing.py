"""Reads what a paper says, once, and freezes it: from here on the register may change."""

from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from registry.alarms.models import Alarm
from registry.alarms.queries import alarm_numbered
from registry.documents.queries import book_numbered, permitted
from registry.documents.rules import Order
from registry.documents.service.facts import refuse_named
from registry.documents.service.municipal import refuse_early
from registry.documents.service.notices import refuse_alarm, refuse_notice
from registry.documents.service.printing import Sheet
from registry.documents.service.sheets import SHEETS
from registry.identity.queries import require
from registry.identity.rules import Actor
from registry.kernel.errors import NotFound
from registry.kernel.period import parse_year
from registry.kernel.vocabulary import DocumentKind
from registry.platform import clock
from registry.platform.audit import AuditHead
from registry.regions.queries import code_of, lineage, region
from registry.settings import settings
from reports.frozen import content_hash, with_paper

_LONGEST_NUMBER = 18
_OF_THE_DAY = (DocumentKind.permit, DocumentKind.registration)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an order is about, under the name that the register has for it; where that lies, and its year."""

    name: str
    region: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Frozen:
    """The data of one paper, and what tells it from every other."""

    order: Order
    sheet: Sheet
    region: str
    office: str
    letters: str
    day: date

    @property
    def key(self) -> str:
        """What only one current paper may stand for."""
        order = self.order
        parts = (self.office, order.kind, order.subject, str(order.year or ""), order.edition)
        return "/".join(parts if order.edition else parts[:-1])

    @property
    def content(self) -> str:
        """SHA-256 of what the paper says: facts told as of the day are no others for the day alone."""
        sheet = self.sheet
        if self.order.kind in _OF_THE_DAY:
            sheet = with_paper(sheet, replace(sheet.paper, data_through=None))
        return content_hash(sheet)

    def numbered(self, number: str) -> Sheet:
        """Return the sheet with its number and the address at which it can be verified."""
        verify = f"{settings().public_url.rstrip('/')}/verify/{number}"
        return with_paper(self.sheet, replace(self.sheet.paper, number=number, verify=verify))


def subject_of(session: Session, actor: Actor, order: Order) -> Subject:
    """Return what an order is about, if the actor may print it.

    Raises:
        NotFound: there is no such permit, right, region or alarm, or it lies outside the jurisdiction.
        NotOnTheBooks: a plan only names the mine.
        Refused: a notice would have nothing to tell.
        Invalid: an edition of a report that cannot be told yet.
    """
    about = order.kind.about
    if about == "region":
        code = code_of(session, order.subject)
        _require(session, actor, order, code)
        if order.kind is DocumentKind.municipal and order.year is not None:
            refuse_early(session, order.year, order.edition)
        return Subject(code, code)
    if about == "alarm":
        alarm = _alarm(session, order.subject)
        _require(session, actor, order, alarm.region)
        refuse_alarm(alarm)
        return Subject(
            str(alarm.id), alarm.region, parse_year(alarm.period[:4]).year if alarm.period else None
        )
    if about == "permit":
        book, permit = permitted(session, order.subject, clock.today(session))
        found = Subject(permit.number if permit else book.right.number, book.right.region)
    else:
        book = book_numbered(session, order.subject)
        found = Subject(book.right.number, book.right.region)
    _require(session, actor, order, found.region)
    refuse_named(book.right)
    refuse_notice(session, order, book)
    return found


def _alarm(session: Session, number: str) -> Alarm:
    """Return the alarm of a number as somebody wrote it.

    Raises:
        NotFound: there is none, or it is no number that an alarm may have.
    """
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER):
        raise NotFound("alarm", number)
    return alarm_numbered(session, int(number), None)


def _require(session: Session, actor: Actor, order: Order, place: str) -> None:
    """Let a print pass; what lies outside the jurisdiction is told exactly like what does not exist."""
    try:
        require(session, actor, "report.print", place)
    except NotFound as error:
        raise NotFound(order.kind.about, order.subject) from error


def frozen(session: Session, actor: Actor, order: Order) -> Frozen:
    """Return the data of a paper as they stand now, with the newest link of the audit chain.

    Raises:
        NotFound, NotOnTheBooks: see `subject_of`.
    """
    subject = subject_of(session, actor, order)
    named = replace(order, subject=subject.name, year=order.year or subject.year)
    sheet = SHEETS[order.kind](session, named, actor)
    head = session.get(AuditHead, subject.region)
    link = f"{head.region}:{head.seq}:{head.hash}" if head else None
    office = office_of(session, actor, subject.region)
    return Frozen(
        order=named,
        sheet=with_paper(sheet, replace(sheet.paper, audit_head=link)),
        region=subject.region,
        office=office,
        letters=region(session, office).letters or office,
        day=clock.today(session),
    )


def office_of(session: Session, actor: Actor, place: str) -> str:
    """Return the office that an actor prints for: that of the place, where they have a role there.

    Who has a role only further up prints for that office, with its numbers and into its chain: a
    municipal officer changes nothing in a county's book.
    """
    held = {where for _, where in actor.roles}
    return next((code for code in lineage(session, place) if code in held), place)
