"""Who is behind a request: whoever holds the secret of an open sign-in, or a token that has not ended."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, or_, select

from registry.identity.models import ApiToken, SignIn, User, UserRole
from registry.identity.rules import IDLE, Actor
from registry.kernel.vocabulary import Role
from registry.platform import clock
from registry.platform.rows import table_of

_SIGN_IN, _USER, _ROLE = table_of(SignIn).c, table_of(User).c, table_of(UserRole).c


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is behind a request: a person at a browser (then with a sign-in), or a program with a token."""

    actor: Actor
    sign_in: int | None = None
    csrf: str = ""
    seen_at: datetime | None = None
    token: int | None = None


# Every page asks for it: built once, and without an object, it costs a third.
_SIGNED_IN = (
    select_columns(_SIGN_IN.id, _SIGN_IN.user, _SIGN_IN.csrf, _SIGN_IN.seen_at, _ROLE.role, _ROLE.region)
    .join(table_of(User), _USER.name == _SIGN_IN.user)
    .outerjoin(table_of(UserRole), _ROLE.user == _SIGN_IN.user)
    .where(
        _SIGN_IN.digest == bindparam("digest"),
        _SIGN_IN.ended_at.is_(None),
        _SIGN_IN.ends_at > bindparam("now"),
        _SIGN_IN.seen_at > bindparam("used_since"),
        _USER.active.is_(True),
    )
)


def digest_of(secret: str) -> str:
    """Return the SHA-256 under which a secret is kept; secrets are random, so no salt is needed."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def signed_in(session: Session, secret: str) -> SignedIn | None:
    """Return who holds the secret of an open sign-in, in one statement."""
    now = clock.wall()
    given = {"digest": digest_of(secret), "now": now, "used_since": now - IDLE}
    rows = session.connection().execute(_SIGNED_IN, given).all()
    if not rows:
        return None
    found = rows[0]
    actor = _actor(found.user, [(row.role, row.region) for row in rows])
    return SignedIn(actor, found.id, found.csrf, found.seen_at)


def token_holder(session: Session, secret: str) -> SignedIn | None:
    """Return whom a token that has not ended acts as, in one statement."""
    statement = (
        select(ApiToken, UserRole.role, UserRole.region)
        .join(User, col(User.name) == col(ApiToken.user))
        .outerjoin(UserRole, col(UserRole.user) == col(ApiToken.user))
        .where(
            ApiToken.digest == digest_of(secret),
            col(ApiToken.ended_at).is_(None),
            or_(col(ApiToken.ends_at).is_(None), col(ApiToken.ends_at) > clock.wall()),
            col(User.active).is_(True),
        )
    )
    rows = session.exec(statement).all()
    if not rows:
        return None
    found = rows[0][0]
    actor = _actor(found.user, [(role, region) for _, role, region in rows])
    return SignedIn(actor, seen_at=found.seen_at, token=found.id)


def token_known(session: Session, secret: str) -> bool:
    """Tell whether a token was ever made here, be it ended or not."""
    statement = select(ApiToken.id).where(ApiToken.digest == digest_of(secret))
    return session.exec(statement).first() is not None


def _actor(name: str, roles: Sequence[tuple[str, str]]) -> Actor:  # both empty for a user without any role
    return Actor(name, frozenset((Role(role), region) for role, region in roles if role and region))
