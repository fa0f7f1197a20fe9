"""Tables of users, their roles, their sign-ins and tokens, and of attempts to sign in."""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from registry.kernel.vocabulary import Role
from registry.platform.columns import key, whole, word


class User(SQLModel, table=True):
    """A person who acts in the registry under a name."""

    __tablename__ = "user_account"

    name: str = Field(primary_key=True)
    active: bool = True
    added_at: datetime
    password_hash: str | None = Field(default=None, description="argon2id; empty: nobody can sign in yet")
    password_set_at: datetime | None = None


class UserRole(SQLModel, table=True):
    """A role that a user holds in a region and everything below it."""

    __tablename__ = "user_role"
    __table_args__ = (UniqueConstraint("user", "role", "region"),)

    id: int | None = key()
    user: str = Field(foreign_key="user_account.name")
    role: Role = word(Role)
    region: str = Field(foreign_key="region.code")


class SignIn(SQLModel, table=True):
    """One sign-in of a person at a browser; the browser holds the secret, this row only its digest."""

    __tablename__ = "sign_in"

    id: int | None = key()
    digest: str = Field(unique=True, description="SHA-256 of the secret in the cookie")
    user: str = Field(foreign_key="user_account.name", index=True)
    csrf: str = Field(description="what every form of this sign-in carries")
    address: str
    agent: str = Field(description="what the browser calls itself")
    opened_at: datetime
    seen_at: datetime = Field(description="last use, to a few minutes")
    ends_at: datetime = Field(description="whatever happens, it ends then")
    ended_at: datetime | None = None
    ended_by: str | None = None


class ApiToken(SQLModel, table=True):
    """A key with which a program acts as a user; shown once, kept as a digest."""

    __tablename__ = "api_token"

    id: int | None = key()
    digest: str = Field(unique=True, description="SHA-256 of the token")
    user: str = Field(foreign_key="user_account.name", index=True)
    label: str = Field(description="which program it is for")
    made_by: str
    made_at: datetime
    ends_at: datetime | None = None
    seen_at: datetime | None = Field(default=None, description="last use, to a few minutes")
    ended_at: datetime | None = None
    ended_by: str | None = None


class Attempt(SQLModel, table=True):
    """How often somebody has lately tried to sign in, by name and place, by name, and by place."""

    __tablename__ = "attempt"

    subject: str = Field(primary_key=True)
    count: int = whole()
    since: datetime
