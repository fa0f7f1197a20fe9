"""What a database driver complains of, as errors that people can do something about; any error as ours."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from registry.kernel.errors import Busy, Invalid, Refused, RegistryError
from registry.kernel.quantity import LARGEST

_LONGEST = 300


class NotReady(Refused):
    """The database has not been made yet, or not by this version."""

    code = "not_ready"


class DatabaseUnreachable(Busy):
    """The database does not answer."""

    code = "database_unreachable"


class DatabaseUnusable(RegistryError):
    """The database is there, and cannot be read or written: read-only, of another kind, broken."""

    code = "database_unusable"


class DatabaseFull(Busy):
    """The disk of the database has no room; nothing was written, and once there is room all goes on."""

    code = "database_full"


class Unexpected(RegistryError):
    """A mistake in the program itself."""

    code = "unexpected"


def as_ours(error: Exception) -> RegistryError:
    """Return any error as one of ours, with the place in the source of one that nobody foresaw."""
    if isinstance(error, RegistryError):
        return error
    place = traceback.extract_tb(error.__traceback__)[-1]
    return Unexpected(reason=repr(error)[:_LONGEST], place=f"{Path(place.filename).name}:{place.lineno}")


@contextmanager
def named_errors() -> Iterator[None]:
    """Turn the driver's errors that people can do something about into ours."""
    try:
        yield
    except DBAPIError as error:
        if (ours := _named(error)) is not None:
            raise ours from error
        raise


# SQLSTATE of PostgreSQL
_STATES: dict[str, type[RegistryError]] = {
    "55P03": Busy, "40P01": Busy, "40001": Busy,  # lock not available, deadlock, serialization failure
    "42P01": NotReady, "42703": NotReady,  # no such table, no such column
    "53100": DatabaseFull, "25006": DatabaseUnusable, "42501": DatabaseUnusable,
    "58030": DatabaseUnusable,
    "22003": Invalid,  # a sum beyond BIGINT
    "53300": DatabaseUnreachable, "57P01": DatabaseUnreachable, "57P02": DatabaseUnreachable,
    "57P03": DatabaseUnreachable, "08003": DatabaseUnreachable, "08006": DatabaseUnreachable,
}  # fmt: skip
# What stands in a message without a state: all of SQLite's, and PostgreSQL's of a connection not made
_PHRASES: tuple[tuple[str, type[RegistryError]], ...] = (
    ("database is locked", Busy), ("no such table", NotReady), ("no such column", NotReady),
    ("integer overflow", Invalid), ("disk is full", DatabaseFull), ("disk I/O error", DatabaseUnusable),
    ("readonly database", DatabaseUnusable), ("not a database", DatabaseUnusable),
    ("malformed", DatabaseUnusable), ("unable to open database file", DatabaseUnusable),
    ("does not exist", DatabaseUnusable), ("authentication failed", DatabaseUnusable),
    ("connection failed", DatabaseUnreachable), ("connection is lost", DatabaseUnreachable),
    ("server closed the connection", DatabaseUnreachable),
)  # fmt: skip


def _named(error: DBAPIError) -> RegistryError | None:
    state, text = getattr(error.orig, "sqlstate", None), str(error.orig)
    found = _STATES.get(state) if state else next((kind for sign, kind in _PHRASES if sign in text), None)
    if found is None:
        return None
    made: dict[type[RegistryError], RegistryError] = {
        Busy: Busy(), DatabaseFull: DatabaseFull(), NotReady: NotReady(),
        DatabaseUnreachable: DatabaseUnreachable(),
        DatabaseUnusable: DatabaseUnusable(reason=(text.strip().splitlines() or [""])[-1]),
        Invalid: Invalid("overflow", "quantity", "Σ", accepted=f"≤ {LARGEST}"),
    }  # fmt: skip
    return made[found]
