"""The `registry` command, run whole: words in, exit code and both streams out."""

import json
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select

from registry import cli
from registry.cli import common
from registry.platform.db import connect
from registry.schema import metadata
from registry.settings import settings


@dataclass(frozen=True)
class Told:
    """What one run of the command told."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """What it printed as JSON."""
        assert self.code in (0, 1), self.err
        assert self.err == ""
        return json.loads(self.out)

    @property
    def problem(self) -> dict[str, Any]:
        """The one problem object it left on stderr, with nothing on stdout."""
        assert self.code, self.out
        assert self.out == ""
        assert self.err.count("\n") == 1
        found: dict[str, Any] = json.loads(self.err)
        assert set(found) == {"type", "title", "status", "code", "detail", "errors"}
        assert all(set(error) == {"field", "value", "rule", "accepted"} for error in found["errors"])
        assert found["type"] == f"urn:registry:{found['code']}"
        assert found["code"] != "unexpected", found["detail"]
        return found


Shell = Callable[..., Told]


def forget() -> None:
    """Forget the settings and the engine, as a new process would."""
    common.forget_engine()
    settings.cache_clear()


@pytest.fixture
def shell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path_factory: Any
) -> Iterator[Shell]:
    """Give a way to run the command; `url` and other settings stay for the runs that follow."""
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setenv("REGISTRY_FILES_DIR", str(tmp_path_factory.mktemp("files")))  # not where tests look

    def run(*words: object, url: str = "", **given: str) -> Told:
        for name, value in (given | ({"database_url": url} if url else {})).items():
            monkeypatch.setenv(f"REGISTRY_{name.upper()}", value)
        monkeypatch.setattr(sys, "argv", ["registry", *map(str, words)])
        forget()
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        assert "Traceback" not in told.out + told.err
        return Told(int(ended.value.code or 0), told.out, told.err)

    yield run
    forget()
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def demo(shell: Shell, demonstration_url: str) -> Shell:
    """Give the command on a copy of the demonstration of the test's own."""
    return lambda *words, **given: shell(*words, **({"url": demonstration_url} | given))


@pytest.fixture(scope="module")
def shown_url(database: Any) -> Iterator[str]:
    """Give a copy of the demonstration that the tests of one file only look at."""
    url: str = database.demonstration()
    yield url
    database.drop(url)


def rows(url: str) -> dict[str, int]:
    """Return how many rows each table of a database has."""
    engine = connect(url)
    with engine.connect().execution_options(readonly=True) as connection:
        found = {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }
    engine.dispose()
    return found


@pytest.fixture
def unchanged(shown: Shell, shown_url: str) -> Iterator[Shell]:
    """Give the command, and prove afterwards that the book has no row more or less."""
    before = rows(shown_url)
    yield shown
    assert rows(shown_url) == before


@pytest.fixture
def shown(shell: Shell, shown_url: str) -> Shell:
    """Give the command on a demonstration that nobody changes."""
    return lambda *words, **given: shell(*words, **({"url": shown_url} | given))
