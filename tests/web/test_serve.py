"""`registry serve`: what it refuses, and that it serves."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from urllib.error import URLError

import pytest

from registry.cli import serve
from registry.settings import Settings, announce, settings

PROGRAM = (
    "import sys; from registry.cli.serve import serve; serve('127.0.0.1', int(sys.argv[1]), int(sys.argv[2]))"
)


def given(monkeypatch, **values):
    monkeypatch.setattr(serve, "settings", lambda: Settings(**values))


def test_several_processes_on_sqlite_are_refused(monkeypatch):
    given(monkeypatch, database_url="sqlite:///var/registry.db")
    with pytest.raises(serve.SeveralWorkersOnSqlite):
        serve.check("127.0.0.1", 2)
    given(monkeypatch, database_url="postgresql+psycopg://db/registry")
    serve.check("127.0.0.1", 2)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "registry.example", "127.0.0.1.example"])
def test_the_demonstration_key_serves_only_this_machine(monkeypatch, host):
    given(monkeypatch)
    with pytest.raises(serve.DemonstrationKeyExposed):
        serve.check(host, 1)
    given(monkeypatch, secret_key="a key of our own")
    serve.check(host, 1)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_loopback_is_served_with_any_key(monkeypatch, host):
    given(monkeypatch)
    serve.check(host, 1)


@pytest.fixture
def environment(monkeypatch):
    """Give the environment, put back in the end, and let settings be read anew."""
    monkeypatch.setenv("REGISTRY_PUBLIC_URL", "")
    monkeypatch.delenv("REGISTRY_PUBLIC_URL")
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


def test_links_name_the_port_that_is_served(environment):
    announce("http://127.0.0.1:8123")
    assert (settings().public_url, os.environ["REGISTRY_PUBLIC_URL"]) == ("http://127.0.0.1:8123",) * 2


def test_what_the_installation_names_stays(environment):
    environment.setenv("REGISTRY_PUBLIC_URL", "https://registry.example")
    announce("http://127.0.0.1:8123")
    assert settings().public_url == "https://registry.example"


def test_a_taken_port_is_told_before_anything_starts():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with pytest.raises(serve.PortTaken) as refused:
            serve.listen("127.0.0.1", taken.getsockname()[1])
        assert refused.value.facts["port"] == taken.getsockname()[1]


def test_an_address_that_is_not_ours_is_refused():
    with pytest.raises(serve.AddressUnusable):
        serve.listen("192.0.2.1", 8000)


def test_the_server_answers_without_its_name(fresh_url):
    workers = 1 if fresh_url.startswith("sqlite") else 2
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {"REGISTRY_DATABASE_URL": fresh_url}
    started = subprocess.Popen([sys.executable, "-c", PROGRAM, str(port), str(workers)], env=environment)
    try:
        with _opened(f"http://127.0.0.1:{port}/") as answer:
            assert answer.status == 200
            assert "server" not in answer.headers
            assert "<h1>登录</h1>" in answer.read().decode()
    finally:
        started.terminate()
        started.wait(30)


def _opened(address: str):
    until = time.monotonic() + 60
    while True:
        try:
            return urllib.request.urlopen(address, timeout=30)
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
