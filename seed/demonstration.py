"""Makes the demonstration database, whole or not at all, and only where no real book is."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect
from sqlalchemy.engine import make_url

from registry.kernel.errors import Refused
from registry.kernel.quantity import Rate
from registry.plans.queries import documents
from registry.platform.db import connect, reader, transaction
from registry.platform.facts import InstallationFact, facts, set_fact
from registry.rights.queries import rights_in
from seed.play import ACCOUNTS, calendar, play

__all__ = ["ACCOUNTS", "NotADemonstration", "make"]
ROOT = Path(__file__).resolve().parents[1]
_INPUT = "demonstration_input"


class NotADemonstration(Refused):
    """The database holds a real book; the demonstration never touches it."""

    code = "not_a_demonstration"


def make(url: str, limestone_cap: Rate | None, advance: Callable[[int], None]) -> bool:
    """Make the demonstration at a database URL unless it is there already; tell whether it was made.

    A demonstration of other inputs or another program is made anew. Killed halfway, it is made anew
    at the next start: the mark of completeness is written last.

    Raises:
        NotADemonstration: the database has rights or plans that no demonstration entered.
    """
    wanted = _fingerprint(limestone_cap)
    engine = connect(url)
    try:
        stands = _input_of(engine, url)
    finally:
        engine.dispose()
    if stands == wanted:
        return False
    if make_url(url).get_backend_name() == "sqlite":
        _make_beside(url, wanted, limestone_cap, advance)
    else:
        _make_in_place(url, wanted, limestone_cap, advance)
    return True


def _input_of(engine: Engine, url: str) -> str | None:
    """Return what the demonstration there was made of, None where there is none or an unfinished one."""
    if not inspect(engine).has_table(InstallationFact.__tablename__):
        return None
    with reader(engine) as session:
        known = facts(session)
        if known.get("demonstration") == "yes":
            return known.get(_INPUT, "")
        if rights_in(session, named=True) or documents(session):
            raise NotADemonstration(database=make_url(url).render_as_string(hide_password=True))
    return None


def _make_beside(url: str, wanted: str, limestone_cap: Rate | None, advance: Callable[[int], None]) -> None:
    """Play into a file of its own and put it in place when it is whole."""
    target = Path(make_url(url).database or "")
    making = target.with_name(f".{target.name}.making")
    _remove(making)
    engine = connect(str(make_url(url).set(database=str(making))))
    _play(engine, wanted, limestone_cap, advance)
    engine.dispose()  # the last connection folds the write-ahead log into the file
    for suffix in ("-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
    making.replace(target)
    _remove(making)


def _remove(path: Path) -> None:
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        name.unlink(missing_ok=True)


def _make_in_place(url: str, wanted: str, limestone_cap: Rate | None, advance: Callable[[int], None]) -> None:
    """Empty a demonstration on a server and play it there."""
    engine = connect(url)
    _migrate(engine, "base")
    _play(engine, wanted, limestone_cap, advance)
    engine.dispose()


def _play(engine: Engine, wanted: str, limestone_cap: Rate | None, advance: Callable[[int], None]) -> None:
    _migrate(engine, "head")
    play(engine, limestone_cap, advance)
    with transaction(engine) as session:
        set_fact(session, _INPUT, wanted)


def _migrate(engine: Engine, revision: str) -> None:
    config = Config(ROOT / "alembic.ini")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if revision == "base" else command.upgrade)(config, revision)


def _fingerprint(limestone_cap: Rate | None) -> str:
    """Return SHA-256 over the inputs, the program and the figure the year is run against."""
    digest = hashlib.sha256(repr((limestone_cap, calendar()[0])).encode())
    for folder in ("seed", "migrations", "registry"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".csv", ".yaml"):
                digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
