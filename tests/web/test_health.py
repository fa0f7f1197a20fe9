"""What a watchman asks: does the process live, and can it do its work?"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from starlette.testclient import TestClient

from registry.app import create_app
from registry.settings import Settings

WAITING = 40  # as many as the server has threads


def test_healthz_answers_while_every_place_is_taken(client, monkeypatch):
    release, began = threading.Event(), threading.Semaphore(0)

    def stuck(*_: object) -> int:
        began.release()
        assert release.wait(30)
        return 2025

    monkeypatch.setattr("registry.web.overview.newest_year", stuck)
    with ThreadPoolExecutor(WAITING) as visitors:
        pages = [visitors.submit(client.get, "/") for _ in range(WAITING)]
        assert began.acquire(timeout=30)
        start = time.monotonic()
        assert client.get("/healthz").json() == {"status": "alive"}
        assert client.get("/readyz").status_code == 200
        waited = time.monotonic() - start
        release.set()
        assert {page.result().status_code for page in pages} == {200}
    assert waited < 5


def test_ready_names_everything_that_it_looked_at(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    told = answer.json()
    assert "registry worker" in told["checks"].pop("worker")  # told, and no reason not to serve
    assert told == {
        "status": "ready",
        "checks": {"database": "ok", "migrations": "ok", "fonts": "ok", "font_subsetter": "ok"},
        "missing": [],
    }


def test_not_ready_names_what_is_missing(database, tmp_path, monkeypatch):
    monkeypatch.setattr("registry.web.health.SUBSETTER", "libnothing.so.0")
    url = database.empty()
    settings = Settings(database_url=url, fonts_dir=Path(tmp_path))
    with TestClient(create_app(settings)) as client:
        answer = client.get("/readyz")
        assert client.get("/healthz").status_code == 200
    database.drop(url)
    assert answer.status_code == 503
    told = answer.json()
    assert told["missing"] == ["font_subsetter", "fonts", "migrations"]
    assert told["checks"]["database"] == "ok"
    assert "registry init" in told["checks"]["migrations"]
    assert "NotoSerifSC-Bold.ttf" in told["checks"]["fonts"]
    assert "libharfbuzz-subset0" in told["checks"]["font_subsetter"]


def test_a_database_that_is_gone_is_named():
    url = "postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=2"
    with TestClient(create_app(Settings(database_url=url))) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert {"database", "migrations"} <= set(answer.json()["missing"])
