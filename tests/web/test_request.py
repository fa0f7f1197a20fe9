"""What endpoints may ask for: the answer leaves only after the commit, and writers wait their turn."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select
from starlette.testclient import TestClient

from registry.app import create_app
from registry.platform.facts import InstallationFact, set_fact
from registry.request import Reader, Transaction
from registry.settings import Settings


@pytest.fixture
def app(fresh_url):
    app = create_app(Settings(database_url=fresh_url))

    @app.post("/facts/{name}", status_code=201)
    def write(session: Transaction, name: str) -> str:
        set_fact(session, name, "yes")
        if name == "refused":
            raise ValueError(name)
        return name

    @app.get("/facts")
    def names(session: Reader) -> list[str]:
        return sorted(session.exec(select(InstallationFact.name)).all())

    return app


@pytest.fixture
def visitor(app):
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_what_was_answered_is_committed(visitor):
    assert visitor.post("/facts/one").status_code == 201
    assert visitor.get("/facts").json() == ["one"]


def test_an_error_leaves_nothing_behind(visitor):
    assert visitor.post("/facts/refused").status_code == 500
    assert visitor.get("/facts").json() == []


def test_a_commit_that_fails_is_not_answered_as_done(visitor, monkeypatch):
    def lost(_: Session) -> None:
        raise OperationalError("COMMIT", {}, Exception("connection lost"))

    monkeypatch.setattr("sqlalchemy.orm.session.SessionTransaction.commit", lost)
    answer = visitor.post("/facts/one")
    assert answer.status_code == 503
    assert "没有应答" in answer.text


def test_many_writers_and_readers_all_get_their_turn(visitor):
    start = threading.Barrier(50)

    def write(number):
        start.wait(30)
        return visitor.post(f"/facts/{number}").status_code

    def look(_):
        start.wait(30)
        return visitor.get("/facts").status_code

    with ThreadPoolExecutor(50) as visitors:
        written = [visitors.submit(write, number) for number in range(30)]
        seen = [visitors.submit(look, number) for number in range(20)]
        assert {one.result() for one in written} == {201}
        assert {one.result() for one in seen} == {200}
    assert len(visitor.get("/facts").json()) == 30
