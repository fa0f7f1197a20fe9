"""The demonstration's accounts: a random password and token each, kept in a file and shown at every start.

They are set after the year is played, so that the played rows are the same on every run. What the file
holds is kept while it is ours alone to read and looks as we write it; whatever else stands there is replaced.
"""

import json
import re
import secrets
import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from registry.identity.queries import token_holder, token_known, user_named
from registry.identity.rules import SYSTEM, TOKEN_PREFIX
from registry.identity.service import make_token, new_password, password_fits, password_hash, set_password
from registry.kernel.vocabulary import Role
from registry.platform.db import connect, reader, transaction
from registry.platform.facts import is_demonstration
from registry.platform.files import make_folder, write_whole
from registry.platform.migrations import alone
from seed.demonstration import NotADemonstration
from seed.play import ACCOUNTS

_LABEL = "演示"
_PASSWORD = re.compile(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}")
_TOKEN = re.compile(re.escape(TOKEN_PREFIX) + r"[A-Za-z0-9_-]{43}")
_LARGEST = 100_000  # bytes of the file
_AT_ONCE = 4  # hashes at a time; each takes 64 MB


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the demonstration with its secrets."""

    name: str
    password: str
    role: Role
    region: str
    token: str


def furnish(url: str, path: Path) -> list[Account]:
    """Give every account of a demonstration its password and token, and keep them in a file.

    An account that the file's password and token still open is left as it is; so is one that was closed.

    Raises:
        NotADemonstration: the database is not marked as one; nothing is changed.
        FileUnwritable: the file cannot be written; the next start sets the passwords anew.
    """
    engine = connect(url)
    try:
        with alone(engine):
            accounts = _set(engine, _wanted(_kept(path)))
            make_folder(path.parent)
            rows = [asdict(account) for account in accounts]
            write_whole(path, json.dumps(rows, ensure_ascii=False, indent=2).encode() + b"\n", mode=0o600)
            return accounts
    finally:
        engine.dispose()


def _wanted(kept: dict[str, tuple[str, str]]) -> list[Account]:
    """Return every account with its kept secrets, or new ones."""
    accounts = []
    for name, role, region in ACCOUNTS:
        password, token = kept.get(name, ("", ""))
        if not (_PASSWORD.fullmatch(password) and _TOKEN.fullmatch(token)):
            password = new_password()
            token = _new_token()
        accounts.append(Account(name, password, role, region, token))
    return accounts


def _new_token() -> str:
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def _kept(path: Path) -> dict[str, tuple[str, str]]:
    """Return password and token by name from a file that nobody else could read; else nothing."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode) or state.st_mode & 0o077 or state.st_size > _LARGEST:
            return {}
        rows = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    named = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {str(row.get("name")): (str(row.get("password")), str(row.get("token"))) for row in named}


def _set(engine: Engine, accounts: Sequence[Account]) -> list[Account]:
    """Set what does not open its account yet, hashed before and written together; return what stands now."""
    with reader(engine) as session:
        _refuse_others(engine, session)
        accounts = [_with_usable_token(session, account) for account in accounts]
        named = (user_named(session, account.name) for account in accounts)
        users = {user.name: user for user in named if user is not None and user.active}
        without_token = {account.name for account in accounts if not _opens(session, account)}
    open_ones = [one for one in accounts if one.name in users]
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        hashes = list(threads.map(lambda one: _new_hash(one, users[one.name].password_hash), open_ones))
    with transaction(engine) as session:
        _refuse_others(engine, session)
        for account, hashed in zip(open_ones, hashes, strict=True):
            if hashed is not None:
                set_password(session, SYSTEM, account.name, hashed)
            if account.name in without_token:
                make_token(session, SYSTEM, account.name, _LABEL, secret=account.token)
    return list(accounts)


def _with_usable_token(session: Session, account: Account) -> Account:
    """Return the account with another token where its own has been ended: one that has ended stays so."""
    if token_known(session, account.token) and not _opens(session, account):
        return replace(account, token=_new_token())
    return account


def _refuse_others(engine: Engine, session: Session) -> None:
    if not is_demonstration(session):
        raise NotADemonstration(database=engine.url.render_as_string(hide_password=True))


def _opens(session: Session, account: Account) -> bool:
    who = token_holder(session, account.token)
    return who is not None and who.actor.name == account.name


def _new_hash(account: Account, stored: str | None) -> str | None:
    if stored and password_fits(account.password, stored):
        return None
    return password_hash(account.password, account.name)
