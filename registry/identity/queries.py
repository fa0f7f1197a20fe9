"""Reads of users and of who is signed in, and the check of what an actor may do where."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from registry.identity.models import ApiToken, SignIn, User, UserRole
from registry.identity.rules import IDLE, SYSTEM, Actor
from registry.kernel.errors import Forbidden, NotFound
from registry.kernel.vocabulary import Role
from registry.platform import clock
from registry.regions.queries import below, lineage, top


def actor_named(session: Session, name: str | None) -> Actor:
    """Return the active user of that name as an actor; no name is the system itself.

    Raises:
        NotFound: no active user has that name.
    """
    if name is None or name == SYSTEM.name:
        return SYSTEM
    statement = (
        select(User.active, UserRole.role, UserRole.region)
        .outerjoin(UserRole, col(UserRole.user) == col(User.name))
        .where(User.name == name)
    )
    rows = session.exec(statement).all()
    if not rows or not rows[0][0]:
        raise NotFound("user", name)
    return Actor(name, frozenset((Role(role), region) for _, role, region in rows if role))


def any_user(session: Session) -> bool:
    """Tell whether anybody has been added yet."""
    return session.exec(select(User.name).limit(1)).first() is not None


def is_within(session: Session, actor: Actor, region: str) -> bool:
    """Tell whether a region lies in the actor's jurisdiction; what lies outside does not exist for them."""
    return actor.is_system or bool(set(lineage(session, region)) & {place for _, place in actor.roles})


def require_anywhere(actor: Actor, permission: str) -> None:
    """Let an act on the whole book pass for whoever may do it somewhere.

    Raises:
        Forbidden: no role of the actor permits it.
    """
    if not actor.is_system and not actor.regions_permitting(permission):
        raise Forbidden(permission, actor.name)


def require(session: Session, actor: Actor, permission: str, region: str) -> None:
    """Let the act pass, or refuse it.

    Raises:
        NotFound: the region lies outside the actor's jurisdiction altogether.
        Forbidden: the actor may see the region, but no role permits the act there.
    """
    if actor.is_system:
        return
    if not is_within(session, actor, region):
        raise NotFound("region", region)
    if not set(lineage(session, region)) & actor.regions_permitting(permission):
        raise Forbidden(permission, actor.name)


def visible(session: Session, actor: Actor, permission: str) -> set[str] | None:
    """Return the region codes the actor may read, or None for all of them."""
    if actor.is_system:
        return None
    return {code for place in actor.regions_permitting(permission) for code in below(session, place)}


def readable(session: Session, actor: Actor, permission: str, region: str | None) -> set[str] | None:
    """Return the codes at and below a region that the actor may read; None for all, where none is named.

    Raises:
        NotFound: the region does not exist, or the actor may read nothing of it.
    """
    seen = visible(session, actor, permission)
    if region is None:
        return seen
    lineage(session, region)  # refuses a region that does not exist
    found = set(below(session, region))
    if seen is not None and not (found := found & seen):
        raise NotFound("region", region)
    return found


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is behind a request: a person at a browser, or a program with a token (then without sign-in)."""

    actor: Actor
    sign_in: int | None = None
    csrf: str = ""
    seen_at: datetime | None = None


def digest_of(secret: str) -> str:
    """Return the SHA-256 under which a secret is kept; secrets are random, so no salt is needed."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def signed_in(session: Session, secret: str) -> SignedIn | None:
    """Return who holds the secret of an open sign-in, in one statement."""
    now = clock.wall()
    statement = (
        select(SignIn, UserRole.role, UserRole.region)
        .join(User, col(User.name) == col(SignIn.user))
        .outerjoin(UserRole, col(UserRole.user) == col(SignIn.user))
        .where(
            SignIn.digest == digest_of(secret),
            col(SignIn.ended_at).is_(None),
            SignIn.ends_at > now,
            SignIn.seen_at > now - IDLE,
            col(User.active).is_(True),
        )
    )
    rows = session.exec(statement).all()
    if not rows:
        return None
    found = rows[0][0]
    actor = _actor(found.user, [(role, region) for _, role, region in rows])
    return SignedIn(actor, found.id, found.csrf, found.seen_at)


def token_holder(session: Session, secret: str) -> SignedIn | None:
    """Return whom a token that has not ended acts as, in one statement."""
    statement = (
        select(ApiToken.user, UserRole.role, UserRole.region)
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
    return SignedIn(_actor(rows[0][0], [(role, region) for _, role, region in rows])) if rows else None


def token_known(session: Session, secret: str) -> bool:
    """Tell whether a token was ever made here, be it ended or not."""
    statement = select(ApiToken.id).where(ApiToken.digest == digest_of(secret))
    return session.exec(statement).first() is not None


def _actor(name: str, roles: Sequence[tuple[str, str]]) -> Actor:  # both empty for a user without any role
    return Actor(name, frozenset((Role(role), region) for role, region in roles if role and region))


def roles_of(session: Session, name: str) -> list[UserRole]:
    """Return the roles of a user, by region and role."""
    statement = select(UserRole).where(UserRole.user == name).order_by(UserRole.region, col(UserRole.role))
    return list(session.exec(statement).all())


def home_of(session: Session, name: str) -> str:
    """Return the region in whose chain a user's own acts are noted: the lowest they hold a role in."""
    held = [row.region for row in roles_of(session, name)]
    return max(held) if held else top(session)


def manageable_user(session: Session, actor: Actor, name: str) -> tuple[User, str]:
    """Return a user, oneself or one in the actor's care, with the region for the audit note.

    Whoever manages a user manages every region that the user holds a role in.

    Raises:
        NotFound: no such user in the actor's jurisdiction.
        Forbidden: the actor may see the user, but not manage all of the user's regions.
    """
    user = session.get(User, name) if name.isprintable() else None
    if user is None:
        raise NotFound("user", name)
    regions = {row.region for row in roles_of(session, name)} or {top(session)}
    if actor.name != name and not actor.is_system:
        if not any(is_within(session, actor, region) for region in regions):
            raise NotFound("user", name)
        for region in sorted(regions):
            if not set(lineage(session, region)) & actor.regions_permitting("user.manage"):
                raise Forbidden("user.manage", actor.name)
    return user, max(regions)
