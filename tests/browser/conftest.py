"""Chromium in front of a registry that is really served, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.desk import Desk, open_desk
from tests.browser.people import People
from tests.databases import Database

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
HERE = Path(__file__).parent
OPEN = pytest.StashKey[tuple[ExitStack, Browser]]()


@pytest.fixture
def browser(pytestconfig: pytest.Config) -> Browser:
    """Give this worker's browser, started once."""
    if OPEN not in pytestconfig.stash:
        stack = ExitStack()
        chromium = stack.enter_context(sync_playwright()).chromium
        browser = chromium.launch(executable_path=CHROMIUM, args=QUIET)
        stack.callback(browser.close)
        pytestconfig.stash[OPEN] = stack, browser
        pytestconfig.add_cleanup(lambda: _close(pytestconfig))
    return pytestconfig.stash[OPEN][1]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Close the browser after the last test of this folder: its event loop would be in others' way."""
    yield
    if nextitem is None or HERE not in nextitem.path.parents:
        _close(item.config)


def _close(config: pytest.Config) -> None:
    if OPEN in config.stash:
        stack, _ = config.stash[OPEN]
        del config.stash[OPEN]
        stack.close()


@pytest.fixture(scope="session")
def reading_desk(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give a served registry whose book nobody in the tests changes."""
    with open_desk(database, tmp_path_factory.mktemp("desk"), "--no-worker") as desk:
        yield desk


@pytest.fixture(scope="module")
def desk(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give a served registry of this module's own; each test writes where no other looks."""
    with open_desk(database, tmp_path_factory.mktemp("desk"), "--no-worker") as desk:
        yield desk


@pytest.fixture(scope="module")
def working_desk(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give a served registry of this module's own whose worker does the jobs."""
    with open_desk(database, tmp_path_factory.mktemp("desk")) as desk:
        yield desk


@pytest.fixture
def people(browser: Browser, desk: Desk) -> Iterator[People]:
    """Let people sit down at the desk; at the end nobody's browser may have complained."""
    with People(browser, desk) as people:
        yield people


@pytest.fixture
def readers(browser: Browser, reading_desk: Desk) -> Iterator[People]:
    """Let people read at the desk that nobody changes."""
    with People(browser, reading_desk) as people:
        yield people


@pytest.fixture
def workers(browser: Browser, working_desk: Desk) -> Iterator[People]:
    """Let people sit down at the desk whose worker does the jobs."""
    with People(browser, working_desk) as people:
        yield people
