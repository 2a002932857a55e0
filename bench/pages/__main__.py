"""`python -m bench.pages [NAME ...]`: opens each kind of page on a slow phone, and prints how long that took.

Each is opened several times by a browser that has never been here; the medians are shown. Exit code 1 where the first
paint takes longer than a second, something jumps, or a page is too heavy.
"""

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.compression.table import show
from bench.pages.slow_phone import Opening, opening
from tests.browser.every_page import EVERY_PAGE, PHONE, SitePage, visitor
from tests.browser.shots import empty_database
from tests.browser.stock import Stock, stock
from tests.conftest import CHROMIUM_ARGUMENTS
from tests.support.servers import RunningServer

TIMES = 5
KINDS = (
    "next-races", "meetings", "meeting", "race", "race-over", "results", "non-runners", "movers", "search-found",
    "horse", "news", "article", "settings", "mine", "race-signed-in", "notifications",
)  # fmt: skip
FIRST_MS, SHIFT, BYTES = 1000, 0.02, 120_000


def main(names: list[str]) -> int:
    """Measure and print; return the exit code."""
    with tempfile.TemporaryDirectory() as folder, RunningServer(empty_database(Path(folder)), Path(folder)) as server:
        stocked = stock(server)
        with sync_playwright() as playwright:
            path = shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
            pages = [each for each in EVERY_PAGE if each.name in (names or KINDS)]
            measured = {each.name: _median(browser, server, each, stocked) for each in pages}
            browser.close()
    head = ["page", "first paint, ms", "largest, ms", "blocked, ms", "shift", "kB", "answers"]
    show(f"a slow phone, medians of {TIMES}", head, [_row(name, one) for name, one in measured.items()])
    return 0 if all(_is_well(one) for one in measured.values()) else 1


def _median(browser: Browser, server: RunningServer, each: SitePage, stocked: Stock) -> Opening:
    openings = []
    for _ in range(TIMES):
        with visitor(browser, server, each.who, viewport=PHONE) as page:
            openings.append(opening(page, f"{server.url}{each.address(stocked)}"))
    return Opening(*(statistics.median(values) for values in zip(*openings, strict=True)))


def _row(name: str, one: Opening) -> list[object]:
    times = [f"{ms:,.0f}" for ms in (one.first, one.largest, one.blocked)]
    return [name, *times, f"{one.shift:.3f}", f"{one.bytes / 1000:.1f}", f"{one.answers:.0f}"]


def _is_well(one: Opening) -> bool:
    return one.first <= FIRST_MS and one.shift <= SHIFT and one.bytes <= BYTES


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
