"""Tokens with which programs act as a user: shown once, listed, ended."""

import secrets
from datetime import timedelta

from sqlmodel import Session

from registry.identity.models import ApiToken
from registry.identity.queries import digest_of, manageable_user
from registry.identity.rules import TOKEN_PREFIX, Actor
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.fields import SHORT, clean
from registry.platform import audit, clock

_LONGEST_DAYS = 3650


def make_token(
    session: Session, actor: Actor, name: str, label: str, days: int | None = 365, secret: str | None = None
) -> str:
    """Make a token for a user and return it; nobody can read it again.

    Raises:
        NotFound: no such user in the actor's jurisdiction.
        Invalid: the label is empty, or the days are no sensible time.
    """
    _, region = manageable_user(session, actor, name)
    told = clean(label, "label", SHORT)
    if told is None:
        raise Invalid("value_missing", "label", label, accepted=f"1–{SHORT} 个可见字符")
    if days is not None and not 1 <= days <= _LONGEST_DAYS:
        raise Invalid("not_a_whole_number", "days", days, accepted=f"1–{_LONGEST_DAYS}")
    secret = secret or TOKEN_PREFIX + secrets.token_urlsafe(32)
    now = clock.wall()
    ends = None if days is None else now + timedelta(days=days)
    session.add(
        ApiToken(
            digest=digest_of(secret), user=name, label=told, made_by=actor.name, made_at=now, ends_at=ends
        )
    )
    audit.note(session, region, actor.name, "user.token", name, label=told)
    session.flush()
    return secret


def end_token(session: Session, actor: Actor, token_id: int) -> None:
    """End a token: one's own, or one of a user in the actor's care.

    Raises:
        NotFound: there is none in the actor's jurisdiction.
    """
    row = session.get(ApiToken, token_id)
    if row is None:
        raise NotFound("token", token_id)
    _, region = manageable_user(session, actor, row.user)
    if row.ended_at is None:
        row.ended_at, row.ended_by = clock.wall(), actor.name
        audit.note(session, region, actor.name, "user.token_end", row.user, label=row.label)
    session.flush()
