"""Signing in and out: guesses are counted before they are judged, and a sign-in can be ended by others."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, update
from sqlmodel import Session, col, select

from registry.identity.models import Attempt, SignIn, User
from registry.identity.queries import digest_of, home_of, manageable_user
from registry.identity.rules import (
    LONGEST,
    LONGEST_DAY,
    MOST_BY_ADDRESS,
    MOST_BY_NAME,
    MOST_TOGETHER,
    WINDOW,
    Actor,
    SignInFailed,
)
from registry.identity.service.hashing import fits
from registry.kernel.errors import NotFound, Throttled
from registry.platform import audit, clock
from registry.platform.db import locked, reader, transaction
from registry.platform.upsert import insert_once

_SEEN_EVERY = timedelta(minutes=5)
_AGENT = 200


@dataclass(frozen=True, slots=True)
class Opened:
    """A sign-in just opened: the secret for the cookie, which nobody can read again."""

    secret: str
    user: str


def sign_in(engine: Engine, name: str, password: str, address: str, agent: str) -> Opened:
    """Open a sign-in for whoever knows the password.

    The attempt is counted first, so that many at once cannot outrun the count; the hash is compared
    outside of any transaction, and also where there is no such user, so that the time tells nothing.

    Raises:
        Throttled: too many wrong passwords of late.
        SignInFailed: no active user of that name has this password.
    """
    _count(engine, name, address)
    with reader(engine) as session:
        user = session.get(User, name) if name.isprintable() else None
        stored = user.password_hash if user is not None and user.active else None
    if not fits(password[: LONGEST + 1], stored) or stored is None:
        raise SignInFailed
    return _open(engine, name, stored, address, agent)


def _open(engine: Engine, name: str, stored: str, address: str, agent: str) -> Opened:
    secret, now = secrets.token_urlsafe(32), clock.wall()
    row = SignIn(
        digest=digest_of(secret), user=name, csrf=secrets.token_urlsafe(24), address=address,
        agent="".join(sign for sign in agent[:_AGENT] if sign.isprintable()), opened_at=now, seen_at=now,
        ends_at=now + LONGEST_DAY,
    )  # fmt: skip
    with transaction(engine) as session:
        [user] = locked(session, select(User).where(User.name == name))
        if not user.active or user.password_hash != stored:  # changed since it was compared
            raise SignInFailed
        session.add(row)
        gone = [_together(name, address), _by_name(name)]
        session.execute(delete(Attempt).where(col(Attempt.subject).in_(gone)))
        audit.note(session, home_of(session, name), name, "user.sign_in", name, address=address)
    return Opened(secret, name)


def _together(name: str, address: str) -> str:
    return digest_of(f"{name}\n{address}")


def _by_name(name: str) -> str:
    return digest_of(f"name\n{name}")


def _count(engine: Engine, name: str, address: str) -> None:
    """Count one attempt against each limit, or refuse it without counting."""
    limits = {
        _together(name, address): MOST_TOGETHER,
        _by_name(name): MOST_BY_NAME,
        digest_of(f"address\n{address}"): MOST_BY_ADDRESS,
    }
    with transaction(engine) as session:
        now = clock.wall()
        session.execute(delete(Attempt).where(col(Attempt.since) < now - WINDOW))
        for subject in sorted(limits):
            insert_once(session, Attempt, {"subject": subject, "count": 0, "since": now}, ["subject"])
        rows = locked(
            session, select(Attempt).where(col(Attempt.subject).in_(limits)).order_by(Attempt.subject)
        )
        full = [row.since for row in rows if row.count >= limits[row.subject]]
        for row in rows:
            row.count += not full
    if full:
        raise Throttled(retry_after=max(_seconds_until(max(full) + WINDOW, now), 1))


def _seconds_until(moment: datetime, now: datetime) -> int:
    return int((moment - now).total_seconds()) + 1


def mark_seen(engine: Engine, sign_in_id: int, seen_at: datetime) -> None:
    """Keep a sign-in from falling asleep; written at most every five minutes."""
    now = clock.wall()
    if now - seen_at < _SEEN_EVERY:
        return
    with transaction(engine) as session:
        session.execute(update(SignIn).where(col(SignIn.id) == sign_in_id).values(seen_at=now))


def end_sign_in(session: Session, actor: Actor, sign_in_id: int) -> None:
    """End one sign-in: one's own, or one of a user in the actor's care.

    Raises:
        NotFound: there is none in the actor's jurisdiction.
    """
    row = session.get(SignIn, sign_in_id)
    if row is None:
        raise NotFound("sign_in", sign_in_id)
    _, region = manageable_user(session, actor, row.user)
    if row.ended_at is None:
        row.ended_at, row.ended_by = clock.wall(), actor.name
        audit.note(session, region, actor.name, "user.sign_out", row.user)
    session.flush()


def end_sign_ins(session: Session, actor: Actor, name: str, keep: int | None = None) -> int:
    """End every open sign-in of a user but `keep`, and return how many there were."""
    _, region = manageable_user(session, actor, name)
    count = end_all(session, actor.name, name, keep=keep)
    if count:
        audit.note(session, region, actor.name, "user.sign_out", name, count=count)
    return count


def end_all(session: Session, by: str, name: str, keep: int | None = None) -> int:
    """End the open sign-ins of a user without asking who does it."""
    statement = (
        update(SignIn)
        .where(col(SignIn.user) == name, col(SignIn.ended_at).is_(None), col(SignIn.id) != (keep or 0))
        .values(ended_at=clock.wall(), ended_by=by)
    )
    return session.connection().execute(statement).rowcount
