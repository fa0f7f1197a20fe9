"""Passwords: hashed by argon2id outside of any transaction, set by their owner or an administrator."""

from sqlmodel import Session

from registry.identity.queries import manageable_user
from registry.identity.rules import Actor, read_password
from registry.identity.service.hashing import hashed as hash_of
from registry.identity.service.signing import end_all
from registry.platform import audit, clock


def password_hash(text: str, name: str) -> str:
    """Return the hash of a password that may be set; hash before the transaction opens.

    Raises:
        Invalid: it is too short, too long, or made of the user's name.
    """
    return hash_of(read_password(text, name))


def set_password(session: Session, actor: Actor, name: str, hashed: str, keep: int | None = None) -> None:
    """Set a user's password, one's own or one in the actor's care, and end every sign-in but `keep`.

    Raises:
        NotFound: no such user in the actor's jurisdiction.
        Forbidden: another's password, without the right to manage users.
    """
    user, region = manageable_user(session, actor, name)
    user.password_hash, user.password_set_at = hashed, clock.now(session)
    end_all(session, actor.name, name, keep=keep)
    audit.note(session, region, actor.name, "user.password", name)
    session.flush()
