"""Photographs every page, at a phone's and a desk's width, light and dark.

`python -m tests.browser.shots FOLDER [NAME ...]` writes FOLDER/NAME-WIDTH-THEME.png; with names (of every_page.py)
only those pages.
"""

import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Any, get_args

import flask_migrate
from playwright.sync_api import sync_playwright

from app import create_app
from tests.browser.every_page import DESK, EVERY_PAGE, PHONE, Who, visitor
from tests.browser.stock import stock
from tests.conftest import CHROMIUM_ARGUMENTS
from tests.support.servers import RunningServer

SETTLES_WITHIN_MS = 5000


def main(folder: Path, names: list[str]) -> None:
    """Take the photographs; print each file's name."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = [page for page in EVERY_PAGE if not names or page.name in names]
    with (
        tempfile.TemporaryDirectory() as instance,
        RunningServer(empty_database(Path(instance)), Path(instance)) as server,
    ):
        stocked = stock(server)
        with sync_playwright() as playwright:
            chromium = playwright.chromium
            browser = chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS)
            for size, theme, who in product((PHONE, DESK), ("light", "dark"), get_args(Who)):
                with visitor(browser, server, who, viewport=size, color_scheme=theme) as page:
                    for each in (one for one in pages if one.who == who):
                        file = folder / f"{each.name}-{size['width']}-{theme}.png"
                        _photograph(page, f"{server.url}{each.address(stocked)}", file)
            browser.close()


def empty_database(folder: Path) -> str:
    """Return the address of a migrated database in the folder, with nothing in it."""
    url = f"sqlite:///{folder / 'racing.db'}"
    app = create_app(database_url=url, instance_path=folder)
    with app.app_context():
        flask_migrate.upgrade()
    return url


def _photograph(page: Any, address: str, file: Path) -> None:
    answer = page.goto(address)
    badge = page.locator("[data-freshness-badge]").first
    if badge.count():
        badge.get_by_text("Live").wait_for(timeout=SETTLES_WITHIN_MS)
    page.screenshot(path=file, full_page=True)
    print(answer.status, file)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
