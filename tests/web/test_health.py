"""What a watchman asks: does the process live, and can it do its work?"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from registry.app import create_app
from registry.kernel.vocabulary import Role
from registry.platform.db import transaction
from registry.settings import Settings
from registry.workflows import overview
from tests.factories import world

WAITING = 40  # as many as the server has threads


def test_healthz_answers_while_every_place_is_taken(fresh, client, desk, monkeypatch):
    release, began = threading.Event(), threading.Semaphore(0)
    with transaction(fresh) as session:
        world(session)
    zhang = desk("zhang", Role.clerk)

    def stuck(*given: Any, **more: Any) -> Any:
        began.release()
        assert release.wait(30)
        return overview.overview(*given, **more)

    monkeypatch.setattr("registry.web.overview.overview", stuck)
    with ThreadPoolExecutor(WAITING) as visitors:
        pages = [visitors.submit(zhang.get, "/") for _ in range(WAITING)]
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
