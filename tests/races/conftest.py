"""What only PostgreSQL can show: a server on which writers really wait for each other."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, event

from registry.platform.db import connect
from tests.conftest import FOLDER
from tests.databases import Database


@pytest.fixture
def server(pytestconfig: pytest.Config) -> Iterator[Engine]:
    """Give an engine on a migrated PostgreSQL database whose writers lose patience after two seconds."""
    database = Database("postgresql", pytestconfig.stash[FOLDER])
    url = database.create()
    engine = connect(url)
    event.listen(engine, "connect", _be_impatient)
    yield engine
    engine.dispose()
    database.drop(url)


def _be_impatient(connection, _record) -> None:
    # a deadlock is found after one second: that must come first
    connection.execute("SET lock_timeout = '2s'")
    connection.commit()
