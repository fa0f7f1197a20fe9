"""Lists of users, sign-ins and tokens, as people look at them: nothing in them opens anything."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlmodel import Session, col

from registry.identity.models import ApiToken, SignIn, User, UserRole
from registry.identity.queries.acting import visible
from registry.identity.queries.people import manages_all
from registry.identity.rules import IDLE, Actor
from registry.identity.wanted import Wanted
from registry.kernel.vocabulary import Role
from registry.platform import clock
from registry.platform.rows import table_of
from registry.regions.queries import top

USER, ROLE = table_of(User).c, table_of(UserRole).c
SIGN_IN, TOKEN = table_of(SignIn).c, table_of(ApiToken).c


@dataclass(frozen=True, slots=True)
class UserRow:
    """One user and the account; `manageable` tells whether whoever asks may change it."""

    name: str
    active: bool
    added_at: datetime
    has_password: bool
    password_set_at: datetime | None
    roles: tuple[tuple[Role, str], ...]
    seen_at: datetime | None
    sign_ins: int
    tokens: int
    manageable: bool


@dataclass(frozen=True, slots=True)
class SignInRow:
    """One sign-in, open or over."""

    id: int
    user: str
    address: str
    agent: str
    opened_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token, of use or not."""

    id: int
    user: str
    label: str
    made_by: str
    made_at: datetime
    ends_at: datetime | None
    seen_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    is_open: bool


def users(
    session: Session, actor: Actor, wanted: Wanted, skipped: int = 0, most: int | None = None
) -> tuple[list[UserRow], int]:
    """Return the wanted users of whom the actor manages a region or more, by name; and how many there are."""
    asked = [_seen(session, actor), *_conditions(wanted)]
    total = session.execute(select(func.count()).select_from(table_of(User)).where(*asked)).scalar_one()
    statement = select(User).where(*asked).order_by(USER.name).offset(skipped)
    found = session.execute(statement if most is None else statement.limit(most)).scalars().all()
    return _rows(session, actor, found), total


def user_row(session: Session, actor: Actor, user: User) -> UserRow:
    """Return one user as the list shows it."""
    [row] = _rows(session, actor, [user])
    return row


def own_row(
    session: Session, actor: Actor, sign_ins: Sequence[SignInRow], tokens: Sequence[TokenRow]
) -> UserRow:
    """Return the actor's own account, with the sign-ins and tokens that have been read already."""
    user = session.get_one(User, actor.name)
    return UserRow(
        name=user.name,
        active=user.active,
        added_at=user.added_at,
        has_password=user.password_hash is not None,
        password_set_at=user.password_set_at,
        roles=tuple(sorted(actor.roles, key=lambda held: (held[1], list(Role).index(held[0])))),
        seen_at=max((row.seen_at for row in sign_ins), default=None),
        sign_ins=sum(row.is_open for row in sign_ins),
        tokens=sum(row.is_open for row in tokens),
        manageable=True,
    )


def _seen(session: Session, actor: Actor) -> ColumnElement[bool]:
    regions = visible(session, actor, "user.manage")
    if regions is None:
        return true()
    held = select(ROLE.user).where(ROLE.user == USER.name)
    without_role = ~held.exists() if top(session) in regions else false()
    return or_(held.where(ROLE.region.in_(sorted(regions))).exists(), without_role)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        found.append(USER.name.icontains(wanted.text, autoescape=True))
    if wanted.role is not None:
        found.append(select(ROLE.user).where(ROLE.user == USER.name, ROLE.role == wanted.role).exists())
    if wanted.active is not None:
        found.append(USER.active.is_(wanted.active))
    return found


def _rows(session: Session, actor: Actor, found: Sequence[User]) -> list[UserRow]:
    names = [user.name for user in found]
    roles: dict[str, list[tuple[Role, str]]] = defaultdict(list)
    held = select(ROLE.user, ROLE.role, ROLE.region).where(ROLE.user.in_(names))
    for name, role, region in session.execute(held.order_by(ROLE.region, ROLE.id)):
        roles[name].append((Role(role), region))
    opened = (
        select(SIGN_IN.user, func.max(SIGN_IN.seen_at), func.count().filter(_is_open()))
        .where(SIGN_IN.user.in_(names))
        .group_by(SIGN_IN.user)
    )
    signed = {name: (seen_at, count) for name, seen_at, count in session.execute(opened)}
    live = select(TOKEN.user, func.count()).where(TOKEN.user.in_(names), _is_live()).group_by(TOKEN.user)
    tokens = {name: count for name, count in session.execute(live)}  # noqa: C416 (a row is no pair to mypy)
    return [
        UserRow(
            name=user.name,
            active=user.active,
            added_at=user.added_at,
            has_password=user.password_hash is not None,
            password_set_at=user.password_set_at,
            roles=tuple(roles[user.name]),
            seen_at=signed.get(user.name, (None, 0))[0],
            sign_ins=signed.get(user.name, (None, 0))[1],
            tokens=tokens.get(user.name, 0),
            manageable=manages_all(
                session, actor, {region for _, region in roles[user.name]} or {top(session)}
            ),
        )
        for user in found
    ]


def _is_open() -> ColumnElement[bool]:
    now = clock.wall()
    return SIGN_IN.ended_at.is_(None) & (SIGN_IN.ends_at > now) & (SIGN_IN.seen_at > now - IDLE)


def _is_live() -> ColumnElement[bool]:
    return TOKEN.ended_at.is_(None) & or_(TOKEN.ends_at.is_(None), TOKEN.ends_at > clock.wall())


def sign_ins_of(session: Session, name: str, most: int | None = 20) -> list[SignInRow]:
    """Return the sign-ins of a user: the open ones first, then the newest, `most` (all for None)."""
    statement = (
        select(SignIn, _is_open().label("is_open"))
        .where(SIGN_IN.user == name)
        .order_by(_is_open().desc(), SIGN_IN.opened_at.desc(), SIGN_IN.id.desc())
        .limit(most)
    )
    return [
        SignInRow(
            row.id or 0, row.user, row.address, row.agent, row.opened_at, row.seen_at, row.ended_at,
            row.ended_by, bool(is_open),
        )
        for row, is_open in session.execute(statement)
    ]  # fmt: skip


def tokens_of(session: Session, names: Collection[str] | None) -> list[TokenRow]:
    """Return the tokens of these users (of all for None): those of use first, then the newest."""
    statement = select(ApiToken, _is_live().label("is_live"))
    if names is not None:
        statement = statement.where(TOKEN.user.in_(names))
    statement = statement.order_by(_is_live().desc(), col(ApiToken.made_at).desc(), TOKEN.id.desc())
    return [
        TokenRow(
            row.id or 0, row.user, row.label, row.made_by, row.made_at, row.ends_at, row.seen_at,
            row.ended_at, row.ended_by, bool(is_live),
        )
        for row, is_live in session.execute(statement)
    ]  # fmt: skip
