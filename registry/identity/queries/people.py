"""Users with their roles, and who may manage whom."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from registry.identity.models import User, UserRole
from registry.identity.queries.acting import is_within
from registry.identity.rules import Actor
from registry.kernel.errors import Forbidden, NotFound
from registry.kernel.vocabulary import Role
from registry.platform.db import locked
from registry.regions.queries import lineage, top


def roles_of(session: Session, name: str) -> list[UserRole]:
    """Return the roles of a user, by region and role; none where no user can have such a name."""
    if not name.isprintable():
        return []
    statement = select(UserRole).where(UserRole.user == name).order_by(UserRole.region, col(UserRole.role))
    return list(session.exec(statement).all())


def user_named(session: Session, name: str) -> User | None:
    """Return a user by name, or None."""
    return session.get(User, name)


def home_of(session: Session, name: str) -> str:
    """Return the region in whose chain a user's own acts are noted: the lowest they hold a role in."""
    return max((row.region for row in roles_of(session, name)), default="") or top(session)


def manageable_user(session: Session, actor: Actor, name: str) -> tuple[User, str]:
    """Return a user, oneself or one in the actor's care, with the region for the audit note.

    Whoever manages a user manages every region that the user holds a role in.

    Raises:
        NotFound: no such user in the actor's jurisdiction.
        Forbidden: the actor may see the user, but not manage all of the user's regions.
    """
    user = session.get(User, name) if name.isprintable() else None
    return _manageable(session, actor, name, user)


def locked_user(session: Session, actor: Actor, name: str) -> tuple[User, str]:
    """Return what `manageable_user` does with the user locked: what is judged stays so until commit.

    Raises:
        NotFound, Forbidden: as `manageable_user`.
    """
    return _manageable(session, actor, name, lock_users(session, [name]).get(name))


def lock_users(session: Session, names: Collection[str]) -> dict[str, User]:
    """Lock the users of these names, in the order of the names."""
    known = [name for name in names if name.isprintable()]
    statement = select(User).where(col(User.name).in_(known)).order_by(User.name)
    return {user.name: user for user in locked(session, statement)}


def _manageable(session: Session, actor: Actor, name: str, user: User | None) -> tuple[User, str]:
    if user is None:
        raise NotFound("user", name)
    regions = {row.region for row in roles_of(session, name)} or {top(session)}
    if actor.name != name and not actor.is_system:
        if not any(is_within(session, actor, region) for region in regions):
            raise NotFound("user", name)
        if not manages_all(session, actor, regions):
            raise Forbidden("user.manage", actor.name)
    return user, max(regions)


def manages_all(session: Session, actor: Actor, regions: Collection[str]) -> bool:
    """Tell whether the actor may manage users in each of these regions."""
    managed = actor.regions_permitting("user.manage")
    return actor.is_system or all(managed & set(lineage(session, region)) for region in regions)


def administrators(session: Session, region: str) -> list[str]:
    """Return who can administer a region at this moment: an active administrator of it, with a password."""
    statement = (
        select(User.name)
        .join(UserRole, col(UserRole.user) == col(User.name))
        .where(
            UserRole.role == Role.administrator,
            col(UserRole.region).in_(lineage(session, region)),
            col(User.active).is_(True),
            col(User.password_hash).is_not(None),
        )
        .distinct()
        .order_by(User.name)
    )
    return list(session.exec(statement).all())
