"""催报函: what a mine still owes; the letter and the text to copy on the page of missing returns are one."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from registry.documents.rules.notices import NothingMissing
from registry.documents.service.facts import refuse_named
from registry.documents.service.notices.wording import Words, words_of
from registry.documents.service.office import office_called
from registry.documents.service.papers import paper
from registry.identity.queries import require
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.display import chinese_date
from registry.kernel.vocabulary import Confidence
from registry.output.queries import due_day
from registry.regions.queries import region
from registry.rights.queries import right_by_number
from registry.workflows.missing_returns import MissingMine, MissingMonth, missing_returns
from reports.confidence import Source
from reports.letters import Letter
from reports.notices import Due, MissingNotice


@dataclass(frozen=True, slots=True)
class Reminder:
    """What a mine is reminded of: the text of the letter and a line for each month that lacks something."""

    letter: Letter
    lines: tuple[Due, ...]


def reminder(mine: MissingMine, today: date, place: str) -> Reminder:
    """Return what a mine is reminded of on a day, by the office of the region named `place`.

    Raises:
        Invalid: the file of words lacks one.
    """
    words = words_of("missing")
    opening = words.one(
        "opening", mine=mine.mine, number=mine.number, today=chinese_date(today), count=mine.returns
    )
    to = mine.holder or mine.mine
    letter = Letter(to, (opening,), (words.one("ask"),), office_called(place))
    return Reminder(letter, tuple(_due(month, words) for month in mine.months))


def _due(month: MissingMonth, words: Words) -> Due:
    year, number = month.month.split("-")
    runs = "、".join(f"{a.day} 日" if a == b else f"{a.day}–{b.day} 日" for a, b in month.runs)
    return Due(
        mineral=month.mineral,
        month=f"{year}年{int(number)}月",
        what=words.one("days", days=runs) if runs else words.one("month"),
        due_on=month.due_on,
        late=month.late,
        remark=words.one("taken_back") if month.taken_back else "",
    )


def missing_notice_data(session: Session, number: str, year: int, actor: Actor = SYSTEM) -> MissingNotice:
    """Return the letter that reminds a mine of the returns of a year that are late.

    Raises:
        NotFound: there is no such right, or it lies outside the jurisdiction.
        NotOnTheBooks: a plan only names it.
        NothingMissing: every return of the year that was due has come.
    """
    right = right_by_number(session, number)
    require(session, actor, "report.print", right.region)
    refuse_named(right)
    # The letter is about one right that the actor may print for; what it owes is told whole.
    found = missing_returns(session, SYSTEM, f"{year:04d}", right.number)
    mine = next((one for one in found.mines if one.number == right.number), None)
    if mine is None:
        raise NothingMissing(right=right.number, year=year)
    words, place = words_of("missing"), region(session, right.region)
    told = reminder(mine, found.today, place.name)
    return MissingNotice(
        paper=paper(
            session, words.one("title"), "", told.letter.sender,
            f"催报函 {right.number} {year}年", found.today,
        ),
        letter=told.letter,
        lines=told.lines,
        source=Source(
            words.one("due_what"), Confidence.d, words.one("due_source", day=due_day(session))
        ),
    )  # fmt: skip
