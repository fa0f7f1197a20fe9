"""A client in front of the application, on a database of the test's own, and somebody signed in at it."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from registry.app import create_app
from registry.kernel.vocabulary import Role
from registry.settings import Settings
from tests.factories import COUNTY
from tests.web.signing import Desk, sign


@pytest.fixture
def client(fresh_url: str) -> Iterator[TestClient]:
    """Give a client at which nobody is signed in; an error becomes the page that a visitor would see."""
    app = create_app(Settings(database_url=fresh_url))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def desk(fresh: Engine, client: TestClient) -> Callable[..., Desk]:
    """Give a function that signs somebody in: `desk("zhang", Role.clerk)`, after the regions are entered."""

    def enter(name: str, role: Role | None = None, region: str = COUNTY) -> Desk:
        return sign(fresh, client, name, role, region)

    return enter
