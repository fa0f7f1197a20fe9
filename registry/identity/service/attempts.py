"""Guesses at a password: counted before they are judged, so that many at once cannot outrun the count."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, delete
from sqlmodel import Session, col, select

from registry.identity.models import Attempt, User
from registry.identity.queries import digest_of, home_of
from registry.identity.rules import MOST_BY_ADDRESS, MOST_BY_NAME, MOST_TOGETHER, WINDOW
from registry.kernel.errors import Throttled
from registry.platform import audit, clock
from registry.platform.db import locked, transaction
from registry.platform.upsert import insert_once


def count_guess(engine: Engine, name: str, address: str) -> None:
    """Count one guess against each limit, or refuse it without counting.

    Raises:
        Throttled: too many of late; the first refusal of a row is noted in the user's region.
    """
    limits = _limits(name, address)
    with transaction(engine) as session:
        now = clock.wall()
        rows = _counted(session, sorted(limits), now)
        full = [row for row in rows if row.count >= limits[row.subject]]
        if any(row.count == limits[row.subject] for row in full):
            _note(session, name, address)
        for row in full or rows:
            row.count = min(row.count, limits[row.subject]) + 1
    if full:
        until = max(row.since for row in full) + WINDOW
        raise Throttled(retry_after=max(int((until - now).total_seconds()) + 1, 1))


def forgive(session: Session, name: str, address: str) -> None:
    """Take back the guess that was right, and forget the wrong ones of this name from this place.

    What others guessed at the name from elsewhere stays counted.
    """
    together, *others = _limits(name, address)
    for row in _locked(session, [together, *others]):
        row.count = 0 if row.subject == together else max(row.count - 1, 0)


def forget_old(engine: Engine) -> None:
    """Delete the counts whose time is over: in a transaction of its own, so that it waits for nobody."""
    with transaction(engine) as session:
        session.execute(delete(Attempt).where(col(Attempt.since) < clock.wall() - 2 * WINDOW))


def _limits(name: str, address: str) -> dict[str, int]:
    return {
        digest_of(f"{name}\n{address}"): MOST_TOGETHER,
        digest_of(f"name\n{name}"): MOST_BY_NAME,
        digest_of(f"address\n{address}"): MOST_BY_ADDRESS,
    }


def _counted(session: Session, subjects: Sequence[str], now: datetime) -> Sequence[Attempt]:
    """Lock the row of every subject, made where it is missing and begun anew where its time is over."""
    rows: Sequence[Attempt] = ()
    while len(rows) < len(subjects):  # again, where an old one was deleted between the two statements
        for subject in subjects:
            insert_once(session, Attempt, {"subject": subject, "count": 0, "since": now}, ["subject"])
        rows = _locked(session, subjects)
    for row in rows:
        if row.since <= now - WINDOW:
            row.count, row.since = 0, now
    return rows


def _locked(session: Session, subjects: Sequence[str]) -> Sequence[Attempt]:
    return locked(
        session, select(Attempt).where(col(Attempt.subject).in_(subjects)).order_by(Attempt.subject)
    )


def _note(session: Session, name: str, address: str) -> None:
    if name.isprintable() and session.get(User, name) is not None:
        audit.note(session, home_of(session, name), name, "user.throttled", name, address=address)
