"""Who did what to which record: entries of one region form a chain of SHA-256 hashes.

Entries collect in the session and are chained in one hook before commit, after every other lock.
The upsert of the region's head is the lock: a chain that locks its last row forks.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, event, update
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from registry.kernel.errors import Invalid
from registry.kernel.fields import shown
from registry.platform import clock
from registry.platform.columns import key, whole
from registry.platform.rows import insert_rows, table_of
from registry.platform.upsert import upsert

GENESIS = "0" * 64
_PRINTED = re.compile(r"([0-9]{1,12}):([0-9]{1,18}):([0-9a-f]{1,64})")
_PENDING = "audit_pending"
_MARKS = "audit_marks"


class AuditHead(SQLModel, table=True):
    """The newest link of one region's chain."""

    __tablename__ = "audit_head"

    region: str = Field(primary_key=True)
    seq: int = whole()
    hash: str


class AuditEntry(SQLModel, table=True):
    """One act; `text` is the canonical JSON that the hash runs over, exactly as stored."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("region", "seq"),)

    id: int | None = key()
    region: str
    seq: int = whole()
    at: datetime
    actor: str
    act: str
    record: str = Field(index=True)
    text: str
    previous: str
    hash: str


_HEAD = table_of(AuditHead)
_SET_HASH = update(_HEAD).where(_HEAD.c.region == bindparam("at")).values(hash=bindparam("to"))


@dataclass(frozen=True, slots=True)
class _Pending:
    region: str
    actor: str
    act: str
    record: str
    facts: Mapping[str, object]


def note(session: Session, region: str, actor: str, act: str, record: str, **facts: object) -> None:
    """Remember one act of this transaction; it is chained when the transaction commits."""
    session.info.setdefault(_PENDING, []).append(_Pending(region, actor, act, record, facts))


def seal(session: Session) -> None:
    """Chain the pending entries, regions in code order; called by the commit hook."""
    pending: list[_Pending] = session.info.pop(_PENDING, [])
    by_region: dict[str, list[_Pending]] = defaultdict(list)
    for entry in pending:
        by_region[entry.region].append(entry)
    for region in sorted(by_region):
        _chain(session, region, by_region[region])


def _chain(session: Session, region: str, entries: Sequence[_Pending]) -> None:
    session.flush()
    row = {"region": region, "seq": len(entries), "hash": GENESIS}
    # Adding to `seq` takes the row's lock and tells where this transaction's links begin.
    [(seq, previous)] = upsert(session, AuditHead, [row], ["region"], {"seq": "add"}, ["seq", "hash"])
    moment = clock.now(session)
    rows = []
    for number, entry in enumerate(entries, start=seq - len(entries) + 1):
        text = _canonical(entry, number, moment)
        digest = link(previous, text)
        rows.append(
            {
                "region": region, "seq": number, "at": moment, "actor": entry.actor, "act": entry.act,
                "record": entry.record, "text": text, "previous": previous, "hash": digest,
            }
        )  # fmt: skip
        previous = digest
    insert_rows(session, AuditEntry, rows)
    session.connection().execute(_SET_HASH, {"at": region, "to": previous})


def link(previous: str, text: str) -> str:
    """Return the hash of one link: SHA-256 over the previous hash and the stored text."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def _canonical(entry: _Pending, seq: int, moment: datetime) -> str:
    content = {
        "region": entry.region, "seq": seq, "at": moment.isoformat(), "actor": entry.actor,
        "act": entry.act, "record": entry.record, "facts": entry.facts,
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a chain does not hold."""

    region: str
    seq: int
    stored: str
    computed: str


def heads(session: Session) -> list[AuditHead]:
    """Return the head of every region's chain in code order."""
    return list(session.exec(select(AuditHead).order_by(AuditHead.region)).all())


def verify(session: Session) -> list[Break]:
    """Recompute every chain from its stored texts and compare it with its head, be it there or not."""
    breaks = []
    known = {head.region: head for head in heads(session)}
    for region in sorted({*known, *session.exec(select(AuditEntry.region).distinct())}):
        head = known.get(region) or AuditHead(region=region, seq=0, hash=GENESIS)
        previous, expected = GENESIS, 1
        statement = select(AuditEntry).where(AuditEntry.region == head.region).order_by(col(AuditEntry.seq))
        for entry in session.exec(statement.execution_options(yield_per=1000)):
            digest = link(previous, entry.text)
            holds = (entry.seq, entry.previous, entry.hash) == (expected, previous, digest)
            if not (holds and _agrees(entry)):
                breaks.append(Break(head.region, entry.seq, entry.hash, digest))
            previous, expected = entry.hash, expected + 1
        if (head.seq, head.hash) != (expected - 1, previous):
            breaks.append(Break(head.region, head.seq, head.hash, previous))
    return breaks


def _agrees(entry: AuditEntry) -> bool:
    """Tell whether the readable columns still say what the hashed text says."""
    try:
        content = json.loads(entry.text)
    except ValueError:
        return False
    columns = {
        "region": entry.region, "seq": entry.seq, "at": entry.at.isoformat(), "actor": entry.actor,
        "act": entry.act, "record": entry.record,
    }  # fmt: skip
    return isinstance(content, dict) and all(content.get(name) == said for name, said in columns.items())


def newest(session: Session, record: str, act: str) -> AuditEntry | None:
    """Return the newest entry of an act on a record."""
    statement = select(AuditEntry).where(AuditEntry.record == record, AuditEntry.act == act)
    return session.exec(statement.order_by(col(AuditEntry.id).desc()).limit(1)).first()


def read_head(text: str) -> tuple[str, int, str]:
    """Return region, number and hash of a printed head, REGION:SEQ:HASH.

    Raises:
        Invalid: it is none.
    """
    found = _PRINTED.fullmatch(text.strip())
    if found is None:
        raise Invalid("not_a_head", "head", shown(text), accepted="REGION:SEQ:HASH")
    return found[1], int(found[2]), found[3]


def holds_link(session: Session, region: str, seq: int, digest: str) -> bool:
    """Tell whether a printed head is a link of the chain: a cut tail shows only here."""
    statement = select(AuditEntry.hash).where(AuditEntry.region == region, AuditEntry.seq == seq)
    return session.exec(statement).first() == digest


@event.listens_for(Session, "before_commit")
def _seal_before_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        seal(session)


@event.listens_for(Session, "after_transaction_create")
def _mark(session: Session, part: SessionTransaction) -> None:
    if part.nested:
        marks = session.info.setdefault(_MARKS, WeakKeyDictionary())
        marks[part] = len(session.info.get(_PENDING, ()))


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    """Forget what the undone part noted: the whole transaction, or only what its savepoint did."""
    savepoint = session.get_nested_transaction()
    kept = session.info[_MARKS].get(savepoint, 0) if savepoint is not None else 0
    del session.info.get(_PENDING, [])[kept:]


@event.listens_for(Session, "after_transaction_end")
def _close(session: Session, part: SessionTransaction) -> None:
    """Forget what a transaction noted that was closed without commit or rollback."""
    if part.parent is None:
        session.info.pop(_PENDING, None)
