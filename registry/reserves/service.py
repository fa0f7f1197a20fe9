"""Posts openings and surveyed years to the reserve ledger; entries are never edited.

Reserves move once a year, by the surveyed 储量年报 at the year's close: during the year the ledger
would only repeat what the returns say, and comparing the two later would prove nothing.
"""

from datetime import date

from sqlmodel import Session

from registry.identity.queries import require
from registry.identity.rules import Actor
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.vocabulary import Kind, ReserveCategory, ReserveMove
from registry.minerals.queries import mineral_named
from registry.platform import audit, clock
from registry.reserves.models import ReserveEntry
from registry.reserves.queries import differences, ledger_of
from registry.reserves.rules import (
    AlreadyOpened,
    AlreadySurveyed,
    Balance,
    NotInTurn,
    OpeningLine,
    PostOpening,
    PostYear,
    opening_year,
    walk,
)
from registry.rights.models import MineralRight
from registry.rights.queries import locked_rights

__all__ = ["differences", "open_ledger", "post_opening", "post_year"]

Ledger = dict[ReserveCategory, list[ReserveEntry]]


def post_opening(session: Session, actor: Actor, command: PostOpening) -> list[ReserveEntry]:
    """Open the ledger of a right's mineral; an identical opening that is there changes nothing.

    Raises:
        AlreadyOpened: a category has another opening.
        Invalid: a category twice, a count instead of a quantity, or a cumulative figure below the amount.
    """
    right, mineral, _ = _open_book(session, actor, command.right, command.mineral)
    return open_ledger(session, actor, right, mineral, command)


def open_ledger(
    session: Session, actor: Actor, right: MineralRight, mineral: str, command: PostOpening
) -> list[ReserveEntry]:
    """Open the ledger of a right within an act that is permitted already; see `post_opening`."""
    ledger = _ledger(session, right, mineral)
    year = opening_year(command.at)
    entries = []
    for line in command.lines:
        _check(line, command)
        if line.category in ledger:
            _same_opening(ledger[line.category][0], line, year)
            continue
        entry = ReserveEntry(
            right_id=right.id or 0, mineral=mineral, category=line.category, deposit=command.deposit, seq=1,
            year=year, move=ReserveMove.opening, kind=line.amount.kind, amount=line.amount.base,
            balance_after=line.amount.base, cumulative_after=(line.cumulative or line.amount).base,
            unit=line.unit, source=command.source, recorded_at=clock.now(session),
        )  # fmt: skip
        entries.append(entry)
    session.add_all(entries)
    session.flush()
    if entries:
        amounts = {entry.category.value: entry.amount for entry in entries}
        audit.note(
            session,
            right.region,
            actor.name,
            "reserves.open",
            f"{right.number}/{mineral}",
            year=year,
            **amounts,
        )
    return entries


def post_year(session: Session, actor: Actor, command: PostYear) -> list[ReserveEntry]:
    """Post the surveyed movements of one year, checked against the year before and against zero.

    Raises:
        Invalid: the year is not over, or a category stands twice.
        AlreadySurveyed: this year or a later one is posted.
        NotInTurn: the year before is missing, or a category has no opening.
        DoesNotBalance: 年初 is not the 年末 of the year before, or 年末 is not what the movements give.
        BelowZero: a balance would fall below zero.
    """
    right, mineral, ledger = _open_book(session, actor, command.right, command.mineral)
    if clock.today(session) < date(command.year, 12, 31):
        raise Invalid("year_not_over", "year", command.year, accepted=f"≤ {clock.today(session).year - 1}")
    _unique([line.category for line in command.lines])
    _in_turn(ledger, command)
    entries = []
    for line in command.lines:
        last = ledger[line.category][-1]
        start = Balance(last.balance_after, last.cumulative_after)
        for place, (move, amount, after) in enumerate(walk(start, line, last.kind), start=last.seq + 1):
            entry = ReserveEntry(
                right_id=right.id or 0, mineral=mineral, category=line.category, deposit=last.deposit,
                seq=place, year=command.year, move=move, kind=last.kind, amount=amount,
                balance_after=after.held, cumulative_after=after.cumulative, unit=command.unit,
                source=command.source, recorded_at=clock.now(session),
            )  # fmt: skip
            entries.append(entry)
    session.add_all(entries)
    session.flush()
    key = f"{right.number}/{mineral}/{command.year}"
    audit.note(
        session, right.region, actor.name, "reserves.survey", key, entries=len(entries), source=command.source
    )
    return entries


def _open_book(session: Session, actor: Actor, number: str, mineral: str) -> tuple[MineralRight, str, Ledger]:
    """Return the locked right, the mineral's own name, and the ledger of both by category."""
    rights = locked_rights(session, [number])
    if number not in rights:
        raise NotFound("right", number)
    right, name = rights[number], mineral_named(session, mineral).name
    require(session, actor, "reserves.post", right.region)
    return right, name, _ledger(session, right, name)


def _ledger(session: Session, right: MineralRight, mineral: str) -> Ledger:
    ledger = ledger_of(session, [right.id or 0], mineral)
    return {category: entries for (_, _, category), entries in ledger.items()}


def _check(line: OpeningLine, command: PostOpening) -> None:
    _unique([other.category for other in command.lines])
    if line.amount.kind is Kind.pieces:
        raise Invalid("kinds_mixed", "reserves", line.unit, accepted="t, m³")
    if line.cumulative is not None and line.cumulative < line.amount:
        raise Invalid("cumulative_below", "reserves", line.cumulative.base, accepted=f"≥ {line.amount.base}")


def _unique(categories: list[ReserveCategory]) -> None:
    twice = next((c for n, c in enumerate(categories) if c in categories[:n]), None)
    if twice is not None:
        raise Invalid("category_repeated", "reserves", twice.label, accepted="每个类别一次")


def _same_opening(entry: ReserveEntry, line: OpeningLine, year: int) -> None:
    if (entry.amount, entry.kind, entry.year) != (line.amount.base, line.amount.kind, year):
        raise AlreadyOpened(
            category=line.category.label, kept=entry.amount, given=line.amount.base, year=entry.year
        )


def _in_turn(ledger: Ledger, command: PostYear) -> None:
    missing = [line.category.label for line in command.lines if line.category not in ledger]
    if missing or not ledger or not command.lines:
        raise NotInTurn(year=command.year, category="、".join(missing), expected="—")
    surveyed = [e.year for entries in ledger.values() for e in entries if e.move is not ReserveMove.opening]
    opened = min(entries[0].year for entries in ledger.values())
    expected = max(surveyed) + 1 if surveyed else opened
    if surveyed and command.year < expected:
        raise AlreadySurveyed(year=command.year, last=max(surveyed))
    if command.year != expected:
        raise NotInTurn(year=command.year, category="", expected=expected)
