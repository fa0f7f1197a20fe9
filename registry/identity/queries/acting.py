"""Who acts, and the check of what an actor may do where."""

from sqlmodel import Session, col, select

from registry.identity.models import User, UserRole
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.errors import Forbidden, NotFound
from registry.kernel.vocabulary import Role
from registry.regions.queries import below, lineage


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


def permits(session: Session, actor: Actor, permission: str, region: str) -> bool:
    """Tell whether a role of the actor permits an act in a region: what a page offers, not what is judged."""
    return actor.is_system or bool(set(lineage(session, region)) & actor.regions_permitting(permission))


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
