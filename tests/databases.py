"""The databases that tests run on: a migrated template of each kind, and copies of it.

PostgreSQL is the server of TEST_DATABASE_URL, else a throw-away cluster of the installed binaries: one for
all workers, started by the first that asks, reached by a socket only, gone with the run even when killed.
"""

import fcntl
import io
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import Engine, make_url

from registry.platform.db import connect
from seed.play import play

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("sqlite", "postgresql")
ROOM = 4 * 2**30  # bytes that a run may need at most

# Reads until the test run closes the pipe or dies, then takes the cluster and the folder away.
JANITOR = """
cat >/dev/null
[ ! -f "$1/cluster/data/postmaster.pid" ] || kill -QUIT "$(head -n 1 "$1/cluster/data/postmaster.pid")"
rm -rf "$1" || { sleep 1; rm -rf "$1"; }
"""
# Nothing here has to survive a crash, and no background work may hold a template while it is copied.
SERVER_OPTIONS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "max_wal_senders": "0",
    "synchronous_commit": "off",
    "wal_level": "minimal",
}


@dataclass(frozen=True)
class Database:
    """One kind of database of a test run; its copies all start from the same migrated template."""

    kind: str
    folder: Path

    def create(self, template: str | None = None) -> str:
        """Return the URL of a new migrated database, or of a copy of another template."""
        template = template or self._template()
        if self.kind == "sqlite":
            copy = self.folder / f"{uuid4().hex}.db"
            shutil.copyfile(template, copy)
            return f"sqlite:///{copy}"
        return self._create_on_server(template)

    def demonstration(self) -> str:
        """Return the URL of a copy of the demonstration."""
        return self.prepared("demonstration", lambda engine: play(engine, None, lambda _steps: None))

    def prepared(self, name: str, prepare: Callable[[Engine], object]) -> str:
        """Return the URL of a copy of a book of this name, which is prepared once for all workers."""
        with once(self.folder, f"{name}-{self.kind}") as answer:
            if not answer.exists():
                url = self.create()
                engine = connect(url)
                prepare(engine)
                engine.dispose()
                answer.write_text(make_url(url).database or "")
            template = answer.read_text()
        return self.create(template)

    def empty(self) -> str:
        """Return the URL of a new database without any table."""
        if self.kind == "sqlite":
            return f"sqlite:///{self.folder / uuid4().hex}.db"
        return self._create_on_server("template0")

    def drop(self, url: str) -> None:
        """Remove a database made here, with whoever is still connected to it."""
        name = make_url(url).database or ""
        if self.kind == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                Path(name + suffix).unlink(missing_ok=True)
        else:
            ask(server(self.folder), "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _create_on_server(self, template: str) -> str:
        name = f"{prefix(self.folder)}_{uuid4().hex[:12]}"
        # without fsync, copying the files is five times faster than writing them through the log
        strategy = "" if "TEST_DATABASE_URL" in os.environ else " STRATEGY FILE_COPY"
        ask(server(self.folder), "CREATE DATABASE {} TEMPLATE {}" + strategy, name, template)
        return make_url(server(self.folder)).set(database=name).render_as_string(hide_password=False)

    def _template(self) -> str:
        with once(self.folder, f"template-{self.kind}") as answer:
            if not answer.exists():
                url = self.empty()
                migrate(url)
                answer.write_text(make_url(url).database or "")
            return answer.read_text()


def migrate(url: str, revision: str = "head") -> None:
    """Bring a database up to a revision by the project's own migrations."""
    with alembic(url) as config:
        command.upgrade(config, revision)


@contextmanager
def alembic(url: str) -> Iterator[Config]:
    """Give alembic's configuration with a connection to that database."""
    config = Config(ROOT / "alembic.ini", stdout=io.StringIO())
    engine = connect(url)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        yield config
    engine.dispose()


@contextmanager
def test_run() -> Iterator[Path]:
    """Give the folder that all workers of a run share; what it holds goes when the run ends or is killed."""
    folder = Path(tempfile.mkdtemp(prefix="registry-tests-", dir=traversable()))
    folder.chmod(0o755)
    janitor = subprocess.Popen(
        ["sh", "-c", JANITOR, "sh", folder], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        yield folder
    finally:
        if os.environ.get("TEST_DATABASE_URL"):
            sweep(folder)
        janitor.communicate()


def sweep(folder: Path) -> None:
    """Drop what this run left on a server that it did not start."""
    with psycopg.connect(libpq(server(folder)), autocommit=True) as connection:
        ours = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        for (name,) in connection.execute(ours, [prefix(folder)]).fetchall():
            ask(server(folder), "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def server(folder: Path) -> str:
    """Return the URL of the PostgreSQL server, starting one when there is none."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return make_url(given).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    with once(folder, "server") as answer:
        if not answer.exists():
            start(folder / "cluster")
            answer.write_text(f"postgresql+psycopg://postgres@/postgres?host={folder / 'cluster'}")
        return answer.read_text()


def start(cluster: Path) -> None:
    """Make and start a PostgreSQL cluster that listens on a socket in its own folder.

    Raises:
        RuntimeError: PostgreSQL is not installed, or does not start; the tests need it.
    """
    binaries = postgresql_binaries()
    shutil.rmtree(cluster, ignore_errors=True)  # of a first try that failed
    cluster.mkdir(mode=0o755)
    as_owner: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        os.chown(cluster, pwd.getpwnam("postgres").pw_uid, -1)
        as_owner = ["runuser", "-u", "postgres", "--"]
    data = cluster / "data"
    settings = {**SERVER_OPTIONS, "unix_socket_directories": str(cluster)}
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    init: list[str | Path] = [*as_owner, binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust"]
    launch([*init, "-E", "UTF8", "--locale=C", "--no-sync"], cluster)
    control: list[str | Path] = [*as_owner, binaries / "pg_ctl", "-D", data, "-l", cluster / "log"]
    launch([*control, "-o", options, "-w", "start"], cluster)


def launch(run: list[str | Path], folder: Path) -> None:
    """Run a program of PostgreSQL; its output goes to a file, since a server would keep a pipe open.

    Raises:
        RuntimeError: it failed, with what it said.
    """
    with (folder / "output").open("w+") as output:
        done = subprocess.run(
            run, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        )
        output.seek(0)
        if done.returncode:
            raise RuntimeError(f"{' '.join(map(str, run))} failed:\n{output.read()}")


def postgresql_binaries() -> Path:
    """Return the folder of the newest installed PostgreSQL server.

    Raises:
        RuntimeError: there is none.
    """
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: int(folder.parent.name))
    if program := shutil.which("initdb"):
        return Path(program).parent
    raise RuntimeError("PostgreSQL is missing: run `make setup`, or name a server in TEST_DATABASE_URL")


def traversable() -> Path:
    """Return a temporary folder that the owner of the cluster can reach too, in memory if there is room."""
    candidates = [Path(tempfile.gettempdir()).resolve(), Path("/tmp"), Path("/var/tmp")]
    memory = Path("/dev/shm")
    if "TMPDIR" not in os.environ and memory.is_dir() and shutil.disk_usage(memory).free > ROOM:
        candidates.insert(0, memory)
    for candidate in candidates:
        if all(path.stat().st_mode & stat.S_IXOTH for path in (candidate, *candidate.parents)):
            return candidate
    raise RuntimeError("no temporary folder that every user can reach: set TMPDIR")


@contextmanager
def once(folder: Path, name: str) -> Iterator[Path]:
    """Give the file where the first worker leaves its answer for the others, one worker at a time."""
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder / name


def ask(url: str, statement: str, *names: str) -> None:
    """Run one statement that stands outside any transaction, with names of databases in its places."""
    with psycopg.connect(libpq(url), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def libpq(url: str) -> str:
    """Return a URL of SQLAlchemy as the driver itself reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def prefix(folder: Path) -> str:
    """Return how the names of this run's databases begin."""
    return folder.name.replace("-", "_").lower()
