"""The list of rights: searched, filtered and paged in the database, its rows read in a few statements."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from registry.identity.queries import readable
from registry.identity.rules import Actor
from registry.minerals.queries import scale_lines
from registry.minerals.rules import Classified
from registry.platform import clock
from registry.workflows.renewals import notice_days, reminded_until
from registry.workflows.rights_list.finding import (
    Conditions,
    Found,
    Sight,
    behind,
    conditions,
    find,
    keys,
    scales,
)
from registry.workflows.rights_list.rows import PermitOfDay, RightRow, class_of, read_rows
from registry.workflows.rights_list.showing import choices
from registry.workflows.rights_list.wanted import PENDING, Wanted, read_wanted

__all__ = [
    "PENDING",
    "PermitOfDay",
    "RightRow",
    "RightsPage",
    "Wanted",
    "read_wanted",
    "right_row",
    "rights_behind",
    "rights_page",
    "rights_wanted",
]


@dataclass(frozen=True, slots=True)
class RightsPage:
    """One page of the list: its rows, how many there are in all, and what the filters can be set to.

    `counted` are rights on the books, `named` mines beside them that a plan only names; `year` is
    the year whose output the rows show, `notice` how many days before its end a permit's renewal is due.
    """

    wanted: Wanted
    day: date
    notice: int
    year: int
    rows: tuple[RightRow, ...]
    counted: int
    named: int
    choices: dict[str, list[str]]

    @property
    def total(self) -> int:
        """How many rows the whole list has."""
        return self.counted + self.named


def rights_page(
    session: Session, actor: Actor, wanted: Wanted, first: int = 0, count: int = 50
) -> RightsPage:
    """Return `count` of the wanted rights that the actor may read, from place `first` (0 is the first).

    Raises:
        NotFound: the region asked for does not exist, or the actor may read nothing of it.
    """
    sight, asked = _look(session, actor, wanted)
    if wanted.scale is None:
        found = find(session, asked, sight, first, count)
    else:
        classed = _of_class(session, asked, sight, wanted.scale)
        found = Found(classed[first : first + count], len(classed), 0)
    year, shown = read_rows(session, found.keys, sight)
    return RightsPage(
        wanted=wanted,
        day=sight.day,
        notice=notice_days(session),
        year=year,
        rows=tuple(shown),
        counted=found.counted,
        named=found.named,
        choices=choices(session, readable(session, actor, "rights.read", None)),
    )


def rights_behind(
    session: Session, actor: Actor, wanted: Wanted, last: tuple[bool, str] | None, count: int
) -> tuple[int, list[RightRow]]:
    """Return the year of the outputs and `count` wanted rights behind one (on the books or not, its number).

    A right keeps its place in the list, so that whoever reads page by page misses none.
    """
    sight, asked = _look(session, actor, wanted)
    if last is not None:
        asked = [*asked, behind(*last)]
    if wanted.scale is None:
        found = keys(session, asked, sight, count)
    else:
        found = _of_class(session, asked, sight, wanted.scale)[:count]
    return read_rows(session, found, sight)


def right_row(session: Session, actor: Actor, right_id: int) -> tuple[int, RightRow]:
    """Return the year of the output and the row of one right that the actor may read."""
    sight, _ = _look(session, actor, Wanted())
    year, [row] = read_rows(session, [right_id], sight)
    return year, row


def rights_wanted(session: Session, actor: Actor, wanted: Wanted) -> list[int]:
    """Return the key of every wanted right that the actor may read, in the order of the list."""
    sight, asked = _look(session, actor, wanted)
    if wanted.scale is None:
        return keys(session, asked, sight)
    return _of_class(session, asked, sight, wanted.scale)


def _look(session: Session, actor: Actor, wanted: Wanted) -> tuple[Sight, Conditions]:
    today = clock.today(session)
    codes = readable(session, actor, "rights.read", wanted.region)
    sight = Sight(today, reminded_until(today, notice_days(session)))
    return sight, conditions(wanted, codes)


def _of_class(session: Session, asked: Conditions, sight: Sight, scale: str) -> list[int]:
    """Derive the class of every right that is wanted otherwise: no database knows it (decision 8)."""
    found = scales(session, asked, sight)
    lines = scale_lines(session, {row.mineral for row in found if row.mineral})
    known: dict[tuple[Any, ...], str] = {}  # many mines rest on the same figures
    wanted = []
    for row in found:
        basis: tuple[Any, ...] = tuple(row[1:-2])  # all but the term of the permit
        if basis not in known:
            of_class = class_of(row, lines.get(row.mineral, []))
            known[basis] = of_class.scale_class if isinstance(of_class, Classified) else PENDING
        if known[basis] == scale:
            wanted.append(row.id)
    return wanted
