"""The recipes of the database: transactions, locks, and the upsert that creates, locks and adds."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, insert, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import Session, col, select

from registry.kernel.errors import Busy
from registry.platform.audit import AuditHead
from registry.platform.db import NotReady, connect, glance, locked, reader, transaction
from registry.platform.facts import InstallationFact
from registry.platform.idempotency import KeptAnswer
from registry.platform.keys import among
from registry.platform.rows import table_of
from registry.platform.trouble import DatabaseFull
from registry.platform.upsert import Merge, insert_once, upsert

MOMENT = datetime(2025, 7, 14, tzinfo=UTC)


def put(session: Session, name: str, value: str) -> None:
    """Write one fact as a row."""
    session.execute(insert(InstallationFact).values(name=name, value=value))


def put_head(session: Session, seq: int) -> None:
    """Write the head of an audit chain as a row."""
    session.execute(insert(AuditHead).values(region="500240", seq=seq, hash="a"))


def values(engine: Engine) -> dict[str, str]:
    """Return every fact as a new reader sees it."""
    with reader(engine) as session:
        return {fact.name: fact.value for fact in session.exec(select(InstallationFact)).all()}


def hasty(engine: Engine) -> Engine:
    """Return an engine on the same database that waits for a lock only a moment."""
    other = connect(engine.url.render_as_string(hide_password=False))
    wait = "PRAGMA busy_timeout=50" if engine.dialect.name == "sqlite" else "SET lock_timeout='50ms'"
    event.listen(other, "connect", lambda connection, _: connection.execute(wait) and connection.commit())
    return other


class TestTransaction:
    def test_commits_at_its_end(self, fresh):
        with transaction(fresh) as session:
            put(session, "a", "1")
            assert values(fresh) == {}
        assert values(fresh) == {"a": "1"}

    @pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
    def test_any_error_undoes_everything(self, fresh, error):
        with suppress(error), transaction(fresh) as session:
            put(session, "a", "1")
            raise error
        assert values(fresh) == {}

    def test_a_lock_that_is_not_to_be_had_is_busy_and_nothing_is_written(self, fresh):
        with transaction(fresh) as session:
            put(session, "a", "1")
        other = hasty(fresh)
        row = update(InstallationFact).where(col(InstallationFact.name) == "a").values(value="3")
        with transaction(fresh) as session:
            locked(session, select(InstallationFact))
            with pytest.raises(Busy) as refused, transaction(other) as rival:
                rival.execute(row)
        assert refused.value.code == "busy"
        other.dispose()
        assert values(fresh) == {"a": "1"}

    def test_any_other_trouble_of_the_database_is_not_called_busy(self, fresh):
        with pytest.raises(IntegrityError), transaction(fresh) as session:
            session.execute(insert(InstallationFact).values([{"name": "a", "value": "1"}] * 2))

    def test_a_database_without_tables_is_not_ready(self, database):
        url = database.empty()
        engine = connect(url)
        for open_ in (transaction, reader):
            with pytest.raises(NotReady), open_(engine) as session:
                session.exec(select(InstallationFact)).all()
        engine.dispose()
        database.drop(url)

    @pytest.mark.parametrize(
        ("state", "busy"),
        [("55P03", True), ("40P01", True), ("40001", True), ("23505", False), ("57014", False)],
    )
    def test_postgresql_names_what_may_be_tried_again(self, fresh, state, busy):
        cause = type("Cause", (Exception,), {"sqlstate": state})()
        with pytest.raises(Busy if busy else OperationalError), transaction(fresh):
            raise OperationalError("SELECT 1", {}, cause)


class TestReader:
    def test_sees_one_moment(self, fresh):
        with transaction(fresh) as session:
            put(session, "a", "1")
        with reader(fresh) as looking:
            assert len(looking.exec(select(InstallationFact)).all()) == 1
            with transaction(fresh) as session:
                put(session, "b", "2")
            assert len(looking.exec(select(InstallationFact)).all()) == 1
        assert len(values(fresh)) == 2

    def test_waits_for_no_writer_and_leaves_nothing(self, fresh):
        with transaction(fresh) as session:
            put(session, "a", "1")
            assert values(fresh) == {}
        with reader(fresh) as looking:
            looking.add(InstallationFact(name="b", value="2"))
        assert values(fresh) == {"a": "1"}

    def test_what_the_server_has_planned_outlasts_it(self, fresh):
        if fresh.dialect.name == "sqlite":
            return  # plans in no time
        for _ in range(8):
            values(fresh)
        with glance(fresh) as session:
            planned = (
                session.connection().exec_driver_sql("SELECT statement FROM pg_prepared_statements").all()
            )
        assert any("installation_fact" in statement for (statement,) in planned)


class TestGlance:
    def test_answers_one_question(self, fresh):
        with transaction(fresh) as session:
            put(session, "a", "1")
        with glance(fresh) as looking:
            assert [fact.name for fact in looking.exec(select(InstallationFact)).all()] == ["a"]

    def test_a_plan_that_no_longer_fits_is_forgotten_with_its_first_failure(self, fresh):
        if fresh.dialect.name == "sqlite":
            return  # keeps no plans

        def look() -> None:
            with glance(fresh) as looking:
                looking.exec(select(InstallationFact)).all()

        for _ in range(8):
            look()
        # from another connection: of its own the driver knows
        other = connect(fresh.url.render_as_string(hide_password=False))
        with other.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE installation_fact ALTER COLUMN value TYPE varchar(90)")
        other.dispose()
        with pytest.raises(DBAPIError, match="cached plan"):
            look()
        look()

    def test_leaves_a_connection_that_keeps_transactions(self, fresh):
        with glance(fresh) as looking:
            looking.exec(select(InstallationFact)).all()
        with suppress(RuntimeError), transaction(fresh) as session:
            put(session, "a", "1")
            raise RuntimeError
        assert values(fresh) == {}


class TestAmong:
    """Rows of many keys by one value, whatever the type of the key."""

    @pytest.mark.parametrize("wanted", [[], ["a"], ["a", "c", "?"], ["a'b", '"', "示例"]])
    def test_finds_the_rows_of_its_keys_and_no_other(self, session, wanted):
        for name in ("a", "b", "c", "a'b", '"', "示例"):
            put(session, name, "1")
        column = table_of(InstallationFact).c.name
        found = session.connection().execute(select(column).where(among(column, "names")), {"names": wanted})
        assert set(found.scalars()) == set(wanted) - {"?"}

    def test_counts_keys_beyond_a_short_integer(self, session):
        put_head(session, 2**40)
        column = table_of(AuditHead).c.seq
        for wanted, count in (((1, 2**40), 1), ({2**62}, 0)):
            found = session.connection().execute(
                select(column).where(among(column, "seqs")), {"seqs": wanted}
            )
            assert len(found.all()) == count

    def test_is_a_condition_for_which_an_index_serves(self, session):
        column = table_of(InstallationFact).c.name
        asked = select(column).where(among(column, "names"), column != "x")
        text = str(asked.compile(session.get_bind()))
        assert "= 1" not in text
        assert (
            session.connection().execute(select(column).where(~among(column, "names")), {"names": []}).all()
            == []
        )


class TestLocked:
    def test_an_object_read_before_takes_the_figures_of_the_locked_row(self, fresh):
        """The line is populate_existing in platform.db.locked: without it the old figure stays."""
        with transaction(fresh) as session:
            put(session, "a", "1")
            [early] = session.exec(select(InstallationFact)).all()
            session.connection().execute(update(InstallationFact).values(value="2"))
            assert early.value == "1"
            [late] = locked(session, select(InstallationFact))
            assert late is early
            assert late.value == "2"


class TestUpsert:
    def test_creates_then_merges_and_tells_the_columns(self, session):
        row = {"region": "500240", "seq": 3, "hash": "b"}
        merge: dict[str, Merge] = {"seq": "add", "hash": "max"}
        assert upsert(session, AuditHead, [row], ["region"], merge, ["seq", "hash"]) == [(3, "b")]
        for added, given, result in ((4, "a", (7, "b")), (-10, "c", (-3, "c"))):
            row = {"region": "500240", "seq": added, "hash": given}
            assert upsert(session, AuditHead, [row], ["region"], merge, ["seq", "hash"]) == [result]

    def test_set_takes_the_new_value_and_what_is_not_named_stays(self, session):
        for seq, digest in ((1, "a"), (2, "b")):
            row = {"region": "500240", "seq": seq, "hash": digest}
            upsert(session, AuditHead, [row], ["region"], {"seq": "set"}, ["seq"])
        [head] = session.exec(select(AuditHead)).all()
        assert (head.seq, head.hash) == (2, "a")

    def test_many_rows_at_once(self, session):
        rows = [{"region": str(n), "seq": n, "hash": "x"} for n in range(500)]
        told = upsert(session, AuditHead, rows, ["region"], {"seq": "add"}, ["region", "seq"])
        assert sorted(told) == sorted((str(n), n) for n in range(500))
        told = upsert(session, AuditHead, rows, ["region"], {"seq": "add"}, ["region", "seq"])
        assert sorted(told) == sorted((str(n), 2 * n) for n in range(500))

    def test_insert_once_inserts_once(self, session):
        row = {"actor": "a", "act": "b", "key": "c", "input_hash": "1", "at": MOMENT}
        told = [
            insert_once(session, KeptAnswer, {**row, "input_hash": n}, ["actor", "act", "key"]) for n in "12"
        ]
        assert told == [True, False]
        [kept] = session.exec(select(KeptAnswer)).all()
        assert (kept.input_hash, kept.at) == ("1", MOMENT)

    def test_thirty_who_add_at_once_lose_nothing(self, fresh):
        """The lock is ON CONFLICT DO UPDATE in upsert: reading first and writing then loses additions."""

        def add(number: int) -> int:
            with transaction(fresh) as session:
                row = {"region": "500240", "seq": number, "hash": ""}
                [(seq,)] = upsert(session, AuditHead, [row], ["region"], {"seq": "add"}, ["seq"])
                return int(seq)

        with ThreadPoolExecutor(15) as pool:
            told = list(pool.map(add, range(1, 31)))
        assert max(told) == sum(range(1, 31))
        assert len(set(told)) == 30


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
class TestFile:
    def test_what_is_replaced_is_opened_anew(self, fresh, database):
        with transaction(fresh) as session:
            put(session, "which", "the first")
        other = connect(database.create())
        with transaction(other) as session:
            put(session, "which", "the second")
        other.dispose()
        path = Path(fresh.url.database or "")
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        Path(other.url.database or "").replace(path)
        assert values(fresh)["which"] == "the second"

    def test_what_is_removed_is_written_to_no_more(self, fresh):
        with transaction(fresh) as session:
            put(session, "which", "the first")
        for suffix in ("", "-wal", "-shm"):
            Path((fresh.url.database or "") + suffix).unlink(missing_ok=True)
        with pytest.raises(NotReady), transaction(fresh) as session:
            put(session, "which", "nobody would find this")


def test_a_full_disk_is_told_as_what_passes(fresh):
    """The limit of SQLite stands for the disk; PostgreSQL has a state for it."""
    if fresh.dialect.name == "postgresql":
        statement = "DO $$ BEGIN RAISE SQLSTATE '53100'; END $$"
        with pytest.raises(DatabaseFull), transaction(fresh) as session:
            session.connection().exec_driver_sql(statement)
        return
    with transaction(fresh) as session:
        session.connection().exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(DatabaseFull), transaction(fresh) as session:
        put(session, "fact", "x" * 1_000_000)
