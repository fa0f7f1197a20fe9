"""Signing in and out: a sign-in is opened for whoever knows the password, and can be ended by others."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from registry.identity.models import ApiToken, SignIn, User
from registry.identity.queries import SignedIn, digest_of, home_of, lock_users, locked_user
from registry.identity.rules import LONGEST, LONGEST_DAY, Actor, SignInFailed
from registry.identity.service import attempts
from registry.identity.service.hashing import fits
from registry.kernel.errors import Busy, NotFound
from registry.kernel.quantity import LARGEST
from registry.platform import audit, clock
from registry.platform.db import reader, transaction

_SEEN_EVERY = timedelta(minutes=5)
_AGENT = 200


@dataclass(frozen=True, slots=True)
class Opened:
    """A sign-in just opened: the secret for the cookie, which nobody can read again."""

    secret: str
    user: str


def sign_in(
    engine: Engine, name: str, password: str, address: str, agent: str, before: str | None = None
) -> Opened:
    """Open a sign-in for whoever knows the password; the one that the browser held before ends.

    The attempt is counted first, so that many at once cannot outrun the count; the hash is compared
    outside of any transaction, and also where there is no such user, so that the time tells nothing.

    Raises:
        Throttled: too many wrong passwords of late.
        SignInFailed: no active user of that name has this password.
    """
    attempts.count_guess(engine, name, address)
    stored = hash_of(engine, name)
    if not fits(password[: LONGEST + 1], stored) or stored is None:
        raise SignInFailed
    opened = _open(engine, name, stored, address, agent, before)
    attempts.forget_old(engine)
    return opened


def hash_of(engine: Engine, name: str) -> str | None:
    """Return the hash of an active user's password; None where there is none."""
    with reader(engine) as session:
        user = session.get(User, name) if name.isprintable() else None
        return user.password_hash if user is not None and user.active else None


def _open(engine: Engine, name: str, stored: str, address: str, agent: str, before: str | None) -> Opened:
    secret, now = secrets.token_urlsafe(32), clock.wall()
    row = SignIn(
        digest=digest_of(secret), user=name, csrf=secrets.token_urlsafe(24), address=address,
        agent="".join(sign for sign in agent[:_AGENT] if sign.isprintable()), opened_at=now, seen_at=now,
        ends_at=now + LONGEST_DAY,
    )  # fmt: skip
    with transaction(engine) as session:
        user = lock_users(session, [name])[name]
        if not user.active or user.password_hash != stored:  # changed since it was compared
            raise SignInFailed
        if before is not None:
            _leave(session, name, before)
        session.add(row)
        audit.note(session, home_of(session, name), name, "user.sign_in", name, address=address)
        attempts.forgive(session, name, address)
    return Opened(secret, name)


def _leave(session: Session, name: str, secret: str) -> None:
    """End the sign-in of a browser at which somebody signs in again."""
    statement = select(SignIn).where(SignIn.digest == digest_of(secret), col(SignIn.ended_at).is_(None))
    row = session.exec(statement).first()
    if row is not None:
        row.ended_at, row.ended_by = clock.wall(), name
        audit.note(session, home_of(session, row.user), name, "user.sign_out", row.user)


def mark_seen(engine: Engine, who: SignedIn) -> None:
    """Keep a sign-in from falling asleep, and tell of a token that it is used.

    Written at most every five minutes, and not while somebody else keeps the database: the page goes first.
    """
    now = clock.wall()
    if who.seen_at is not None and now - who.seen_at < _SEEN_EVERY:
        return
    kind, number = (SignIn, who.sign_in) if who.token is None else (ApiToken, who.token)
    last = col(kind.seen_at)
    statement = update(kind).where(col(kind.id) == number, last.is_(None) | (last <= now - _SEEN_EVERY))
    with suppress(Busy), transaction(engine) as session:
        session.execute(statement.values(seen_at=now))


def end_sign_in(session: Session, actor: Actor, sign_in_id: int) -> None:
    """End one sign-in: one's own, or one of a user in the actor's care.

    Raises:
        NotFound: there is none in the actor's jurisdiction.
        Forbidden: the actor may see its user, but not manage all of the user's regions.
    """
    row = session.get(SignIn, sign_in_id) if 0 < sign_in_id <= LARGEST else None
    if row is None:
        raise NotFound("sign_in", sign_in_id)
    try:
        _, region = locked_user(session, actor, row.user)
    except NotFound:  # whose it is, is not told outside of the jurisdiction
        raise NotFound("sign_in", sign_in_id) from None
    session.refresh(row)
    if row.ended_at is None:
        row.ended_at, row.ended_by = clock.wall(), actor.name
        audit.note(session, region, actor.name, "user.sign_out", row.user, address=row.address)
    session.flush()


def end_sign_ins(session: Session, actor: Actor, name: str, keep: int | None = None) -> int:
    """End every open sign-in of a user but `keep`, and return how many there were.

    Raises:
        NotFound, Forbidden: no such user in the actor's jurisdiction, or in the actor's care.
    """
    _, region = locked_user(session, actor, name)
    count = end_all(session, actor.name, name, keep=keep)
    if count:
        audit.note(session, region, actor.name, "user.sign_out", name, count=count)
    return count


def end_all(session: Session, by: str, name: str, keep: int | None = None) -> int:
    """End the open sign-ins of a user without asking who does it; return how many there were."""
    now = clock.wall()
    statement = (
        update(SignIn)
        .where(
            col(SignIn.user) == name,
            col(SignIn.ended_at).is_(None),
            col(SignIn.ends_at) > now,
            col(SignIn.id) != (keep or 0),
        )
        .values(ended_at=now, ended_by=by)
    )
    return session.connection().execute(statement).rowcount
