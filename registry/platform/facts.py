"""What an installation knows of itself: whether it is a demonstration, and its stored clock."""

from sqlalchemy import select
from sqlmodel import Field, Session, SQLModel

import registry.platform.columns  # noqa: F401  (naming convention before any table)
from registry.platform.memory import remembered
from registry.platform.rows import table_of

_CACHE = "installation_facts"


class InstallationFact(SQLModel, table=True):
    """One named fact of this database."""

    __tablename__ = "installation_fact"

    name: str = Field(primary_key=True)
    value: str


_ALL = select(table_of(InstallationFact))


def facts(session: Session) -> dict[str, str]:
    """Return every fact, read once per transaction."""
    memory = remembered(session)
    if _CACHE not in memory:
        memory[_CACHE] = {row.name: row.value for row in session.connection().execute(_ALL)}
    return dict(memory[_CACHE])


def set_fact(session: Session, name: str, value: str) -> None:
    """Store one fact."""
    session.merge(InstallationFact(name=name, value=value))
    session.flush()
    remembered(session).pop(_CACHE, None)


def is_demonstration(session: Session) -> bool:
    """Tell whether this database was made by the demonstration."""
    return facts(session).get("demonstration") == "yes"
