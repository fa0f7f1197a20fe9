"""A repeated request gets the first answer: key and input hash point to the kept answer."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col

from registry.kernel.errors import Invalid
from registry.kernel.fields import SHORT, clean
from registry.platform import clock
from registry.platform.rows import table_of
from registry.platform.upsert import insert_once

KEPT_DAYS = 30


class KeptAnswer(SQLModel, table=True):
    """The first answer to a request, under the actor's key for one kind of act."""

    __tablename__ = "kept_answer"

    actor: str = Field(primary_key=True)
    act: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    input_hash: str
    answer: str | None = None
    at: datetime = Field(index=True)


def input_hash(content: object) -> str:
    """Return SHA-256 over the canonical JSON of an input."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def once(
    session: Session, actor: str, act: str, key: str | None, content: object, do: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Do an act and return its answer, or the answer it got before under this key; without one, just do it.

    Raises:
        Invalid: the key is no visible text, or was used for another input.
    """
    if key is None:
        return do()
    if clean(key, "key", SHORT) != key:
        raise Invalid("value_missing", "key", key, accepted=f"1–{SHORT} 个可见字符，首尾无空格")
    kept = first_answer(session, actor, act, key, content)
    if kept is not None:
        return dict(kept)
    answer = do()
    keep_answer(session, actor, act, key, answer)
    return answer


def first_answer(session: Session, actor: str, act: str, key: str, content: object) -> Any | None:
    """Return the answer given before under this key, or None when the request is new.

    A rival with the same key waits here until the first has committed.

    Raises:
        Invalid: the key was used for another input (`idempotency_mismatch`).
    """
    digest = input_hash(content)
    row = {"actor": actor, "act": act, "key": key, "input_hash": digest, "at": clock.now(session)}
    if insert_once(session, KeptAnswer, row, ["actor", "act", "key"]):
        return None
    kept = session.get(KeptAnswer, (actor, act, key), populate_existing=True)
    if kept is None or kept.input_hash != digest:
        raise Invalid("idempotency_mismatch", "key", key)
    return json.loads(kept.answer or "null")


def keep_answer(session: Session, actor: str, act: str, key: str, answer: object) -> None:
    """Keep the answer under the key, in the transaction that did the act."""
    kept = session.get_one(KeptAnswer, (actor, act, key))
    kept.answer = json.dumps(answer, ensure_ascii=False, default=str)
    session.add(kept)


def kept_answer(session: Session, actor: str, act: str, key: str) -> dict[str, Any] | None:
    """Return the answer kept under a key, for whoever comes back to look at it; None when there is none."""
    kept = session.get(KeptAnswer, (actor, act, key)) if key.isprintable() else None
    found: dict[str, Any] | None = json.loads(kept.answer or "null") if kept else None
    return found


def forget_old(session: Session) -> int:
    """Delete the answers kept longer than the contract promises; return how many."""
    oldest = clock.now(session) - timedelta(days=KEPT_DAYS)
    result = session.connection().execute(delete(table_of(KeptAnswer)).where(col(KeptAnswer.at) < oldest))
    return result.rowcount
