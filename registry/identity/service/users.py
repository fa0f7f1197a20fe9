"""Adds users, gives and takes roles, and closes accounts."""

import unicodedata
from collections.abc import Collection

from sqlmodel import Session, col, func, select

from registry.identity.models import User, UserRole
from registry.identity.queries import (
    administrators,
    lock_users,
    locked_user,
    manages_all,
    require,
    roles_of,
    user_named,
)
from registry.identity.rules import SYSTEM, Actor, LastAdministrator, LastRole, NameTaken, OwnAccount
from registry.identity.service.signing import end_all
from registry.identity.service.tokens import end_tokens
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.fields import SHORT, clean
from registry.kernel.vocabulary import Role
from registry.platform import audit, clock
from registry.platform.upsert import insert_once
from registry.regions.queries import lineage, top

LONGEST = 64
_RESERVED = (SYSTEM.name, "系统")  # the second is what pages call the first
_SIGNS = frozenset("._-@· ")  # others would bend an address or a page, or pass for one of these


def add_user(session: Session, actor: Actor, name: str, role: Role, region: str) -> User:
    """Add a user, or one more role to a user who is there.

    Raises:
        NotFound: no such region in the actor's jurisdiction.
        Forbidden: the actor manages nobody there.
        Invalid: the name is empty, reserved, longer than 64 characters, or of signs that no name has.
        NameTaken: it belongs to somebody whom the actor does not manage, or differs only in its case.
        OwnAccount: the actor's own.
    """
    lineage(session, region)  # refuses a region that does not exist
    require(session, actor, "user.manage", region)
    if not name.isprintable() or user_named(session, name) is None:  # names of before are kept
        _check_name(session, name)
    is_new = insert_once(
        session, User, {"name": name, "active": True, "added_at": clock.now(session)}, ["name"]
    )
    user = lock_users(session, [name])[name]
    if not is_new:
        _check_managed(session, actor, name)
    if insert_once(
        session, UserRole, {"user": name, "role": role, "region": region}, ["user", "role", "region"]
    ):
        audit.note(session, region, actor.name, "user.add", name, role=role)
    return user


def _check_name(session: Session, name: str) -> None:
    told = clean(name, "name", SHORT)
    plain = unicodedata.normalize("NFKC", name)
    if (
        not told
        or not name == told == plain
        or not name.isprintable()
        or name.casefold().replace(" ", "") in _RESERVED
        or len(name) > LONGEST
        or not all(map(_in_names, name))
        or name.strip(".") == ""
    ):
        accepted = f"1–{LONGEST} 个汉字、英文字母、数字或 . _ - @ · 和空格，首尾无空格，不能是 system、系统"
        raise Invalid("name_not_usable", "name", name, accepted=accepted)
    others = select(User.name).where(func.lower(User.name) == name.lower(), col(User.name) != name)
    if session.exec(others).first() is not None:
        raise NameTaken(name=name)


def _in_names(sign: str) -> bool:
    is_han = unicodedata.name(sign, "").startswith("CJK UNIFIED IDEOGRAPH")
    return is_han or (sign.isascii() and sign.isalnum()) or sign in _SIGNS


def _check_managed(session: Session, actor: Actor, name: str) -> None:
    """Let a role be added to somebody who is there already."""
    if actor.name == name and not actor.is_system:
        raise OwnAccount(user=name)
    regions = {row.region for row in roles_of(session, name)} or {top(session)}
    if not manages_all(session, actor, regions):
        raise NameTaken(name=name)


def remove_role(session: Session, actor: Actor, name: str, role: Role, region: str) -> None:
    """Take a role from a user; open sign-ins lose it with their next page.

    Raises:
        NotFound: the user does not hold it, or the region lies outside the actor's jurisdiction.
        Forbidden: the actor manages nobody there.
        OwnAccount: the actor's own.
        LastRole: the user has no other.
        LastAdministrator: nobody else could administer the region.
    """
    require(session, actor, "user.manage", region)
    if actor.name == name and not actor.is_system:
        raise OwnAccount(user=name)
    _lock(session, name, [region])
    held = roles_of(session, name)
    row = next((row for row in held if (row.role, row.region) == (role, region)), None)
    if row is None:
        raise NotFound("user", name)
    if len(held) == 1:
        raise LastRole(user=name)
    could = administrators(session, region)
    session.delete(row)
    session.flush()
    if name in could and not administrators(session, region):
        raise LastAdministrator(user=name, region=region)
    audit.note(session, region, actor.name, "user.remove_role", name, role=role)


def set_active(session: Session, actor: Actor, name: str, *, active: bool) -> User:
    """Close or open an account; closing ends its sign-ins and its tokens for good.

    Raises:
        NotFound, Forbidden: no such user in the actor's jurisdiction, or in the actor's care.
        OwnAccount: the actor's own.
        LastAdministrator: nobody else could administer a region of the user's.
    """
    if actor.name == name and not actor.is_system:
        raise OwnAccount(user=name)
    _lock(session, name, {row.region for row in roles_of(session, name)})
    user, region = locked_user(session, actor, name)
    if user.active == active:
        return user
    if not active:
        _close(session, actor, user)
    user.active = active
    audit.note(session, region, actor.name, "user.open" if active else "user.close", name)
    session.flush()
    return user


def _close(session: Session, actor: Actor, user: User) -> None:
    administered = [row.region for row in roles_of(session, user.name) if row.role is Role.administrator]
    for region in administered:
        if administrators(session, region) == [user.name]:
            raise LastAdministrator(user=user.name, region=region)
    end_all(session, actor.name, user.name)
    end_tokens(session, actor, user.name)


def _lock(session: Session, name: str, regions: Collection[str]) -> None:
    """Lock a user together with whoever administers these regions: of two who close each other, one waits."""
    others = {other for region in regions for other in administrators(session, region)}
    lock_users(session, {name} | others)
