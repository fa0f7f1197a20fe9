"""Column types shared by every table: whole base units, enumerated words, keys."""

from typing import Any

from sqlalchemy import BigInteger, Enum, Integer
from sqlmodel import Field, SQLModel

from registry.kernel.vocabulary import Word

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite only counts up a column whose type is exactly INTEGER; it holds 64 bits all the same.
KEY = BigInteger().with_variant(Integer(), "sqlite")


def key() -> Any:
    """Return a surrogate primary key column."""
    return Field(default=None, primary_key=True, sa_type=KEY)


def refers(target: str, *, index: bool = False, nullable: bool = False) -> Any:
    """Return a foreign key column to a surrogate key."""
    default = None if nullable else ...
    return Field(default=default, foreign_key=target, index=index, nullable=nullable, sa_type=KEY)


def whole(*, nullable: bool = False, default: Any = ...) -> Any:
    """Return a column of whole base units (g, l, pieces, m², mm): BIGINT on both databases."""
    if nullable:
        return Field(default=None, nullable=True, sa_type=BigInteger)
    return Field(default=default, nullable=False, sa_type=BigInteger)


def word(kind: type[Word], *, nullable: bool = False, default: Any = ..., index: bool = False) -> Any:
    """Return a column of an enumerated word: its value as text, with a CHECK on both databases."""
    name = "".join("_" + c.lower() if c.isupper() else c for c in kind.__name__).lstrip("_")
    column_type = Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=24,
        values_callable=lambda members: [m.value for m in members],
    )
    return Field(default=None if nullable else default, nullable=nullable, index=index, sa_type=column_type)
