"""No page weighs more than 120 kB with all that it fetches, however full it is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.every_page import EVERY_PAGE, PHONE, SitePage, visitor
from tests.browser.measures import Network
from tests.browser.stock import BOOKMAKERS, Stock
from tests.support.servers import RunningServer

MOST_BYTES = 120_000
A_DAY, RUNNERS = 40, 12
SHORTEST, LONGER = 3.0, 1.7


@pytest.fixture(scope="module")
def busy_day(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server with forty races to come, each of twelve runners with prices of five bookmakers."""
    folder = tmp_path_factory.mktemp("busy")
    (folder / "racing.db").write_bytes(migrated_sqlite.read_bytes())
    with RunningServer(f"sqlite:///{folder / 'racing.db'}", folder / "instance") as server:
        first_off = datetime.now(UTC) + timedelta(minutes=5)
        for number in range(A_DAY):
            off = first_off + timedelta(minutes=4 * number)
            race = server.declare(
                f"busy-{number}", RUNNERS, course=f"Course {number % 5}", offTime=f"{off:%Y-%m-%dT%H:%M:%SZ}"
            )
            odds = [
                {"runnerId": str(runner), "bookmaker": bookmaker, "price": round(SHORTEST + LONGER * runner, 2)}
                for bookmaker in BOOKMAKERS
                for runner in range(1, RUNNERS + 1)
            ]
            assert server.api("POST", f"/races/{race}/odds", {"odds": odds}).ok
        yield server


def weigh(browser: Browser, server: RunningServer, each: SitePage, address: str) -> Network:
    """Open a page for the first time and read it to its end; return what it fetched until its network was silent."""
    with visitor(browser, server, each.who, viewport=PHONE) as page:
        network = Network(page)
        page.goto(f"{server.url}{address}", wait_until="networkidle")
        for _ in range(page.evaluate("Math.ceil(document.body.scrollHeight / innerHeight)")):
            page.mouse.wheel(0, PHONE["height"])
            page.evaluate("() => new Promise(requestAnimationFrame)")
        if page.locator("[data-chart-drawn]").is_visible():  # a race that nobody priced has nothing to draw
            page.locator("[data-chart] canvas").wait_for()
        page.wait_for_load_state("networkidle")
        print(f"{each.name}: {network.bytes:,} bytes in {len(network.fetched)} answers")
        assert network.fetched, "the browser has counted nothing"
    return network


def test_a_whole_day_of_races_is_light(busy_day: RunningServer, browser: Browser) -> None:
    network = weigh(browser, busy_day, SitePage("forty races", "/"), "/")

    assert network.bytes < MOST_BYTES, network


def test_a_large_race_is_light(stocked: tuple[RunningServer, Stock], browser: Browser) -> None:
    server, stock = stocked
    race = next(each for each in EVERY_PAGE if each.name == "race")

    network = weigh(browser, server, race, race.address(stock))

    assert network.bytes < MOST_BYTES, network


@pytest.mark.soak
@pytest.mark.parametrize("each", EVERY_PAGE, ids=lambda each: each.name)
def test_every_page_is_light(each: SitePage, stocked: tuple[RunningServer, Stock], browser: Browser) -> None:
    server, stock = stocked

    network = weigh(browser, server, each, each.address(stock))

    assert network.bytes < MOST_BYTES, network
