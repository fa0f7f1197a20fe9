"""Tokens with which programs act as a user: shown once, listed, ended."""

import secrets
from datetime import timedelta

from sqlmodel import Session, col, select

from registry.identity.models import ApiToken
from registry.identity.queries import digest_of, locked_user
from registry.identity.rules import LONGEST_DAYS, TOKEN_PREFIX, USUAL_DAYS, Actor, OwnerOnly
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.fields import SHORT, clean
from registry.kernel.quantity import LARGEST
from registry.platform import audit, clock


def make_token(
    session: Session,
    actor: Actor,
    name: str,
    label: str,
    days: int | None = USUAL_DAYS,
    secret: str | None = None,
) -> str:
    """Make a token for oneself and return it; nobody can read it again. The system makes one for anybody.

    Raises:
        NotFound, Forbidden: no such user in the actor's jurisdiction, or in the actor's care.
        OwnerOnly: it is for somebody else.
        Invalid: the label is empty, or the days are no sensible time.
    """
    _, region = locked_user(session, actor, name)
    if actor.name != name and not actor.is_system:
        raise OwnerOnly(user=name)
    told = clean(label, "label", SHORT)
    if told is None or not told.isprintable():
        raise Invalid("value_missing", "label", "", accepted=f"1–{SHORT} 个可见字符")
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise Invalid("not_a_whole_number", "days", days, accepted=f"1–{LONGEST_DAYS}")
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


def end_token(session: Session, actor: Actor, token_id: int) -> ApiToken:
    """End a token, one's own or one of a user in the actor's care, and return it.

    Raises:
        NotFound: there is none in the actor's jurisdiction.
        Forbidden: the actor may see its user, but not manage all of the user's regions.
    """
    row = session.get(ApiToken, token_id) if 0 < token_id <= LARGEST else None
    if row is None:
        raise NotFound("token", token_id)
    try:
        _, region = locked_user(session, actor, row.user)
    except NotFound:  # whose it is, is not told outside of the jurisdiction
        raise NotFound("token", token_id) from None
    session.refresh(row)
    _end(session, actor, row, region)
    session.flush()
    return row


def end_tokens(session: Session, actor: Actor, name: str) -> int:
    """End every token of a user that has not ended, and return how many there were.

    Raises:
        NotFound, Forbidden: no such user in the actor's jurisdiction, or in the actor's care.
    """
    _, region = locked_user(session, actor, name)
    statement = select(ApiToken).where(ApiToken.user == name, col(ApiToken.ended_at).is_(None))
    rows = session.exec(statement.order_by(col(ApiToken.id))).all()
    for row in rows:
        _end(session, actor, row, region)
    session.flush()
    return len(rows)


def _end(session: Session, actor: Actor, row: ApiToken, region: str) -> None:
    if row.ended_at is None:
        row.ended_at, row.ended_by = clock.wall(), actor.name
        audit.note(session, region, actor.name, "user.token_end", row.user, label=row.label)
