"""The list of rights: searched, filtered and paged in the database, its rows read in a few statements."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from registry.identity.queries import readable
from registry.identity.rules import Actor
from registry.minerals.queries import scale_lines
from registry.minerals.rules import Classified, Pending
from registry.platform import clock
from registry.workflows.renewals import notice_days, reminded_until
from registry.workflows.rights_list.asking import Asked, Sight, ask
from registry.workflows.rights_list.finding import KEYS_APART, bases, find, keys
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
    found = find(session, asked, first, count)
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
        asked = asked.behind(*last)
    return read_rows(session, keys(session, asked, count), sight)


def right_row(session: Session, actor: Actor, right_id: int) -> tuple[int, RightRow]:
    """Return the year of the output and the row of one right that the actor may read."""
    sight, _ = _look(session, actor, Wanted())
    year, [row] = read_rows(session, [right_id], sight)
    return year, row


def rights_wanted(session: Session, actor: Actor, wanted: Wanted) -> list[int]:
    """Return the key of every wanted right that the actor may read, in the order of the list."""
    _, asked = _look(session, actor, wanted)
    return keys(session, asked)


def _look(session: Session, actor: Actor, wanted: Wanted) -> tuple[Sight, Asked]:
    today = clock.today(session)
    codes = readable(session, actor, "rights.read", wanted.region)
    sight = Sight(today, reminded_until(today, notice_days(session)))
    asked = ask(wanted, codes, sight)
    return sight, asked.among(_of_class(session, asked, wanted.scale)) if wanted.scale else asked


def _of_class(session: Session, asked: Asked, scale: str) -> list[int]:
    """Return the wanted mines that are of a scale class: no database knows it (decision 8)."""
    found = bases(session, asked)
    lines = scale_lines(session, {basis.mineral for basis in found if basis.mineral})
    of_class = [
        basis for basis in found if _word_of(class_of(basis, lines.get(basis.mineral or "", []))) == scale
    ]
    return [int(key) for basis in of_class for key in basis.rights.split(KEYS_APART)]


def _word_of(scale_class: Classified | Pending) -> str:
    return scale_class.scale_class if isinstance(scale_class, Classified) else PENDING
