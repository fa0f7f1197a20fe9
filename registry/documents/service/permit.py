"""The permit sheet of one permit."""

from sqlmodel import Session

from registry.documents.queries import RightBook, permitted
from registry.documents.rules import attribute, coordinates
from registry.documents.service.area import area_of, ring_source, rings_of
from registry.documents.service.caps import printed
from registry.documents.service.facts import facts_of, refuse_named
from registry.documents.service.papers import paper
from registry.identity.queries import require
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.display import base_rate
from registry.kernel.period import Year
from registry.kernel.quantity import digits, quotient
from registry.kernel.sketch import sketch
from registry.kernel.vocabulary import RightKind
from registry.plans.queries import CapFigure, caps_over, figure, lines_of
from registry.platform import clock
from registry.rights.models import Permit
from reports.permit import PermitSheet, PlanBasis
from reports.sheet import Paper

_TITLES = {RightKind.mining: "采矿许可证", RightKind.exploration: "勘查许可证"}


def permit_data(session: Session, number: str, actor: Actor = SYSTEM) -> PermitSheet:
    """Return the sheet of a permit by its number; a right's own number gives its present permit.

    Raises:
        NotFound: neither a permit nor a right has the number, or it lies outside the jurisdiction.
        NotOnTheBooks: a plan only names the mine.
    """
    book, permit = permitted(session, number, clock.today(session))
    require(session, actor, "report.print", book.right.region)
    refuse_named(book.right)
    return permit_sheet(session, book, permit)


def permit_sheet(session: Session, book: RightBook, permit: Permit | None) -> PermitSheet:
    """Return what the sheet of a permit says, from the book of its right."""
    today, area = clock.today(session), area_of(book)
    return PermitSheet(
        paper=_paper(session, book, permit),
        facts=facts_of(session, book, permit, today),
        bases=tuple(_basis(one) for one in _figures(session, book, Year(today.year))),
        rings=rings_of(area),
        coordinates=coordinates(area.belt if area else None),
        sketch=sketch(area) if area else None,
        remarks=_remarks(book, permit),
        ring_source=ring_source(area),
    )


def _remarks(book: RightBook, permit: Permit | None) -> tuple[str, ...]:
    """Return what a supplement notes: where it is not the register's own word, whose it is."""
    notes = []
    if book.version and book.version.density_g_m3:
        density = digits(quotient(book.version.density_g_m3, 10**6, 6))
        notes.append(f"体积质量 {density} t/m³（登记）")
    if permit is not None and not permit.national:
        notes.append("证号为本局登记编号，非全国统一编码；全国统一编码由自然资源部系统赋予")
    if book.version and book.version.document:
        notes.append(f"登记依据 {book.version.document}")
    return tuple(notes)


def _paper(session: Session, book: RightBook, permit: Permit | None) -> Paper:
    title = _TITLES[book.right.kind]
    number = permit.number if permit else book.right.number
    authority = (permit.authority if permit else None) or book.regions[0].name
    return paper(
        session, title, "登记簿打印件", authority, f"{title}登记簿打印件 {number}", clock.today(session),
        licence=True, draft=permit is None or "草" in number,
    )  # fmt: skip


def _figures(session: Session, book: RightBook, year: Year) -> list[CapFigure]:
    """Return the caps over the right in a year, those of its own county first."""
    counted = [line.mineral for line in book.minerals if line.counted] or [book.main or ""]
    caps = caps_over(session, book.places, counted)
    lines = lines_of(session, caps)
    caps.sort(key=lambda cap: book.places.index(cap.region))
    return [figure(cap, lines.get(cap.id or 0, []), year) for cap in caps]


def _basis(found: CapFigure) -> PlanBasis:
    return PlanBasis(
        document=found.document.title if found.document else "—",
        clause=found.clause,
        mineral=found.cap.mineral,
        binding=attribute(found.binding),
        printed=printed(found),
        base=base_rate(found.limit, found.cap.period),
        remark="规划期已满，沿用" if found.carried_forward else None,
    )
