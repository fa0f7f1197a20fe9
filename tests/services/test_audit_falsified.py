"""What a falsified book shows by itself, and what shows only against a printed head."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from sqlalchemy import Engine, delete, update
from sqlmodel import Session, col, select

from registry.platform.audit import AuditEntry, AuditHead, holds_link, link, note, verify
from registry.platform.db import reader, transaction

COUNTY, CITY = "500240", "500000"
Tamper = Callable[[Session], object]


def entries(engine: Engine) -> list[AuditEntry]:
    """Return the links of the county as a new reader sees them."""
    with reader(engine) as session:
        statement = select(AuditEntry).where(AuditEntry.region == COUNTY).order_by(col(AuditEntry.seq))
        return list(session.exec(statement).all())


def breaks(engine: Engine) -> list[tuple[str, int]]:
    """Return where the chains do not hold, as a new reader sees them."""
    with reader(engine) as session:
        return [(found.region, found.seq) for found in verify(session)]


def change(link_at: int, **values: object) -> Tamper:
    """Return an act that writes into one link of the county."""
    place = (col(AuditEntry.region) == COUNTY, col(AuditEntry.seq) == link_at)
    return lambda session: session.execute(update(AuditEntry).where(*place).values(**values))


def drop(*seqs: int) -> Tamper:
    """Return an act that takes links out of the county's chain."""
    place = (col(AuditEntry.region) == COUNTY, col(AuditEntry.seq).in_(seqs))
    return lambda session: session.execute(delete(AuditEntry).where(*place))


def head(**values: object) -> Tamper:
    """Return an act that writes into the county's head."""
    statement = update(AuditHead).where(col(AuditHead.region) == COUNTY).values(**values)
    return lambda session: session.execute(statement)


def swap(session: Session) -> None:
    """Let the second and the third link change places."""
    for before, after in ((2, 99), (3, 2), (99, 3)):
        change(before, seq=after)(session)


def reforge(session: Session, text: str = "{}") -> None:
    """Give the second link another text and make every hash from there on fit."""
    chain = session.exec(
        select(AuditEntry).where(AuditEntry.region == COUNTY).order_by(col(AuditEntry.seq))
    ).all()
    chain[1].text = text
    for before, entry in pairwise(chain):
        entry.previous, entry.hash = before.hash, link(before.hash, entry.text)
    session.flush()
    head(hash=chain[-1].hash)(session)


def hide_region(session: Session) -> None:
    """Take the head away, as if the region had never had a chain."""
    session.execute(delete(AuditHead).where(col(AuditHead.region) == COUNTY))


TAMPERED = {
    "the text of a link": (change(2, text='{"facts":{"quantity":1}}'), 2),
    "one letter of the last text": (change(4, text="{}"), 4),
    "the actor": (change(2, actor="审批"), 2),
    "the act": (change(2, act="output.void"), 2),
    "the record": (change(2, record="SZ-2025-0008"), 2),
    "the moment": (change(2, at=datetime(2020, 1, 1, tzinfo=UTC)), 2),
    "the region of a link": (change(4, region="500243"), 4),
    "a hash": (change(2, hash="0" * 64), 2),
    "the link to the one before": (change(2, previous="0" * 64), 2),
    "a number": (change(4, seq=5), 5),
    "the first link is gone": (drop(1), 2),
    "a middle link is gone": (drop(2), 3),
    "the last link is gone": (drop(4), 4),
    "every link is gone": (drop(1, 2, 3, 4), 4),
    "two links swapped": (swap, 2),
    "the head's number": (head(seq=3), 3),
    "the head's hash": (head(hash="0" * 64), 4),
    "the head is gone": (hide_region, 0),
    "a text that is no JSON, well forged": (lambda session: reforge(session, "nonsense"), 2),
    "a text without its fields, well forged": (reforge, 2),
}


@pytest.fixture
def book(fresh: Engine) -> Engine:
    """Give a book with four links in the county and two in the city."""
    for regions in ((COUNTY, CITY), (COUNTY,), (COUNTY, COUNTY, CITY)):
        with transaction(fresh) as session:
            for region in regions:
                note(session, region, "经办", "output.record", "SZ-2025-0007", quantity=12)
    return fresh


class TestFalsified:
    @pytest.mark.parametrize(("tamper", "seq"), TAMPERED.values(), ids=TAMPERED)
    def test_is_found_in_its_region_and_at_its_place(self, book, tamper, seq):
        assert breaks(book) == []
        with transaction(book) as session:
            tamper(session)
        found = breaks(book)
        assert (COUNTY, seq) in found
        assert CITY not in {region for region, _ in found}

    def test_a_cut_tail_shows_only_against_a_printed_head(self, book):
        printed = entries(book)
        with transaction(book) as session:
            assert all(holds_link(session, COUNTY, entry.seq, entry.hash) for entry in printed)
            drop(3, 4)(session)
            head(seq=2, hash=printed[1].hash)(session)
        assert breaks(book) == []
        with reader(book) as session:
            held = [holds_link(session, COUNTY, entry.seq, entry.hash) for entry in printed]
            assert held == [True, True, False, False]
            assert not holds_link(session, CITY, 2, printed[1].hash)
            assert not holds_link(session, COUNTY, 2, printed[0].hash)

    def test_a_chain_written_anew_shows_only_against_a_printed_head(self, book):
        printed = entries(book)[-1]
        with transaction(book) as session:
            text = json.loads(entries(book)[1].text) | {"facts": {"quantity": 1}}
            reforge(session, json.dumps(text))
        assert breaks(book) == []
        with reader(book) as session:
            assert not holds_link(session, COUNTY, printed.seq, printed.hash)
