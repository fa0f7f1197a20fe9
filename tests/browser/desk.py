"""A served registry with everybody's passwords: what people sit down at."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from httpx2 import Client
from sqlalchemy import Engine

from registry.platform.db import connect
from tests.browser.server import served
from tests.databases import Database
from tests.furnished import Furnished, furnished
from tests.signing_in import sign_in


@dataclass
class Desk:
    """Where it is served, on which database, and who may sign in with which password."""

    address: str
    book: Furnished
    _cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    @cached_property
    def engine(self) -> Engine:
        """The database behind the desk, for tests that look into the book."""
        return connect(self.book.url)

    @property
    def passwords(self) -> dict[str, str]:
        """Everybody's password."""
        return self.book.passwords

    def client(self, name: str | None = None) -> Client:
        """Return a client without browser, signed in under a name when one is given; close it."""
        return Client(base_url=self.address, cookies=self.cookies(name) if name else None, timeout=60)

    def cookies(self, name: str) -> dict[str, str]:
        """Return the cookies of a sign-in of that name, opened once."""
        if name not in self._cookies:
            with Client(base_url=self.address, timeout=60) as client:
                answer = sign_in(client, name, self.passwords[name])
                assert answer.status_code == 303, answer.text
                self._cookies[name] = dict(client.cookies)
        return self._cookies[name]

    def forget(self, name: str) -> None:
        """Open a new sign-in next time, since somebody has ended the one of that name."""
        self._cookies.pop(name, None)

    def close(self) -> None:
        """Let go of the database, if anybody looked into it."""
        if "engine" in self.__dict__:
            self.engine.dispose()


@contextmanager
def open_desk(database: Database, folder: Path, *options: str) -> Iterator[Desk]:
    """Serve a copy of the furnished demonstration until the end."""
    book = furnished(database)
    with served(book.url, folder, *options) as address:
        desk = Desk(address, book)
        yield desk
        desk.close()
    database.drop(book.url)
