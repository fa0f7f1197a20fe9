"""The registration sheet of one right: everything that the register holds about it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlmodel import Session

from registry.caps.models import Commitment
from registry.caps.queries import commitments_of
from registry.documents.queries import RightBook, book_numbered
from registry.documents.rules import area, attribute, coordinates, depth, office_figure, standing, term
from registry.documents.service.area import area_of, ring_source, rings_of
from registry.documents.service.caps import code_source, printed
from registry.documents.service.facts import facts_of, most_a_day, refuse_named, yearly_scale
from registry.documents.service.history import history_of
from registry.documents.service.office import office_called
from registry.documents.service.papers import paper
from registry.greenmine.queries import green_spells_of
from registry.identity.queries import require
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.display import office, office_unit
from registry.kernel.period import Year
from registry.kernel.quantity import of_kind
from registry.kernel.sketch import sketch
from registry.kernel.units import unit_named
from registry.kernel.vocabulary import CapPeriod, ReserveCategory, ReserveMove
from registry.minerals.queries import mineral_named
from registry.plans.queries import CapFigure, caps_over, figure, lines_of
from registry.platform import clock
from registry.reserves.models import ReserveEntry
from registry.reserves.queries import ledger_of
from registry.rights.models import Permit
from registry.rights.queries import every_permit_of
from registry.rights.rules import current_permit
from reports.inspection import Spell
from reports.registration import (
    CountedCap,
    HeldReserve,
    PermitRecord,
    RegisteredMineral,
    RegistrationSheet,
    RightRecord,
)

_TITLE = "矿业权登记信息单"
_CATEGORIES = list(ReserveCategory)


def registration_data(session: Session, number: str, actor: Actor = SYSTEM) -> RegistrationSheet:
    """Return everything registered about a right.

    Raises:
        NotFound: there is no such right, or it lies outside the jurisdiction.
        NotOnTheBooks: a plan only names it.
    """
    book = book_numbered(session, number)
    right, today = book.right, clock.today(session)
    require(session, actor, "report.print", right.region)
    refuse_named(right)
    key = right.id or 0
    facts = facts_of(session, book, current_permit(book.permits, today), today)
    drawn = area_of(book)
    return RegistrationSheet(
        paper=paper(
            session, _TITLE, "登记簿打印件", office_called(book.regions[0].name),
            f"{_TITLE} {right.number}", today, licence=True,
        ),
        right=_right(session, book),
        permits=tuple(_permit(one, today) for one in every_permit_of(session, key)),
        scale_class=facts.scale_class,
        scale_note=facts.scale_note,
        scale_source=facts.scale_source,
        states=tuple(Spell(one.state.label, one.since) for one in book.spells),
        green=tuple(
            Spell(one.level.label, one.since) for one in green_spells_of(session, [key]).get(key, [])
        ),
        caps=tuple(_caps(session, book, Year(today.year))),
        reserves=_reserves(session, book),
        history=history_of(session, right),
        rings=rings_of(drawn),
        coordinates=coordinates(drawn.belt if drawn else None),
        sketch=sketch(drawn) if drawn else None,
        ring_source=ring_source(drawn),
    )  # fmt: skip


def _right(session: Session, book: RightBook) -> RightRecord:
    right, version, holder = book.right, book.version, book.holder
    return RightRecord(
        number=right.number, kind=right.kind.label, region=_places(book), township=right.township,
        mine=right.mine, holder=holder.name if holder else None,
        credit_code=holder.credit_code if holder else None,
        economic_type=holder.economic_type if holder else None, address=holder.address if holder else None,
        minerals=_minerals(session, book),
        term=term(version.valid_from, version.valid_to) if version else None,
        authority=version.authority if version else None,
        area=area(version.area_m2) if version else None,
        depth=depth(version.top_mm, version.bottom_mm) if version else None,
        deposit_scale=version.deposit_scale.label if version and version.deposit_scale else None,
        density=f"{book.density} t/m³" if book.density else None,
        version=f"权利登记第 {version.version} 版" if version else "未载",
        document=version.document if version else None,
    )  # fmt: skip


def _places(book: RightBook) -> str:
    return "".join(region.name for region in reversed(book.regions))


def _minerals(session: Session, book: RightBook) -> tuple[RegisteredMineral, ...]:
    found = []
    for line in book.minerals:
        mineral = mineral_named(session, line.mineral)
        source = code_source(mineral) if mineral.code else None
        found.append(RegisteredMineral(line.mineral, line.role.label, mineral.code, source, line.counted))
    return tuple(found)


def _permit(permit: Permit, today: date) -> PermitRecord:
    now = standing(permit.valid_from, permit.valid_to, today) or "有效"
    return PermitRecord(
        number=permit.number, national=permit.national, first=permit.valid_from, last=permit.valid_to,
        scale=yearly_scale(permit), max_day=most_a_day(permit),
        method=permit.method.label if permit.method else None, authority=permit.authority,
        standing=now if permit.superseded_at is None else "登记已更新",
        recorded_on=clock.local_day(permit.recorded_at),
    )  # fmt: skip


def _caps(session: Session, book: RightBook, year: Year) -> Iterator[CountedCap]:
    """Give each commitment of the right with every cap that it counts against, those of the county first."""
    taken = commitments_of(session, book.right.id or 0)
    caps = caps_over(session, book.places, sorted({one.mineral for one in taken}))
    lines = lines_of(session, caps)
    caps.sort(key=lambda cap: book.places.index(cap.region))
    names = {region.code: region.name for region in book.regions}
    for one in taken:
        over = [cap for cap in caps if (cap.mineral, cap.period) == (one.mineral, one.period)]
        for cap in over:
            yield _counted(one, figure(cap, lines.get(cap.id or 0, []), year), names[cap.region])


def _counted(one: Commitment, over: CapFigure, region: str) -> CountedCap:
    amount = None if one.amount is None else f"{office(of_kind(one.kind, one.amount), one.period)}"
    return CountedCap(
        mineral=one.mineral, region=region, printed=printed(over),
        clause=over.clause, binding=attribute(over.binding),
        carried_forward=over.carried_forward,
        amount=None if amount is None else f"{amount}/{one.period.label}", kind=one.commitment.label,
        first=one.starts, last=one.ends - timedelta(days=1) if one.ends else None, reference=one.reference,
    )  # fmt: skip


def _reserves(session: Session, book: RightBook) -> tuple[HeldReserve, ...]:
    ledgers = ledger_of(session, [book.right.id or 0]).items()
    found = sorted(ledgers, key=lambda item: (item[0][1], _CATEGORIES.index(item[0][2])))
    return tuple(_held(book, entries) for _, entries in found)


def _held(book: RightBook, entries: Sequence[ReserveEntry]) -> HeldReserve:
    """Return what the newest entry of one ledger says."""
    newest = entries[-1]
    unit = office_unit(newest.kind, CapPeriod.year)
    places = unit_named(unit).places
    return HeldReserve(
        deposit="" if newest.deposit == book.right.mine else newest.deposit,
        mineral=newest.mineral, category=newest.category.label, unit=unit,
        held=office_figure(newest.balance_after, places) or "0",
        cumulative=office_figure(newest.cumulative_after, places) or "0",
        at=f"{newest.year}年初" if newest.move is ReserveMove.opening else f"{newest.year}年末",
        source=newest.source,
    )  # fmt: skip
