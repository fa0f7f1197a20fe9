"""`make screenshots`: every page of the desk as a picture, at desk and at phone width, whole length."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.desk import open_desk
from tests.browser.pages import PAGES
from tests.browser.people import DESK, PHONE, People
from tests.databases import Database, test_run


def main(target: Path) -> None:
    """Write the pictures into a folder, which is emptied first."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with test_run() as folder:
        os.environ["REGISTRY_FILES_DIR"] = str(folder / "files")  # never the kept files of a real book
        _shoot(Database("sqlite", folder), folder, target)
    sys.stdout.write(f"{2 * len(PAGES)} pictures in {target}\n")


def _shoot(database: Database, folder: Path, target: Path) -> None:
    with open_desk(database, folder, "--no-worker") as desk, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for number, one in enumerate(PAGES):
            for name, size in (("desk", DESK), ("phone", PHONE)):
                with People(browser, desk) as people:
                    page = people.sit(one.who, size, expect=(one.status,))
                    page.goto(one.address.format_map(desk.book.ids))
                    page.screenshot(path=target / f"{number:02}-{one.name}-{name}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
