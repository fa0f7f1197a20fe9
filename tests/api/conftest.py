"""Programs with tokens in front of the API, on copies of one small book."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, make_url
from starlette.testclient import TestClient

from registry.app import create_app
from registry.kernel.vocabulary import Role
from registry.platform.db import connect
from registry.request import attach
from registry.settings import Settings
from tests.api.calling import Caller
from tests.databases import Database
from tests.factories import CITY, COUNTY
from tests.web import book
from tests.web.signing import token

OTHER = "500101"
PEOPLE = {
    "jingban": (Role.clerk, COUNTY),
    "shenhe": (Role.reviewer, COUNTY),
    "shenpi": (Role.approver, COUNTY),
    "jiancha": (Role.inspector, COUNTY),
    "guanli": (Role.administrator, COUNTY),
    "shenji": (Role.auditor, COUNTY),
    "shiju": (Role.municipal, CITY),
    "linxian": (Role.clerk, OTHER),
}


@pytest.fixture(scope="session")
def shelf(database: Database) -> Iterator[str]:
    """Give the name of a database that holds the small book and its people; nobody writes to it."""
    url = database.create()
    engine = connect(url)
    book.enter(engine)
    for name, (role, region) in PEOPLE.items():
        token(engine, name, role, region)
    engine.dispose()
    yield make_url(url).database or ""
    database.drop(url)


@pytest.fixture
def book_url(database: Database, shelf: str) -> Iterator[str]:
    """Give a copy of the book of this test's own."""
    url = database.create(shelf)
    yield url
    database.drop(url)


@pytest.fixture
def engine_of_book(book_url: str) -> Iterator[Engine]:
    """Give an engine on this test's book."""
    engine = connect(book_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """Give the application; a test attaches its own database to it."""
    app = create_app(Settings(database_url="sqlite://"))
    app.state.engine.dispose()
    return app


@pytest.fixture
def client(app: FastAPI, book_url: str) -> Iterator[TestClient]:
    """Give a client without a token."""
    attach(app, connect(book_url))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def caller(client: TestClient) -> Callable[[str], Caller]:
    """Give a function that lets somebody of the book call: `caller("jingban")`; "" has no token."""

    def of(name: str) -> Caller:
        return Caller(client, {"authorization": f"Bearer token-of-{name}"} if name else {})

    return of


@pytest.fixture
def clerk(caller: Callable[[str], Caller]) -> Caller:
    """Give the clerk of the county."""
    return caller("jingban")
