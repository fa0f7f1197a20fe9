"""Makes the demonstration database, whole or not at all, and only where no real book is."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from registry.identity.queries import any_user
from registry.kernel.errors import Refused
from registry.kernel.quantity import Rate
from registry.kernel.strict_yaml import read_yaml
from registry.plans.queries import documents
from registry.platform.db import connect, reader, transaction
from registry.platform.facts import facts, set_fact
from registry.platform.migrations import alone, migrate, revision
from registry.rights.queries import rights_in
from seed.catalogue import COUNTY_PLAN, plan_with_limestone_cap
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
        NotADemonstration: the database has rights, plans or users that no demonstration entered.
        DatabaseOfAnother, DatabaseNewer, NotReady: it is none of ours, or of another version.
        Busy: another process makes it, and takes too long.
    """
    if limestone_cap is not None:  # before anything is emptied for it
        plan_with_limestone_cap(read_yaml(COUNTY_PLAN.read_bytes()), limestone_cap)
    wanted = _fingerprint(limestone_cap)
    engine = connect(url)
    try:
        with alone(engine):
            return _make(engine, wanted, limestone_cap, advance)
    finally:
        engine.dispose()


def _make(engine: Engine, wanted: str, limestone_cap: Rate | None, advance: Callable[[int], None]) -> bool:
    if _input_of(engine) == wanted:
        return False
    if engine.dialect.name == "sqlite":
        _make_beside(engine, wanted, limestone_cap, advance)
    else:
        migrate(engine, "base")
        _play(engine, wanted, limestone_cap, advance)
    return True


def _input_of(engine: Engine) -> str | None:
    """Return what the demonstration there was made of, None where there is none or an unfinished one."""
    if revision(engine) is None:
        return None
    with reader(engine) as session:
        known = facts(session)
        if known.get("demonstration") == "yes":
            return known.get(_INPUT, "")
        if rights_in(session, named=True) or documents(session) or any_user(session):
            raise NotADemonstration(database=engine.url.render_as_string(hide_password=True))
    return None


def _make_beside(
    engine: Engine, wanted: str, limestone_cap: Rate | None, advance: Callable[[int], None]
) -> None:
    """Play into a file of its own and put it in place when it is whole."""
    target = Path(engine.url.database or "")
    making = target.with_name(f".{target.name}.making")
    _remove(making)
    try:
        aside = connect(engine.url.set(database=str(making)).render_as_string())
        try:
            _play(aside, wanted, limestone_cap, advance)
        finally:
            aside.dispose()  # the last connection folds the write-ahead log into the file
        _input_of(engine)  # somebody may have begun a real book there meanwhile
        engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        making.replace(target)
    finally:
        _remove(making)


def _remove(path: Path) -> None:
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        name.unlink(missing_ok=True)


def _play(engine: Engine, wanted: str, limestone_cap: Rate | None, advance: Callable[[int], None]) -> None:
    migrate(engine)
    play(engine, limestone_cap, advance)
    with transaction(engine) as session:
        set_fact(session, _INPUT, wanted)


def _fingerprint(limestone_cap: Rate | None) -> str:
    """Return SHA-256 over the inputs, the program and the figure the year is run against."""
    digest = hashlib.sha256(repr((limestone_cap, calendar()[0])).encode())
    for folder in ("seed", "migrations", "registry"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".csv", ".yaml"):
                digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
