"""Turns of an office's numbers: papers laid out at once show different numbers, and get their rows in order.

A turn is a courtesy, not the guard: which number a paper has is judged under the lock of the office's count
when its row is written. Whoever keeps a turn too long is not waited for, and then lays out again.
"""

import time
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from sqlalchemy import Engine, delete
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from registry.documents.models import DocumentCount, DocumentTurn
from registry.platform import clock
from registry.platform.db import reader, transaction
from registry.platform.rows import table_of
from registry.platform.upsert import upsert

_PATIENCE = timedelta(seconds=30)  # for whoever is before; a page takes a second, on a busy machine ten
_LOOK = timedelta(milliseconds=30)  # between two looks
_TURN = table_of(DocumentTurn)


@dataclass(frozen=True, slots=True)
class Turn:
    """The number that a paper shows while it is laid out."""

    office: str
    year: int
    running: int


def counted(session: Session, office: str, year: int, more: int) -> int:
    """Add to the count of an office's numbers in a year and return it; its lock lasts until commit."""
    row = {"office": office, "year": year, "last": more}
    [(last,)] = upsert(session, DocumentCount, [row], ["office", "year"], {"last": "add"}, ["last"])
    return int(last)


def take(engine: Engine, office: str, year: int) -> Turn:
    """Take the lowest number that has no row and that nobody else is laying out."""
    now = clock.wall()
    with transaction(engine) as session:
        last = counted(session, office, year, 0)
        held = (_TURN.c.office == office, _TURN.c.year == year)
        over = (_TURN.c.running <= last) | (_TURN.c.until < now)
        session.connection().execute(delete(_TURN).where(*held, over))
        taken = set(session.exec(_running(office, year)).all())
        running = next(number for number in count(last + 1) if number not in taken)
        session.add(DocumentTurn(office=office, year=year, running=running, until=now + _PATIENCE))
    return Turn(office, year, running)


def await_turn(engine: Engine, turn: Turn) -> None:
    """Wait until the numbers before have their rows, or nobody is laying them out any more."""
    until = clock.wall() + _PATIENCE
    while clock.wall() < until:
        with reader(engine) as session:
            found = session.get(DocumentCount, (turn.office, turn.year))
            before = _running(turn.office, turn.year).where(
                col(DocumentTurn.running) > (found.last if found else 0),
                col(DocumentTurn.running) < turn.running,
                col(DocumentTurn.until) >= clock.wall(),
            )
            if session.exec(before.limit(1)).first() is None:
                return
        time.sleep(_LOOK.total_seconds())


def give_back(session: Session, turn: Turn) -> None:
    """End a turn, with a row for its number or without."""
    session.connection().execute(
        delete(_TURN).where(
            _TURN.c.office == turn.office, _TURN.c.year == turn.year, _TURN.c.running == turn.running
        )
    )


def _running(office: str, year: int) -> SelectOfScalar[int]:
    return select(DocumentTurn.running).where(DocumentTurn.office == office, DocumentTurn.year == year)
