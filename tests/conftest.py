"""Every test that touches data runs on SQLite and on PostgreSQL; a skipped test fails the run."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine
from sqlmodel import Session

from registry.identity.service import hashing
from registry.platform.db import connect
from registry.settings import settings
from tests.databases import KINDS, Database, test_run

FOLDER = pytest.StashKey[Path]()

# A shared machine makes any deadline a coin toss; what counts is which examples fail.
hypothesis.register_profile("house", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI")))
hypothesis.load_profile("house")


@pytest.fixture(scope="session", params=KINDS)
def database(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> Database:
    """Give each kind of database in turn."""
    return Database(request.param, pytestconfig.stash[FOLDER])


@pytest.fixture(scope="session")
def engine(database: Database) -> Iterator[Engine]:
    """Give a migrated database of this worker, to which nobody ever commits."""
    url = database.create()
    engine = connect(url)
    yield engine
    engine.dispose()
    database.drop(url)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Give a session whose commits are savepoints of a transaction that is rolled back."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


@pytest.fixture
def fresh_url(database: Database, request: pytest.FixtureRequest) -> Iterator[str]:
    """Give a database of this test's own, for whoever commits: edges, jobs, races.

    It is migrated, and holds what the module's `prepare(engine)` enters, where it has one: that is done once
    for all tests of the module, and copied. A test marked `unprepared` gets nothing but the tables.
    """
    unprepared = request.node.get_closest_marker("unprepared")
    prepare = None if unprepared else getattr(request.module, "prepare", None)
    url = database.prepared(request.module.__name__, prepare) if prepare else database.create()
    yield url
    database.drop(url)


@pytest.fixture
def fresh(fresh_url: str) -> Iterator[Engine]:
    """Give an engine on a migrated database of this test's own."""
    engine = connect(fresh_url)
    yield engine
    engine.dispose()


@pytest.fixture
def own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder of kept files of this test's own, for whoever looks at all that lies there."""
    with monkeypatch.context() as patch:
        patch.setenv("REGISTRY_FILES_DIR", str(tmp_path / "files"))
        settings.cache_clear()
        yield tmp_path / "files"
    settings.cache_clear()


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash passwords cheaply, where the strength of a hash is not what is tested."""
    weak = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    hashing.nobodys_hash.cache_clear()
    monkeypatch.setattr(hashing, "hasher", lambda: weak)
    yield
    hashing.nobodys_hash.cache_clear()


@pytest.fixture
def demonstration_url(database: Database) -> Iterator[str]:
    """Give a copy of the demonstration of this test's own."""
    url = database.demonstration()
    yield url
    database.drop(url)


@pytest.fixture
def demonstration(demonstration_url: str) -> Iterator[Engine]:
    """Give an engine on a copy of the demonstration of this test's own."""
    engine = connect(demonstration_url)
    yield engine
    engine.dispose()


def pytest_configure(config: pytest.Config) -> None:
    """Share one folder between all workers, and keep every test away from the data under var/."""
    given: str | None = getattr(config, "workerinput", {}).get("databases")
    if given:
        config.stash[FOLDER] = Path(given)
    else:
        stack = ExitStack()
        config.stash[FOLDER] = stack.enter_context(test_run())
        config.add_cleanup(stack.close)
    os.environ["REGISTRY_DATABASE_URL"] = f"sqlite:///{config.stash[FOLDER] / 'unnamed.db'}"
    os.environ["REGISTRY_FILES_DIR"] = str(config.stash[FOLDER] / "files")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the run's databases are."""
    node.workerinput["databases"] = str(node.config.stash[FOLDER])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note which database the test runs on; the note travels with its report."""
    if callspec := getattr(item, "callspec", None):
        kind = callspec.params.get("database")
        item.user_properties.extend([("database", kind)] if kind else [])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that skipped a test."""
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many tests ran on which database."""
    stats = terminalreporter.stats
    reports = [report for outcome in ("passed", "failed") for report in stats.get(outcome, [])]
    ran = Counter(dict(report.user_properties).get("database", "none") for report in reports)
    terminalreporter.section("tests per database")
    for kind in (*KINDS, "none"):
        terminalreporter.write_line(f"{ran[kind]:6} {kind}")
    if skipped := stats.get("skipped"):
        verdict = "skipped: that fails the run; mend the test or remove it"
        terminalreporter.write_line(f"{len(skipped):6} {verdict}", red=True)
