"""The annual inspection sheet of one right and year: what is on the books, judged by nobody."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlmodel import Session

from registry.alarms.queries import alarms
from registry.documents.queries import RightBook, book_numbered
from registry.documents.rules import office_figure
from registry.documents.service.caps import cap_reading
from registry.documents.service.facts import facts_of, refuse_named
from registry.documents.service.months import mineral_year, yardstick
from registry.documents.service.papers import alarm_line, alarms_of, paper
from registry.documents.service.words import words
from registry.greenmine.queries import green_spells_of
from registry.identity.queries import require
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.display import office_unit
from registry.kernel.period import Year
from registry.kernel.units import unit_named
from registry.kernel.vocabulary import CapPeriod, Kind, MineralRole, ReserveCategory, ReserveMove, Word
from registry.minerals.queries import mineral_named
from registry.output.models import OutputReturn
from registry.output.queries import missing, returns_of
from registry.platform.clock import today
from registry.reserves.models import ReserveEntry
from registry.reserves.queries import ledger_of
from registry.reserves.rules import year_sums
from registry.rights.models import Permit
from registry.workflows.cap_status import CapStatus, status
from reports.caps import CapReading
from reports.inspection import InspectionSheet, MineralYear, ReserveLine, Spell

_CATEGORIES = list(ReserveCategory)
_SURVEYED = ("extracted", "lost", "explored", "reestimated", "transferred", "closing")


def inspection_data(session: Session, number: str, year: int, actor: Actor = SYSTEM) -> InspectionSheet:
    """Return the annual inspection sheet of a right.

    Raises:
        NotFound: there is no such right, or it lies outside the jurisdiction.
        NotOnTheBooks: a plan only names it.
    """
    book = book_numbered(session, number)
    right = book.right
    require(session, actor, "report.print", right.region)
    refuse_named(right)
    form, span = words(), Year(year)
    permit = book.permit_in(span)
    returns = returns_of(session, right.id or 0, year)
    authority = (permit.authority if permit else None) or book.regions[0].name
    green = green_spells_of(session, [right.id or 0]).get(right.id or 0, [])
    lines, remark = reserve_lines(session, book, year)
    return InspectionSheet(
        paper=paper(
            session, form.title, f"{year}年度", authority, f"{form.title} {right.number} {year}年",
            max((r.last_day for r in returns), default=None),
        ),
        verdicts=form.verdicts,
        officers=form.officers,
        facts=facts_of(session, book, permit, min(span.last, today(session))),
        states=_within(((s.state, s.since) for s in book.spells), span),
        green=_within(((s.level, s.since) for s in green), span),
        minerals=mineral_years(session, book, permit, returns, year),
        caps=tuple(reading for reading, _ in caps_above(session, book, year)),
        reserves=lines,
        reserves_remark=remark,
        alarms=tuple(
            alarm_line(alarm, alarm.mineral or right.mine)
            for alarm in alarms_of(alarms(session, right=right.number), year)
        ),
    )  # fmt: skip


def _within(spells: Iterable[tuple[Word, date | None]], span: Year) -> tuple[Spell, ...]:
    """Return the state the year began with and each that began in it."""
    begun = [(word, since) for word, since in spells if since is None or since <= span.last]
    before = [pair for pair in begun if pair[1] is None or pair[1] <= span.first][-1:]
    inside = [pair for pair in begun if pair[1] is not None and pair[1] > span.first]
    return tuple(Spell(word.label, since) for word, since in [*before, *inside])


def mineral_years(
    session: Session, book: RightBook, permit: Permit | None, returns: Sequence[OutputReturn], year: int
) -> tuple[MineralYear, ...]:
    """Return the main mineral in any case, and each other that was reported."""
    roles = {line.mineral: line.role for line in book.minerals}
    names = [name for name in dict.fromkeys([book.main, *sorted(r.mineral for r in returns)]) if name]
    due = [
        (mineral, period)
        for _, right, mineral, period in missing(session, [book.right.region], names, year, today(session))
        if right == book.right.number
    ]
    found = []
    for name in names:
        is_main = roles.get(name) is MineralRole.main
        by = yardstick(permit if is_main else None, mineral_named(session, name).kind)
        role = roles[name].label if name in roles else "非许可矿种"
        came = [r for r in returns if r.mineral == name]
        found.append(mineral_year(name, role, year, came, [p for m, p in due if m == name], by))
    return tuple(found)


def caps_above(session: Session, book: RightBook, year: int) -> list[tuple[CapReading, CapStatus]]:
    """Return the caps that the right's counted minerals move, those of its own county first."""
    counted = {line.mineral for line in book.minerals if line.counted}
    found = status(session, year, book.places[-1], visible=book.places)
    names = {region.code: region.name for region in book.regions}
    found.sort(key=lambda one: book.places.index(one.cap.region))
    return [(cap_reading(one, names[one.cap.region]), one) for one in found if one.cap.mineral in counted]


def reserve_lines(session: Session, book: RightBook, year: int) -> tuple[tuple[ReserveLine, ...], str]:
    """Return the ledger of the year, and what must be said of it: whether the year's survey is in it."""
    ledgers = ledger_of(session, [book.right.id or 0])
    lines, surveyed = [], True
    for (_, mineral, category), entries in sorted(ledgers.items(), key=_ledger_place):
        if (sums := year_sums(entries, year)) is None:
            continue
        posted = any(e.year == year and e.move is ReserveMove.extracted for e in entries)
        surveyed = surveyed and posted
        deposit = "" if entries[0].deposit == book.right.mine else entries[0].deposit
        lines.append(_reserve_line(deposit, entries[0].kind, mineral, category, sums, posted))
    return tuple(lines), _remark(lines, surveyed, year)


def _ledger_place(item: tuple[tuple[int, str, ReserveCategory], list[ReserveEntry]]) -> tuple[str, int]:
    (_, mineral, category), _entries = item
    return mineral, _CATEGORIES.index(category)


def _reserve_line(
    deposit: str, kind: Kind, mineral: str, category: ReserveCategory, sums: dict[str, int], posted: bool
) -> ReserveLine:
    unit = office_unit(kind, CapPeriod.year)
    places = unit_named(unit).places
    # A year that nobody has surveyed has no movements to show: a zero would be an invention.
    known = {name: base for name, base in sums.items() if posted or name not in _SURVEYED}
    figures = {name: office_figure(known.get(name), places) for name in (*_SURVEYED, "opening", "cumulative")}
    return ReserveLine(deposit, mineral, category.label, unit, **figures)


def _remark(lines: Sequence[ReserveLine], surveyed: bool, year: int) -> str:
    if not lines:
        return "储量台账没有该采矿权本年度的记录。"
    apart = "资源量与储量分列，不相加。"
    return apart if surveyed else f"{year}年储量年报尚未入账，当年增减和年末保有未列。{apart}"
