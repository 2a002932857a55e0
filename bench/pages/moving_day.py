"""`python -m bench.pages.moving_day`: what a whole day of races on one page costs the device while prices move.

Forty races of twelve runners and five bookmakers, ten of which move once a second. Exit code 1 where the page's main
thread takes more than a twentieth of a core.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from bench.compression.table import show
from tests.browser.every_page import DESK, PHONE, visitor
from tests.browser.moving_day import A_DAY, Cost, cost_of, declare_day, moving_prices
from tests.browser.shots import empty_database
from tests.conftest import CHROMIUM_ARGUMENTS
from tests.support.servers import RunningServer

WATCHED_S = 30
MOST_PERCENT = 5
HEAD = ("width", "main thread, %", "script, %", "layout, %", "style, %", "all of the browser, %", "moves a second")


def main() -> int:
    """Measure and print; return the exit code."""
    with tempfile.TemporaryDirectory() as folder, RunningServer(empty_database(Path(folder)), Path(folder)) as server:
        declare_day(server)
        with sync_playwright() as playwright, moving_prices(server):
            costs = {size["width"]: _cost(playwright, server, size) for size in (PHONE, DESK)}
    rows = [[str(width), *(f"{value:.2f}" for value in cost)] for width, cost in costs.items()]
    show(f"{A_DAY} races for {WATCHED_S} s, in % of one core", HEAD, rows)
    return 0 if all(cost.main < MOST_PERCENT for cost in costs.values()) else 1


def _cost(playwright: Playwright, server: RunningServer, size: dict[str, int]) -> Cost:
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS)
    with visitor(browser, server, "nobody", viewport=size) as page:
        page.goto(server.url)
        page.locator("[data-freshness-badge]").get_by_text("Live").wait_for()
        cost = cost_of(page, WATCHED_S)
    browser.close()
    return cost


if __name__ == "__main__":
    sys.exit(main())
