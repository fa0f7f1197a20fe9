"""A client in front of the application, on a database of the test's own."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from registry.app import create_app
from registry.settings import Settings


@pytest.fixture
def client(fresh_url: str) -> Iterator[TestClient]:
    """Give a client; an error of the application becomes the page that a visitor would see."""
    app = create_app(Settings(database_url=fresh_url))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
