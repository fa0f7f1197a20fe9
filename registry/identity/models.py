"""Tables of users and their roles."""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from registry.kernel.vocabulary import Role
from registry.platform.columns import key, word


class User(SQLModel, table=True):
    """A person who acts in the registry under a name."""

    __tablename__ = "user_account"

    name: str = Field(primary_key=True)
    active: bool = True
    added_at: datetime


class UserRole(SQLModel, table=True):
    """A role that a user holds in a region and everything below it."""

    __tablename__ = "user_role"
    __table_args__ = (UniqueConstraint("user", "role", "region"),)

    id: int | None = key()
    user: str = Field(foreign_key="user_account.name")
    role: Role = word(Role)
    region: str = Field(foreign_key="region.code")
