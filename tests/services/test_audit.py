"""The audit chain: what is noted, what is undone, and twenty who act at once."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from registry.platform.audit import GENESIS, AuditEntry, AuditHead, heads, note, verify
from registry.platform.db import reader, transaction
from registry.platform.facts import InstallationFact

COUNTY, CITY = "500240", "500000"


class Undone(Exception):
    """Something went wrong after an act was noted."""


def act(engine: Engine, *regions: str, record: str = "SZ-2025-0007") -> None:
    """Commit one transaction with an entry in each region."""
    with transaction(engine) as session:
        for region in regions:
            note(session, region, "经办", "output.record", record, quantity=12, note="更正")


def entries(engine: Engine, region: str = COUNTY) -> list[AuditEntry]:
    """Return the links of a region as a new reader sees them."""
    with reader(engine) as session:
        statement = select(AuditEntry).where(AuditEntry.region == region).order_by(col(AuditEntry.seq))
        return list(session.exec(statement).all())


def breaks(engine: Engine) -> list[tuple[str, int]]:
    """Return where the chains do not hold, as a new reader sees them."""
    with reader(engine) as session:
        return [(found.region, found.seq) for found in verify(session)]


class TestChain:
    def test_each_entry_hangs_on_the_one_before(self, fresh):
        act(fresh, COUNTY)
        act(fresh, COUNTY, COUNTY)
        act(fresh, COUNTY)
        chain = entries(fresh)
        assert [entry.seq for entry in chain] == [1, 2, 3, 4]
        assert [entry.previous for entry in chain] == [GENESIS, *(entry.hash for entry in chain[:-1])]
        for entry in chain:
            assert entry.hash == hashlib.sha256(f"{entry.previous}\n{entry.text}".encode()).hexdigest()
        with reader(fresh) as session:
            assert [(h.region, h.seq, h.hash) for h in heads(session)] == [(COUNTY, 4, chain[-1].hash)]
        assert breaks(fresh) == []

    def test_the_hash_runs_over_everything_that_was_said(self, fresh):
        act(fresh, COUNTY)
        [entry] = entries(fresh)
        assert "更正" in entry.text
        assert json.loads(entry.text) == {
            "region": COUNTY, "seq": 1, "at": entry.at.isoformat(), "actor": "经办", "act": "output.record",
            "record": "SZ-2025-0007", "facts": {"quantity": 12, "note": "更正"},
        }  # fmt: skip
        assert entry.at.tzinfo is not None

    def test_each_region_has_its_own_chain(self, fresh):
        act(fresh, COUNTY, CITY, COUNTY)
        act(fresh, CITY)
        with reader(fresh) as session:
            assert [(head.region, head.seq) for head in heads(session)] == [(CITY, 2), (COUNTY, 2)]
        assert entries(fresh, CITY)[0].previous == entries(fresh, COUNTY)[0].previous == GENESIS
        assert breaks(fresh) == []

    def test_a_transaction_without_acts_adds_no_link(self, fresh):
        with transaction(fresh) as session:
            session.add(InstallationFact(name="a", value="1"))
        assert entries(fresh) == []

    def test_a_session_used_again_goes_on_with_the_chain(self, session):
        for _ in range(3):
            note(session, COUNTY, "经办", "output.record", "r")
            session.commit()
        assert [head.seq for head in heads(session)] == [3]
        assert verify(session) == []


class TestUndone:
    def test_a_rolled_back_transaction_leaves_nothing(self, fresh):
        with suppress(Undone), transaction(fresh) as session:
            note(session, COUNTY, "经办", "output.record", "lost")
            session.flush()
            raise Undone
        act(fresh, COUNTY, record="kept")
        assert [(entry.seq, entry.record) for entry in entries(fresh)] == [(1, "kept")]

    @pytest.mark.parametrize("leave", [Session.rollback, Session.close], ids=["rollback", "close"])
    def test_a_session_used_again_has_forgotten_what_was_undone(self, fresh, leave):
        with Session(fresh) as session:
            note(session, COUNTY, "经办", "output.record", "lost")
            session.exec(select(AuditHead)).all()
            leave(session)
            note(session, COUNTY, "经办", "output.record", "kept")
            session.commit()
        assert [entry.record for entry in entries(fresh)] == ["kept"]

    def test_a_savepoint_seals_nothing_early_and_undoes_only_its_own(self, fresh):
        with transaction(fresh) as session:
            note(session, COUNTY, "经办", "import", "row 1")
            with session.begin_nested():
                note(session, COUNTY, "经办", "import", "row 2")
            assert session.exec(select(AuditEntry)).all() == []
            with suppress(Undone), session.begin_nested():
                note(session, COUNTY, "经办", "import", "row 3")
                raise Undone
            assert session.exec(select(AuditEntry)).all() == []
            note(session, COUNTY, "经办", "import", "row 4")
        assert [entry.record for entry in entries(fresh)] == ["row 1", "row 2", "row 4"]
        assert breaks(fresh) == []

    def test_savepoints_inside_savepoints(self, fresh):
        with transaction(fresh) as session:
            note(session, COUNTY, "经办", "import", "a")
            with suppress(Undone), session.begin_nested():
                note(session, COUNTY, "经办", "import", "b")
                with session.begin_nested():
                    note(session, COUNTY, "经办", "import", "c")
                raise Undone
            with session.begin_nested():
                note(session, COUNTY, "经办", "import", "d")
                with suppress(Undone), session.begin_nested():
                    note(session, COUNTY, "经办", "import", "e")
                    raise Undone
                note(session, COUNTY, "经办", "import", "f")
        assert [entry.record for entry in entries(fresh)] == ["a", "d", "f"]

    def test_a_savepoint_that_the_database_refuses(self, fresh):
        with transaction(fresh) as session:
            session.add(InstallationFact(name="taken", value="1"))
            session.flush()
            note(session, COUNTY, "经办", "import", "good")
            with suppress(IntegrityError), session.begin_nested():
                note(session, COUNTY, "经办", "import", "bad")
                session.execute(insert(InstallationFact).values(name="taken", value="2"))
            session.expunge_all()
            with suppress(IntegrityError), session.begin_nested():
                note(session, COUNTY, "经办", "import", "bad")
                session.add(InstallationFact(name="taken", value="3"))
            note(session, COUNTY, "经办", "import", "good too")
        assert [entry.record for entry in entries(fresh)] == ["good", "good too"]


class TestRace:
    def test_twenty_at_once_make_one_chain(self, fresh):
        """The lock is the upsert of AuditHead in audit._chain; a chain that locks its last row forks."""
        with ThreadPoolExecutor(20) as pool:
            list(pool.map(lambda n: act(fresh, COUNTY, COUNTY, record=str(n)), range(20)))
        chain = entries(fresh)
        assert [entry.seq for entry in chain] == list(range(1, 41))
        assert len({entry.previous for entry in chain}) == 40
        assert sorted(int(entry.record) for entry in chain) == sorted([*range(20), *range(20)])
        assert breaks(fresh) == []

    def test_two_regions_in_either_order_never_wait_for_each_other_in_a_ring(self, fresh):
        """Regions are sealed in code order in audit.seal."""
        with ThreadPoolExecutor(10) as pool:
            orders = [(COUNTY, CITY), (CITY, COUNTY)] * 10
            list(pool.map(lambda regions: act(fresh, *regions), orders))
        assert [len(entries(fresh, region)) for region in (COUNTY, CITY)] == [20, 20]
        assert breaks(fresh) == []
