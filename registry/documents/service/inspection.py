"""The annual inspection report of one right and year: what is on the books, judged by nobody."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlmodel import Session

from registry.alarms.queries import alarms
from registry.documents.queries import RightBook, book_numbered
from registry.documents.service.caps import cap_reading
from registry.documents.service.checklist import Known, checked, disclosed
from registry.documents.service.facts import facts_of, refuse_named
from registry.documents.service.ledger import LedgerYear, consumed, ledger_year, reserve_lines
from registry.documents.service.months import mineral_year, yardstick
from registry.documents.service.papers import alarm_line, alarms_of, paper
from registry.documents.service.rates import is_quarry, three_rates
from registry.documents.service.words import Words, words
from registry.greenmine.queries import green_spells_of
from registry.identity.queries import require
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.display import chinese_date, office, percent
from registry.kernel.period import Year
from registry.kernel.quantity import Quantity, of_kind, ratio
from registry.kernel.vocabulary import CapPeriod, MineralRole, Word
from registry.minerals.queries import mineral_named
from registry.output.models import OutputReturn
from registry.output.queries import due_day, missing, returns_of
from registry.platform.clock import today
from registry.rights.models import Permit
from registry.workflows.cap_status import CapStatus, status
from reports.caps import CapReading
from reports.checklist import DatedDuty, PlanLine
from reports.inspection import InspectionSheet, MineralYear, Spell


def inspection_data(session: Session, number: str, year: int, actor: Actor = SYSTEM) -> InspectionSheet:
    """Return the annual inspection report of a right.

    Raises:
        NotFound: there is no such right, or it lies outside the jurisdiction.
        NotOnTheBooks: a plan only names it.
        Invalid: the office's words of the form cannot be read.
    """
    book = book_numbered(session, number)
    right = book.right
    require(session, actor, "report.print", right.region)
    refuse_named(right)
    form, span = words(), Year(year)
    permit = book.permit_in(span)
    returns = returns_of(session, right.id or 0, year)
    ledgers = ledger_year(session, book, year)
    lines, remark = reserve_lines(ledgers, year)
    known = _known(session, book, permit, returns, ledgers, form, span)
    authority = (permit.authority if permit else None) or book.regions[0].name
    return InspectionSheet(
        paper=paper(
            session, form.title, f"{year}年度", authority, f"{form.title} {right.number} {year}年",
            max((r.last_day for r in returns), default=None),
        ),
        form=form.form,
        facts=known.facts,
        states=known.states,
        green=_green(session, book, span),
        minerals=known.minerals,
        plan=known.plan,
        reserves=lines,
        reserves_remark=remark,
        rates=known.rates,
        alarms=tuple(
            alarm_line(alarm, alarm.mineral or right.mine)
            for alarm in alarms_of(alarms(session, right=right.number), year)
        ),
        checklist=checked(form.checklist, known),
        disclosure=disclosed(form.disclosure, known),
        dates=_dates(session, form, year),
    )  # fmt: skip


def _known(
    session: Session, book: RightBook, permit: Permit | None, returns: Sequence[OutputReturn],
    ledgers: Sequence[LedgerYear], form: Words, span: Year,
) -> Known:  # fmt: skip
    """Return what the register can answer from."""
    year = span.year
    group = mineral_named(session, book.main).mineral_class if book.main else None
    quarry = is_quarry(permit, group, form.quarry_classes)
    return Known(
        year=year,
        facts=facts_of(session, book, permit, min(span.last, today(session))),
        entry=_entry(book),
        minerals=mineral_years(session, book, permit, returns, year),
        came=len(returns),
        owed=tuple(period for _, period in owed_in(session, book, returns, year)),
        rates=three_rates(form.rates, ledgers, returns, book.main, quarry),
        consumed=_consumed(ledgers, book.main),
        states=_within(((s.state, s.since) for s in book.spells), span),
        plan=tuple(
            PlanLine(reading, *told_part(own_part(found, returns), found))
            for reading, found in caps_above(session, book, year)
        ),
    )


def _dates(session: Session, form: Words, year: int) -> tuple[DatedDuty, ...]:
    monthly = DatedDuty(f"次月 {due_day(session)} 日", form.returns_due)
    return monthly, *(DatedDuty(chinese_date(one.of(year)), one.duty) for one in form.dates)


def _entry(book: RightBook) -> str | None:
    if book.version is None:
        return None
    return f"权利登记第 {book.version.version} 版，登记依据 {book.version.document or '未载'}"


def _consumed(ledgers: Sequence[LedgerYear], mineral: str | None) -> str | None:
    found = consumed(ledgers, mineral)
    return None if found is None else office(of_kind(found[0], found[1] + found[2]))


def _green(session: Session, book: RightBook, span: Year) -> tuple[Spell, ...]:
    found = green_spells_of(session, [book.right.id or 0]).get(book.right.id or 0, [])
    return _within(((one.level, one.since) for one in found), span)


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
    due = owed_in(session, book, returns, year)
    found = []
    for name in _minerals(book, returns):
        is_main = roles.get(name) is MineralRole.main
        by = yardstick(permit if is_main else None, mineral_named(session, name).kind)
        role = roles[name].label if name in roles else "非许可矿种"
        came = [r for r in returns if r.mineral == name]
        found.append(mineral_year(name, role, year, came, [p for m, p in due if m == name], by))
    return tuple(found)


def _minerals(book: RightBook, returns: Sequence[OutputReturn]) -> list[str]:
    return [name for name in dict.fromkeys([book.main, *sorted(r.mineral for r in returns)]) if name]


def owed_in(
    session: Session, book: RightBook, returns: Sequence[OutputReturn], year: int
) -> list[tuple[str, str]]:
    """Return (mineral, period) of each return of the year that was due by today and has not come."""
    names = _minerals(book, returns)
    [due] = missing(session, [book.right.region], names, year, (today(session), None))
    return [(one.mineral, one.period) for one in due if one.right == book.right.number]


def caps_above(session: Session, book: RightBook, year: int) -> list[tuple[CapReading, CapStatus]]:
    """Return the caps that the right's counted minerals move, those of its own county first."""
    counted = {line.mineral for line in book.minerals if line.counted}
    found = status(session, year, book.places[-1], visible=book.places)
    names = {region.code: region.name for region in book.regions}
    found.sort(key=lambda one: book.places.index(one.cap.region))
    return [(cap_reading(one, names[one.cap.region]), one) for one in found if one.cap.mineral in counted]


def own_part(status: CapStatus, returns: Sequence[OutputReturn]) -> Quantity | None:
    """Return what the counted returns of a right add to a cap: their sum, or the highest day of a daily cap.

    None where nothing has come.
    """
    of_cap = [row for row in returns if row.mineral == status.cap.mineral and row.counted]
    if not of_cap:
        return None
    if status.cap.period is CapPeriod.year:
        return of_kind(status.cap.kind, sum(row.quantity for row in of_cap))
    days: dict[str, int] = defaultdict(int)
    for row in of_cap:
        days[row.period] += row.quantity
    return of_kind(status.cap.kind, max(days.values()))


def told_part(own: Quantity | None, found: CapStatus) -> tuple[str | None, str | None]:
    """Return a right's own part of a cap with its unit, and its share of the limit; None where unknown."""
    if own is None:
        return None, None
    share = None if found.limit is None else ratio(own, found.limit)
    return office(own, found.cap.period), None if share is None else percent(share)
