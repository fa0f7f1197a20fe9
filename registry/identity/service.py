"""Adds users and gives them roles."""

from sqlmodel import Session, select

from registry.identity.models import User, UserRole
from registry.identity.queries import require
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.errors import Invalid
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
