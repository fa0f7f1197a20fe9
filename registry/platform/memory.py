"""What a transaction has read once and may use again: forgotten when it ends or is rolled back."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

_KEY = "remembered"


def remembered(session: Session) -> dict[str, Any]:
    """Return what this transaction has kept so far, by name."""
    found: dict[str, Any] = session.info.setdefault(_KEY, {})
    return found


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_KEY, None)


@event.listens_for(Session, "after_transaction_end")
def _close(session: Session, part: SessionTransaction) -> None:
    if part.parent is None:
        session.info.pop(_KEY, None)
