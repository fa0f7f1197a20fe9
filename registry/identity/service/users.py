"""Adds users, gives and takes roles, and closes accounts."""

from sqlmodel import Session, select

from registry.identity.models import User, UserRole
from registry.identity.queries import manageable_user, require
from registry.identity.rules import SYSTEM, Actor
from registry.identity.service.signing import end_all
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.fields import SHORT, clean
from registry.kernel.vocabulary import Role
from registry.platform import audit, clock
from registry.regions.queries import lineage

LONGEST = 64


def add_user(session: Session, actor: Actor, name: str, role: Role, region: str) -> User:
    """Add a user, or one more role to a user who is there.

    Raises:
        NotFound: no such region in the actor's jurisdiction.
        Invalid: the name is empty, reserved, or longer than 64 characters.
    """
    lineage(session, region)  # refuses a region that does not exist
    require(session, actor, "user.manage", region)
    told = clean(name, "name", SHORT)
    if told is None or told != name or told.lower() == SYSTEM.name or len(told) > LONGEST:
        raise Invalid("name_not_usable", "name", name, accepted="1–64 个可见字符，首尾无空格，不能是 system")
    user = session.get(User, name)
    if user is None:
        user = User(name=name, added_at=clock.now(session))
        session.add(user)
        session.flush()
    held = select(UserRole).where(UserRole.user == name, UserRole.role == role, UserRole.region == region)
    if session.exec(held).first() is None:
        session.add(UserRole(user=name, role=role, region=region))
        audit.note(session, region, actor.name, "user.add", name, role=role)
    session.flush()
    return user


def remove_role(session: Session, actor: Actor, name: str, role: Role, region: str) -> None:
    """Take a role from a user; open sign-ins lose it with their next page.

    Raises:
        NotFound: the user does not hold it, or the region lies outside the actor's jurisdiction.
    """
    require(session, actor, "user.manage", region)
    held = select(UserRole).where(UserRole.user == name, UserRole.role == role, UserRole.region == region)
    row = session.exec(held).first()
    if row is None:
        raise NotFound("user", name)
    session.delete(row)
    audit.note(session, region, actor.name, "user.remove_role", name, role=role)
    session.flush()


def set_active(session: Session, actor: Actor, name: str, *, active: bool) -> User:
    """Close or open an account; closing ends its sign-ins, and its tokens serve nobody.

    Raises:
        NotFound: no such user in the actor's jurisdiction.
    """
    user, region = manageable_user(session, actor, name)
    if user.active != active:
        user.active = active
        audit.note(session, region, actor.name, "user.open" if active else "user.close", name)
    if not active:
        end_all(session, actor.name, name)
    session.flush()
    return user
