"""What an installation knows of itself: whether it is a demonstration, and its stored clock."""

from sqlalchemy import event
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Field, Session, SQLModel, select

import registry.platform.columns  # noqa: F401  (naming convention before any table)

_CACHE = "installation_facts"


class InstallationFact(SQLModel, table=True):
    """One named fact of this database."""

    __tablename__ = "installation_fact"

    name: str = Field(primary_key=True)
    value: str


def facts(session: Session) -> dict[str, str]:
    """Return every fact, read once per transaction."""
    if _CACHE not in session.info:
        session.info[_CACHE] = {f.name: f.value for f in session.exec(select(InstallationFact)).all()}
    return dict(session.info[_CACHE])


def set_fact(session: Session, name: str, value: str) -> None:
    """Store one fact."""
    session.merge(InstallationFact(name=name, value=value))
    session.flush()
    session.info.pop(_CACHE, None)


def is_demonstration(session: Session) -> bool:
    """Tell whether this database was made by the demonstration."""
    return facts(session).get("demonstration") == "yes"


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_CACHE, None)


@event.listens_for(Session, "after_transaction_end")
def _close(session: Session, part: SessionTransaction) -> None:
    if part.parent is None:
        session.info.pop(_CACHE, None)
