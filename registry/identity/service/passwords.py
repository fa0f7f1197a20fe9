"""Passwords: hashed outside of any transaction, changed by their owner, set anew by an administrator."""

import secrets
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlmodel import Session

from registry.identity.queries import locked_user
from registry.identity.rules import LONGEST, Actor, read_password
from registry.identity.service import attempts
from registry.identity.service.hashing import fits
from registry.identity.service.hashing import hashed as hash_of
from registry.identity.service.signing import end_all
from registry.identity.service.signing import hash_of as kept_hash
from registry.kernel.errors import Invalid
from registry.platform import audit, clock
from registry.platform.db import reader, transaction
from registry.platform.idempotency import kept_answer, once

_ACT = "account.password"
_PLAIN = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """Return a random password of 99 bits, to be shown once; no sign of it looks like another."""
    groups = ["".join(secrets.choice(_PLAIN) for _ in range(5)) for _ in range(4)]
    return "-".join(groups)


def password_hash(text: str, name: str) -> str:
    """Return the hash of a password that may be set; hash before the transaction opens.

    Raises:
        Invalid: it is too short, too long, made of the user's name, or one that is guessed first.
    """
    return hash_of(read_password(text, name))


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one's own password; `keep` is the sign-in that stays, `key` the form's one-time key."""

    old: str
    new: str
    address: str
    keep: int | None = None
    key: str | None = None


def change_password(engine: Engine, actor: Actor, change: Change) -> None:
    """Change one's own password by showing the old one, and end every other sign-in of one's own.

    Whoever sits down at somebody's open desk may guess the old password as seldom as at the door. Sent
    twice under one key it is changed once.

    Raises:
        Throttled: too many wrong passwords of late.
        Invalid: the old password is wrong, or the new one may not be set.
    """
    if change.key and _is_done(engine, actor, change.key):
        return
    read_password(change.new, actor.name)
    attempts.count_guess(engine, actor.name, change.address)
    stored = kept_hash(engine, actor.name)
    if not fits(change.old[: LONGEST + 1], stored):
        raise Invalid("password_wrong", "old_password", "")
    hashed = password_hash(change.new, actor.name)

    def do() -> dict[str, bool]:
        user, _ = locked_user(session, actor, actor.name)
        if not user.active or user.password_hash != stored:  # changed since it was compared
            raise Invalid("password_wrong", "old_password", "")
        set_password(session, actor, actor.name, hashed, change.keep)
        return {"done": True}

    with transaction(engine) as session:
        once(session, actor.name, _ACT, change.key, {}, do)  # of a password not even a digest is kept here
        attempts.forgive(session, actor.name, change.address)


def _is_done(engine: Engine, actor: Actor, key: str) -> bool:
    with reader(engine) as session:
        return kept_answer(session, actor.name, _ACT, key) is not None


def set_password(session: Session, actor: Actor, name: str, hashed: str, keep: int | None = None) -> None:
    """Set a user's password, one's own or one in the actor's care, and end every sign-in but `keep`.

    Raises:
        NotFound: no such user in the actor's jurisdiction.
        Forbidden: another's password, without the right to manage all of the user's regions.
    """
    user, region = locked_user(session, actor, name)
    user.password_hash, user.password_set_at = hashed, clock.now(session)
    end_all(session, actor.name, name, keep=keep)
    audit.note(session, region, actor.name, "user.password", name)
    session.flush()
